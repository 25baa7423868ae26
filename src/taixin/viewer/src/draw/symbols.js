/**
 * From a symbol record of kinds.toml to SVG passes. Map, swatch and legend all draw what this module says, so the
 * legend cannot drift from the map.
 *
 * @typedef {{ name: string, attrs: Record<string, any>, dash?: string | null, soft?: number, hatch?: string, inside?: boolean }} Pass
 *   inside: clipped to the feature's own area
 */

const SCHEMATIC = new Set(["schematic", "area_symbol"]);

/** Drawn visibly uncertain: a schematic course, or more than 2 km of possible error. */
export const isUncertain = (props) => SCHEMATIC.has(props.basis) || (props.accuracy_m || 0) >= 2000;

const numbers = (list) => (list && list.length ? list.join(" ") : null);

/** @returns {Pass[]} */
function polygonPasses(s, uncertain) {
  const width = s.width ?? 1;
  const passes = [];
  if (s.fill && s.fill_opacity !== 0) {
    passes.push({
      name: "body",
      soft: s.soft || 0,
      attrs: { fill: s.fill, "fill-opacity": s.fill_opacity ?? 0.4, stroke: "none" },
    });
  }
  if (s.hatch && s.hatch !== "none") {
    passes.push({ name: "hatch", soft: s.soft || 0, hatch: s.hatch, attrs: { stroke: "none" } });
  }
  if (s.casing) {
    // Twice the width: the outer half is clipped away, as the tinted edge of a hand-coloured map.
    const band = 2 * (s.casing_width ?? 2) + width;
    passes.push({ name: "band", inside: true, attrs: { fill: "none", stroke: s.casing, "stroke-width": band, "stroke-opacity": 0.6 } });
  }
  if (s.stroke && width > 0) {
    const dash = numbers(s.dash) || (uncertain ? "7 4" : null);
    passes.push({
      name: "outline",
      dash,
      attrs: { fill: "none", stroke: s.stroke, "stroke-width": width, "stroke-opacity": s.opacity ?? 1 },
    });
  }
  return passes;
}

/** @returns {Pass[]} */
function linePasses(s, uncertain) {
  const width = s.width ?? 2;
  const passes = [];
  if (s.casing && s.casing_width) {
    const attrs = { fill: "none", stroke: s.casing, "stroke-width": width + 2 * s.casing_width };
    passes.push({ name: "casing", attrs });
  }
  // Gaps scale with the width, so a broad axis still reads as one broken line.
  const own = numbers(s.dash);
  const dash = own || (uncertain ? `${(width * 2.6 + 4).toFixed(1)} ${(width * 0.8 + 2).toFixed(1)}` : null);
  // A broken line keeps a pale body, so that its course can be followed through the gaps.
  if (dash && !own && width >= 3) {
    const attrs = { fill: "none", stroke: s.stroke, "stroke-width": width, "stroke-opacity": 0.38, "stroke-linecap": "round" };
    passes.push({ name: "under", attrs });
  }
  passes.push({
    name: "line",
    dash,
    attrs: {
      fill: "none",
      stroke: s.stroke || s.fill || "#555555",
      "stroke-width": width,
      "stroke-opacity": s.opacity ?? 1,
      "stroke-linecap": dash ? "butt" : "round",
    },
  });
  return passes;
}

/** @returns {Pass[]} */
function pointPasses(s, uncertain) {
  const passes = [];
  const hue = s.fill && s.fill.toLowerCase() !== "#ffffff" ? s.fill : s.stroke || "#555555";
  if (uncertain) {
    passes.push({
      name: "halo",
      dash: "4 4",
      attrs: { fill: hue, "fill-opacity": 0.09, stroke: hue, "stroke-width": 1, "stroke-opacity": 0.55 },
    });
  }
  const ring = s.marker === "ring";
  passes.push({
    name: "marker",
    attrs: {
      fill: ring ? "none" : s.fill || hue,
      stroke: s.stroke || "#ffffff",
      "stroke-width": s.width ?? 1.5,
      opacity: s.opacity ?? 1,
    },
  });
  return passes;
}

const BY_TYPE = { polygon: polygonPasses, line: linePasses, point: pointPasses };

/**
 * @param {Record<string, any>} symbol @param {"polygon" | "line" | "point"} type @param {boolean} uncertain
 * @returns {Pass[]}
 */
export const passesOf = (symbol, type, uncertain) =>
  BY_TYPE[type](symbol, uncertain).map((pass) => ({
    ...pass,
    attrs: { "stroke-linejoin": "round", ...pass.attrs },
  }));

const polygonPath = (n, r, turn) => {
  let d = "";
  for (let i = 0; i < n; i++) {
    const a = turn + (i * 2 * Math.PI) / n;
    d += `${i ? "L" : "M"}${(r * Math.cos(a)).toFixed(2)} ${(r * Math.sin(a)).toFixed(2)}`;
  }
  return `${d}Z`;
};

const circlePath = (r) => `M${-r} 0A${r} ${r} 0 1 0 ${r} 0A${r} ${r} 0 1 0 ${-r} 0Z`;

function starPath(r) {
  let d = "";
  for (let i = 0; i < 10; i++) {
    const a = -Math.PI / 2 + (i * Math.PI) / 5;
    const q = i % 2 ? r * 0.42 : r;
    d += `${i ? "L" : "M"}${(q * Math.cos(a)).toFixed(2)} ${(q * Math.sin(a)).toFixed(2)}`;
  }
  return `${d}Z`;
}

const MARKERS = {
  circle: circlePath,
  ring: circlePath,
  square: (r) => polygonPath(4, r * 1.2, Math.PI / 4),
  diamond: (r) => polygonPath(4, r * 1.15, 0),
  triangle: (r) => polygonPath(3, r * 1.2, -Math.PI / 2),
  hexagon: (r) => polygonPath(6, r * 1.05, 0),
  star: (r) => starPath(r * 1.1),
};

/** Path data of a point marker around 0, 0. @param {string} marker @param {number} size px across */
export const markerPath = (marker, size) => (MARKERS[marker] || circlePath)(size / 2);
