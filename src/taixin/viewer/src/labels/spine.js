/**
 * The middle line of a long body such as a mountain range, for a name that runs through it. The two points of the
 * outline farthest from each other are its ends; the halves of the outline between them are walked in step.
 */
import { bboxOf, ringArea2 } from "../geometry.js";

const SAMPLES = 96;
const cache = new WeakMap();

/** Points at equal steps along a closed ring. */
function resample(ring) {
  const lengths = [0];
  for (let i = 2; i < ring.length; i += 2) {
    lengths.push(lengths[lengths.length - 1] + Math.hypot(ring[i] - ring[i - 2], ring[i + 1] - ring[i - 1]));
  }
  const total = lengths[lengths.length - 1];
  const out = [];
  let k = 1;
  for (let n = 0; n < SAMPLES; n++) {
    const s = (n * total) / SAMPLES;
    while (k < lengths.length - 1 && lengths[k] < s) k++;
    const t = (s - lengths[k - 1]) / (lengths[k] - lengths[k - 1] || 1);
    const i = 2 * k;
    out.push([ring[i - 2] + t * (ring[i] - ring[i - 2]), ring[i - 1] + t * (ring[i + 1] - ring[i - 1])]);
  }
  return out;
}

function farthestPair(points) {
  let best = [0, 0, -1];
  for (let i = 0; i < points.length; i++) {
    for (let j = i + 1; j < points.length; j++) {
      const d = (points[i][0] - points[j][0]) ** 2 + (points[i][1] - points[j][1]) ** 2;
      if (d > best[2]) best = [i, j, d];
    }
  }
  return best;
}

/** A chain of points brought to `n` points at equal index steps. */
const inStep = (chain, n) =>
  Array.from({ length: n }, (_, i) => chain[Math.round((i * (chain.length - 1)) / (n - 1))]);

/** The two halves run unevenly round bends, so their middle wavers; a moving mean calms it. */
function smooth(points) {
  const reach = 4;
  return points.map((_, k) => {
    const near = points.slice(Math.max(0, k - reach), k + reach + 1);
    return [0, 1].map((axis) => near.reduce((sum, point) => sum + point[axis], 0) / near.length);
  });
}

/** @param {import("../geometry.js").Shape} shape polygon @returns {import("../geometry.js").Shape} line */
export function spineOf(shape) {
  const known = cache.get(shape);
  if (known) return known;
  const largest = shape.parts.reduce((a, b) => (Math.abs(ringArea2(b[0])) > Math.abs(ringArea2(a[0])) ? b : a));
  const points = resample(largest[0]);
  const [i, j] = farthestPair(points);
  const there = points.slice(i, j + 1);
  const back = [...points.slice(j), ...points.slice(0, i + 1)].reverse();
  const n = Math.max(there.length, back.length);
  const [a, b] = [inStep(there, n), inStep(back, n)];
  const middle = a.map(([x, y], k) => [(x + b[k][0]) / 2, (y + b[k][1]) / 2]);
  const line = Float64Array.from(smooth(middle).flat());
  const parts = [[line]];
  const spine = { type: /** @type {const} */ ("line"), parts, bbox: bboxOf(parts) };
  cache.set(shape, spine);
  return spine;
}
