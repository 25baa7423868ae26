/** Patterns and filters of sheets and swatches; made once per colour and put into an SVG's <defs>. */
import { svg } from "../dom.js";
import { hatchOf } from "./hatch.js";

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

function hatchPattern(id, { width, height, d, stroke }, colour) {
  const ink = stroke ? { stroke: colour, "stroke-width": stroke, "stroke-linecap": "round", fill: "none" } : { fill: colour };
  return svg("pattern", { id, width, height, patternUnits: "userSpaceOnUse" }, svg("path", { d, ...ink }));
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
      if (!document.getElementById(id)) defs.appendChild(hatchPattern(id, hatchOf(kind, relief), colour));
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
