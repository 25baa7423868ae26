/** Patterns and filters that several drawings share; made once per colour and put into an SVG's <defs>. */
import { svg } from "../dom.js";

const HATCHES = {
  diagonal: (colour) => [svg("path", { d: "M-2 2L2 -2M0 9L9 0M7 11L11 7", stroke: colour, "stroke-width": 1, fill: "none" })],
  dots: (colour) => [svg("circle", { cx: 2.2, cy: 2.2, r: 1, fill: colour }), svg("circle", { cx: 6.7, cy: 6.7, r: 1, fill: colour })],
};

// Mountain bodies are hachured: short strokes that fall away from the light, as in hand-drawn relief.
// Uneven on purpose: a regular grid would read as forest.
const PEAKS = [
  [5, 9, 1], [22, 6, 0.8], [39, 11, 1.15], [14, 21, 1.2], [31, 24, 0.85], [47, 22, 0.9], [4, 34, 0.85], [21, 37, 1.1], [39, 38, 1],
];
const peak = ([x, y, s]) =>
  `M${x - 4 * s} ${y}Q${x - 1.6 * s} ${y - 2.4 * s} ${x} ${y - 6 * s}Q${x + 1.8 * s} ${y - 2.2 * s} ${x + 4.4 * s} ${y}` +
  `M${x + 0.5 * s} ${y - 4.6 * s}L${x + 1.4 * s} ${y - 0.6 * s}M${x + 1.6 * s} ${y - 2.8 * s}L${x + 2.8 * s} ${y}`;
const HACHURE = PEAKS.map(peak).join("");

/**
 * One hidden SVG holds everything that is referred to by id: an id inside a closed panel would resolve to a part of
 * the page that is not rendered, and its pattern would stay empty.
 */
let shared = null;
function sharedDefs() {
  if (!shared) {
    shared = svg("defs");
    document.body.appendChild(svg("svg", { class: "tx-defs", width: 0, height: 0, "aria-hidden": "true" }, shared));
  }
  return shared;
}

function hatchPattern(id, kind, colour, relief) {
  const look = relief
    ? svg("path", { d: HACHURE, stroke: colour, "stroke-width": 0.8, "stroke-linecap": "round", fill: "none" })
    : (HATCHES[kind] || HATCHES.diagonal)(colour);
  return svg("pattern", { id, width: relief ? 52 : 9, height: relief ? 42 : 9, patternUnits: "userSpaceOnUse" }, look);
}

/** A body whose rim fades. One blur and no lighting: that alone took half of every frame without a graphics card. */
function softFilter(id, px) {
  const blur = svg("feGaussianBlur", { stdDeviation: px });
  const area = { x: "-10%", y: "-10%", width: "120%", height: "120%" };
  const filter = svg("filter", { id, ...area, "color-interpolation-filters": "sRGB" }, blur);
  return { filter, tune: (factor) => blur.setAttribute("stdDeviation", (px * factor).toFixed(2)) };
}

/** @param {string} scope who draws: filters are tuned per drawing, patterns are shared by all */
export function createPaint(scope) {
  const defs = sharedDefs();
  /** @type {Map<string, (factor: number) => void>} */
  const filters = new Map();
  return {
    defs,
    hatch(kind, colour, relief) {
      const id = `taixin-${relief ? "relief" : kind}-${colour.replace(/\W/g, "")}`;
      if (!document.getElementById(id)) defs.appendChild(hatchPattern(id, kind, colour, relief));
      return `url(#${id})`;
    },
    soft(px) {
      const id = `taixin-soft-${scope}-${px.toFixed(1).replace(".", "-")}`;
      if (!document.getElementById(id)) {
        const { filter, tune } = softFilter(id, px);
        defs.appendChild(filter);
        filters.set(id, tune);
      }
      return `url(#${id})`;
    },
    /** Small scales have narrow bodies: there the rim fades over fewer pixels, or nothing would be left. */
    tune(zoom) {
      const factor = Math.max(0.3, Math.min(1, 2 ** (zoom - 9)));
      for (const change of filters.values()) change(factor);
    },
  };
}
