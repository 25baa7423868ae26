/** A point well inside a polygon shape: the pole of inaccessibility of its largest part. */
import polylabel from "polylabel";
import { ringArea2 } from "./geometry.js";

const cache = new WeakMap();

const pairs = (ring) => {
  const out = [];
  for (let i = 0; i < ring.length; i += 2) out.push([ring[i], ring[i + 1]]);
  return out;
};

/** @param {import("./geometry.js").Shape} shape @returns {[number, number]} */
export function innerPoint(shape) {
  let found = cache.get(shape);
  if (!found) {
    const largest = shape.parts.reduce((a, b) => (Math.abs(ringArea2(b[0])) > Math.abs(ringArea2(a[0])) ? b : a));
    const span = Math.max(shape.bbox[2] - shape.bbox[0], shape.bbox[3] - shape.bbox[1]);
    const pole = polylabel(largest.map(pairs), span / 100);
    found = [pole[0], pole[1]];
    cache.set(shape, found);
  }
  return found;
}
