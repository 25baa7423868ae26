/** Hatches as strokes and dots of one repeated cell; SVG and canvas make their patterns from the same. */

// Mountain bodies are hachured: short strokes that fall away from the light, as in hand-drawn relief.
// Uneven on purpose: a regular grid would read as forest.
const PEAKS = [
  [5, 9, 1], [22, 6, 0.8], [39, 11, 1.15], [14, 21, 1.2], [31, 24, 0.85], [47, 22, 0.9], [4, 34, 0.85], [21, 37, 1.1], [39, 38, 1],
];
const peak = ([x, y, s]) =>
  `M${x - 4 * s} ${y}Q${x - 1.6 * s} ${y - 2.4 * s} ${x} ${y - 6 * s}Q${x + 1.8 * s} ${y - 2.2 * s} ${x + 4.4 * s} ${y}` +
  `M${x + 0.5 * s} ${y - 4.6 * s}L${x + 1.4 * s} ${y - 0.6 * s}M${x + 1.6 * s} ${y - 2.8 * s}L${x + 2.8 * s} ${y}`;
const dot = (x, y) => `M${x - 1} ${y}A1 1 0 1 0 ${x + 1} ${y}A1 1 0 1 0 ${x - 1} ${y}Z`;

/** @type {Record<string, { width: number, height: number, d: string, stroke?: number }>} stroke: width; filled without */
const HATCHES = {
  diagonal: { width: 9, height: 9, d: "M-2 2L2 -2M0 9L9 0M7 11L11 7", stroke: 1 },
  dots: { width: 9, height: 9, d: dot(2.2, 2.2) + dot(6.7, 6.7) },
  relief: { width: 52, height: 42, d: PEAKS.map(peak).join(""), stroke: 0.8 },
};

/** @param {string} kind of kinds.toml @param {boolean} soft soft bodies are relief */
export const hatchOf = (kind, soft) => (soft ? HATCHES.relief : HATCHES[kind] || HATCHES.diagonal);
