/** Patterns and filters that several drawings share; made once per colour and put into an SVG's <defs>. */
import { svg } from "../dom.js";

const HATCHES = {
  diagonal: (colour) => [svg("path", { d: "M-2 2L2 -2M0 9L9 0M7 11L11 7", stroke: colour, "stroke-width": 1, fill: "none" })],
  dots: (colour) => [svg("circle", { cx: 2.2, cy: 2.2, r: 1, fill: colour }), svg("circle", { cx: 6.7, cy: 6.7, r: 1, fill: colour })],
};

// Mountain bodies are hachured: short strokes that fall away from the light, as in hand-drawn relief.
const HACHURE = "M2 8L4.5 3.5L7 8M12 15L14.5 10.5L17 15M4.5 3.5L5.2 7.6M14.5 10.5L15.2 14.6";

/**
 * @param {SVGElement} defs
 * @returns {{ defs: SVGElement, hatch: (kind: string, colour: string, relief: boolean) => string, soft: (px: number) => string }}
 */
export function createPaint(defs) {
  const once = (id, make) => {
    if (!defs.querySelector(`[id="${id}"]`)) defs.appendChild(make(id));
    return `url(#${id})`;
  };
  return {
    defs,
    hatch(kind, colour, relief) {
      const id = `taixin-${relief ? "relief" : kind}-${colour.replace(/\W/g, "")}`;
      const size = relief ? 20 : 9;
      return once(id, () =>
        svg(
          "pattern",
          { id, width: size, height: size, patternUnits: "userSpaceOnUse" },
          relief
            ? svg("path", { d: HACHURE, stroke: colour, "stroke-width": 0.9, "stroke-linecap": "round", fill: "none" })
            : (HATCHES[kind] || HATCHES.diagonal)(colour),
        ),
      );
    },
    /** A body whose rim fades: blurred, and a little lighter to the north-west like shaded relief. */
    soft(px) {
      const id = `taixin-soft-${String(px).replace(".", "-")}`;
      return once(id, () =>
        svg(
          "filter",
          { id, x: "-10%", y: "-10%", width: "120%", height: "120%", "color-interpolation-filters": "sRGB" },
          svg("feGaussianBlur", { in: "SourceAlpha", stdDeviation: px * 2.2, result: "height" }),
          svg(
            "feDiffuseLighting",
            { in: "height", surfaceScale: px * 1.6, diffuseConstant: 1.12, "lighting-color": "#ffffff", result: "light" },
            svg("feDistantLight", { azimuth: 225, elevation: 58 }),
          ),
          svg("feGaussianBlur", { in: "SourceGraphic", stdDeviation: px, result: "body" }),
          svg("feComposite", { in: "body", in2: "light", operator: "arithmetic", k1: 1, k2: 0, k3: 0, k4: 0, result: "lit" }),
          svg("feComposite", { in: "lit", in2: "body", operator: "in" }),
        ),
      );
    },
  };
}
