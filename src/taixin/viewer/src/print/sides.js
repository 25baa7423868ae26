/** What a sheet shows of a comparison: the frame's parts, each with the layers of its side. */
import { setTitle } from "../compare/sets.js";
import { comparesMaps, sideStore } from "../compare/side-store.js";
import { svg } from "../dom.js";
import { widthOf } from "../labels/text.js";
import { setLines } from "./text.js";

/** A strip narrower than this would show nothing. */
const LEAST = 40;

/**
 * @param {any} page @param {{ x: number, y: number, w: number, h: number }} area of the map
 * @returns {Array<{ x: number, w: number, shift: number, store: any, title: string | null }>} one part, or two beside
 *   each other: with the swipe line one map is parted, side by side two maps have one middle
 */
export function partsOf(page, area) {
  const state = page.store.get();
  const { compare, split } = state;
  if (!comparesMaps(state)) return [{ x: area.x, w: area.w, shift: 0, store: page.store, title: null }];
  const swipe = compare.mode === "swipe";
  const first = area.w * (swipe ? split : 0.5);
  return ["a", "b"]
    .map((side) => {
      const [from, w] = side === "a" ? [0, first] : [first, area.w - first];
      const shift = swipe ? from + w / 2 - area.w / 2 : 0;
      return { x: area.x + from, w, shift, store: sideStore(page, side), title: setTitle(page, compare[side]) };
    })
    .filter(({ w }) => w > LEAST);
}

/** Names of the parts at their upper edge, and the line between them. */
export function partMarks(parts, area, k) {
  if (parts.every(({ title }) => title === null)) return [];
  const size = 11.5 * k;
  const names = parts.flatMap(({ x, w, title }) => {
    const wide = widthOf(title, { size, weight: 700, font: "sans" }) + 14 * k;
    const middle = x + w / 2;
    return [
      svg("rect", { x: middle - wide / 2, y: area.y + 5 * k, width: wide, height: size * 1.7, fill: "#fbf7ec", "fill-opacity": 0.92 }),
      setLines([title], { x: middle, y: area.y + 5 * k + size * 0.25, size, weight: 700, anchor: "middle", role: "sheet-side" }),
    ];
  });
  const lines = parts.slice(1).map(({ x }) => svg("line", { x1: x, x2: x, y1: area.y, y2: area.y + area.h, stroke: "#a3321b", "stroke-width": 1.6 }));
  return [...lines, ...names];
}
