/** A legend picture, drawn from the same passes as the map. */
import { attrs, svg } from "../dom.js";
import { createPaint } from "./paint.js";
import { markerPath, passesOf } from "./symbols.js";

const [W, H] = [34, 20];
const CLIP = "taixin-swatch-area";
let paint = null;

/** Patterns for swatches, and the one clip path that all area swatches share. */
function swatchPaint() {
  if (!paint) {
    paint = createPaint("swatch");
    paint.defs.appendChild(svg("clipPath", { id: CLIP }, svg("path", { d: AREA })));
  }
  return paint;
}
const AREA = "M3.5 4.5L12 2.5L23 4L31 3L31.5 12L27 17L15 16L4.5 17.5L2.5 10Z";
const LINE = "M1.5 14C9 4 14 17 21 10S30 6 32.5 5";

/** Keeps a symbol inside its swatch: markers and lines keep their look, not their full size. */
function fitted(symbol, type) {
  if (type === "point") return { ...symbol, size: Math.min(symbol.size || 12, 16) };
  if (type === "line") return { ...symbol, width: Math.min(symbol.width || 2, 6), casing_width: Math.min(symbol.casing_width || 0, 2.5) };
  return { ...symbol, soft: Math.min(symbol.soft || 0, 1.6), casing_width: Math.min(symbol.casing_width || 0, 2.5) };
}

/**
 * @param {Record<string, any>} symbol @param {"polygon" | "line" | "point"} type
 * @param {{ uncertain?: boolean, opacity?: number, className?: string }} [options] className: base map symbols
 */
export function swatch(symbol, type, { uncertain = false, opacity = 1, className } = {}) {
  const root = svg("svg", { class: `swatch ${className || ""}`, width: W, height: H, viewBox: `0 0 ${W} ${H}`, "aria-hidden": "true" });
  const g = svg("g", { opacity });
  const look = fitted(symbol, type);
  swatchPaint();
  for (const pass of passesOf(look, type, uncertain)) {
    if (pass.name === "halo") {
      g.appendChild(attrs(svg("circle", { cx: W / 2, cy: H / 2, r: 9 }), { ...pass.attrs, "stroke-dasharray": "2 2" }));
      continue;
    }
    const node = svg("path", { d: type === "point" ? markerPath(look.marker, look.size) : type === "line" ? LINE : AREA });
    attrs(node, { ...pass.attrs, "stroke-dasharray": pass.dash ?? null });
    if (type === "point") node.setAttribute("transform", `translate(${W / 2} ${H / 2})`);
    if (pass.inside) node.setAttribute("clip-path", `url(#${CLIP})`);
    if (pass.hatch) attrs(node, { fill: swatchPaint().hatch(pass.hatch, look.stroke || look.fill, pass.soft > 0), opacity: pass.soft ? 0.5 : 1 });
    else if (pass.soft) node.setAttribute("filter", swatchPaint().soft(pass.soft));
    g.appendChild(node);
  }
  root.appendChild(g);
  return root;
}

/** Swatch of a base-map symbol, whose colours come from CSS. @param {"line" | "point" | "ring"} shape */
export function baseSwatch(className, shape) {
  const root = svg("svg", { class: "swatch", width: W, height: H, viewBox: `0 0 ${W} ${H}`, "aria-hidden": "true" });
  const g = svg("g", { class: className });
  if (shape === "ring") g.appendChild(svg("circle", { cx: W / 2, cy: H / 2, r: 8 }));
  else if (shape === "point") g.appendChild(svg("circle", { cx: W / 2, cy: H / 2, r: className.includes("city") ? 4.5 : 2.8 }));
  else g.appendChild(svg("path", { d: LINE }));
  root.appendChild(g);
  return root;
}
