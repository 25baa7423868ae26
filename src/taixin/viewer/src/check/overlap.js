/** How much of one shape lies in an area: square metres, ellipsoidal metres, or a number of points. */
import { distanceM } from "../measure/geodesy.js";
import { unproject } from "./albers.js";
import { covers, crossings } from "./planar.js";

/** @param {import("./planar.js").Planar} shape */
export function areaOf({ runs }) {
  const sizes = runs.map((ring) => {
    // Taken from the first corner, so that large coordinates do not eat the small figures.
    const [ox, oy] = [ring[0], ring[1]];
    let sum = 0;
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      sum += (ring[j] - ox) * (ring[i + 1] - oy) - (ring[i] - ox) * (ring[j + 1] - oy);
    }
    return { ring, size: Math.abs(sum) / 2 };
  });
  // A ring inside an odd number of others is a hole; rings of valid areas do not cross.
  return sizes.reduce((total, { ring, size }) => total + (holesAround(ring, runs) % 2 ? -size : size), 0);
}

const around = (ring, x, y) => {
  let inside = false;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    if (ring[i + 1] > y !== ring[j + 1] > y && x < ((ring[j] - ring[i]) * (y - ring[i + 1])) / (ring[j + 1] - ring[i + 1]) + ring[i]) inside = !inside;
  }
  return inside;
};

/** A ring may touch another in a corner, so the middle of an edge is asked for. */
function holesAround(ring, runs) {
  const [x, y] = [(ring[0] + ring[2]) / 2, (ring[1] + ring[3]) / 2];
  return runs.filter((other) => other !== ring && around(other, x, y)).length;
}

function edgesWithin({ runs }, low, high) {
  const edges = [];
  for (const run of runs) {
    for (let i = 0; i + 3 < run.length; i += 2) {
      const up = run[i + 1] <= run[i + 3];
      const [x0, y0, x1, y1] = up ? [run[i], run[i + 1], run[i + 2], run[i + 3]] : [run[i + 2], run[i + 3], run[i], run[i + 1]];
      if (y1 > low && y0 < high && y1 > y0) edges.push({ x0, y0, y1, slope: (x1 - x0) / (y1 - y0), left: Math.min(x0, x1), right: Math.max(x0, x1) });
    }
  }
  return edges.sort((a, b) => a.y0 - b.y0);
}

/** Heights at which an edge of one crosses an edge of the other. */
function crossingHeights(first, second) {
  const heights = [];
  let start = 0;
  const tallest = second.reduce((most, edge) => Math.max(most, edge.y1 - edge.y0), 0);
  for (const a of first) {
    while (start < second.length && second[start].y0 < a.y0 - tallest) start++;
    for (let j = start; j < second.length && second[j].y0 < a.y1; j++) {
      const b = second[j];
      if (b.y1 <= a.y0 || b.left > a.right || b.right < a.left || a.slope === b.slope) continue;
      const y = (b.x0 - a.x0 + a.slope * a.y0 - b.slope * b.y0) / (a.slope - b.slope);
      if (y > Math.max(a.y0, b.y0) && y < Math.min(a.y1, b.y1)) heights.push(y);
    }
  }
  return heights;
}

/** Places where a horizontal line crosses the edges, from west to east. */
function cutAt(active, y) {
  const xs = active.map((edge) => edge.x0 + edge.slope * (y - edge.y0));
  return Float64Array.from(xs).sort();
}

/** Length that two sets of stretches, [in, out, in, out …], have in common. */
function common(a, b) {
  let [i, j, sum] = [0, 0, 0];
  while (i + 1 < a.length && j + 1 < b.length) {
    const length = Math.min(a[i + 1], b[j + 1]) - Math.max(a[i], b[j]);
    if (length > 0) sum += length;
    if (a[i + 1] < b[j + 1]) i += 2;
    else j += 2;
  }
  return sum;
}

/** Edges that a height passes, kept up to date from slab to slab. */
function createSweep(edges) {
  let next = 0;
  let active = [];
  return (y) => {
    while (next < edges.length && edges[next].y0 <= y) active.push(edges[next++]);
    active = active.filter((edge) => edge.y1 > y);
    return cutAt(active, y);
  };
}

/**
 * The area that two areas have in common. Between two heights at which nothing begins, ends or crosses, the common
 * width changes evenly, so its value in the middle times the height is exact. No overlay is built that could fail on
 * shared borders.
 */
export function commonArea(a, b) {
  const low = Math.max(a.bbox[1], b.bbox[1]);
  const high = Math.min(a.bbox[3], b.bbox[3]);
  if (!(high > low) || Math.min(a.bbox[2], b.bbox[2]) <= Math.max(a.bbox[0], b.bbox[0])) return 0;
  const [first, second] = [edgesWithin(a, low, high), edgesWithin(b, low, high)];
  const heights = [low, high, ...crossingHeights(first, second)];
  for (const { y0, y1 } of [...first, ...second]) heights.push(y0, y1);
  const levels = Float64Array.from(heights.filter((y) => y >= low && y <= high)).sort();
  const [cutA, cutB] = [createSweep(first), createSweep(second)];
  let sum = 0;
  for (let i = 1; i < levels.length; i++) {
    const height = levels[i] - levels[i - 1];
    // Skipped slabs lose less than a square millimetre each.
    if (height < 1e-9) continue;
    const middle = (levels[i] + levels[i - 1]) / 2;
    sum += common(cutA(middle), cutB(middle)) * height;
  }
  return sum;
}

/** Ellipsoidal metres of a leg between two places of the plane. */
const legM = (ax, ay, bx, by) => distanceM(unproject(ax, ay), unproject(bx, by));

/** @param {import("./planar.js").Planar} line @returns {number} ellipsoidal metres */
export function lengthOf({ runs }) {
  let sum = 0;
  for (const run of runs) for (let i = 0; i + 3 < run.length; i += 2) sum += legM(run[i], run[i + 1], run[i + 2], run[i + 3]);
  return sum;
}

/** Ellipsoidal metres of a line inside an area. */
export function lengthInside(line, area) {
  let sum = 0;
  for (const run of line.runs) {
    for (let i = 0; i + 3 < run.length; i += 2) {
      const [ax, ay, bx, by] = [run[i], run[i + 1], run[i + 2], run[i + 3]];
      const at = (t) => [ax + t * (bx - ax), ay + t * (by - ay)];
      const stops = [0, ...crossings(area, ax, ay, bx, by).sort((a, b) => a - b), 1];
      for (let k = 1; k < stops.length; k++) {
        if (covers(area, ...at((stops[k] + stops[k - 1]) / 2))) sum += legM(...at(stops[k - 1]), ...at(stops[k]));
      }
    }
  }
  return sum;
}

/** How many of a shape's points lie in an area, its edge included. */
export const pointsInside = (points, area) => points.runs.filter(([x, y]) => covers(area, x, y)).length;

/** Size of a shape as what it is: m², m, or points. */
export const sizeOf = (shape) => [({ runs }) => runs.length, lengthOf, areaOf][shape.dimension](shape);

/** How much of a shape lies in an area, in the measure of the shape. */
export const inside = (shape, area) => [pointsInside, lengthInside, commonArea][shape.dimension](shape, area);
