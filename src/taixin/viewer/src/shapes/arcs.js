/**
 * Lines that areas and courses are put together from, as typed arrays. A border that two areas share is one arc, so
 * it is thinned once and stays shared at every zoom.
 *
 * @typedef {object} Arcs
 * @property {Int32Array} x grid world units: Web Mercator, GRID units across the world
 * @property {Int32Array} y downwards
 * @property {Uint32Array} start first vertex of each arc, and one more
 * @property {(level: number) => Arcs} at the same arcs, thinned for a whole zoom level
 * @property {() => Int32Array} boxes x0, y0, x1, y1 of each arc
 */

/** Grid units across the world: 1.9 cm at the equator. */
export const GRID = 2 ** 31;

/** Vertices closer to the last kept one than this many pixels are not seen. */
const THIN_PX = 0.6;
/** Thinned copies that are kept; the user moves between neighbouring levels. */
const KEPT_LEVELS = 3;
/** A copy that saves less than this share of the vertices is not worth its memory. */
const WORTH = 0.75;

/** How many vertices of an arc are kept, and where they go. */
function thinArc(from, to, x, y, reach, out, n) {
  let [lastX, lastY] = [x[from], y[from]];
  out.x[n] = lastX;
  out.y[n++] = lastY;
  for (let i = from + 1; i < to - 1; i++) {
    const [dx, dy] = [x[i] - lastX, y[i] - lastY];
    if (dx < reach && dx > -reach && dy < reach && dy > -reach) continue;
    lastX = out.x[n] = x[i];
    lastY = out.y[n++] = y[i];
  }
  if (to - from > 1) {
    out.x[n] = x[to - 1];
    out.y[n++] = y[to - 1];
  }
  return n;
}

function thin({ x, y, start }, reach) {
  const out = { x: new Int32Array(x.length), y: new Int32Array(x.length), start: new Uint32Array(start.length) };
  let n = 0;
  for (let arc = 0; arc + 1 < start.length; arc++) {
    n = thinArc(start[arc], start[arc + 1], x, y, reach, out, n);
    out.start[arc + 1] = n;
  }
  return { x: out.x.slice(0, n), y: out.y.slice(0, n), start: out.start };
}

function boxesOf({ x, y, start }) {
  const boxes = new Int32Array((start.length - 1) * 4);
  for (let arc = 0; arc + 1 < start.length; arc++) {
    let [x0, y0, x1, y1] = [x[start[arc]], y[start[arc]], x[start[arc]], y[start[arc]]];
    for (let i = start[arc] + 1; i < start[arc + 1]; i++) {
      if (x[i] < x0) x0 = x[i];
      else if (x[i] > x1) x1 = x[i];
      if (y[i] < y0) y0 = y[i];
      else if (y[i] > y1) y1 = y[i];
    }
    const b = arc * 4;
    boxes[b] = x0;
    boxes[b + 1] = y0;
    boxes[b + 2] = x1;
    boxes[b + 3] = y1;
  }
  return boxes;
}

/** @param {Int32Array} x @param {Int32Array} y @param {Uint32Array} start @returns {Arcs} */
export function createArcs(x, y, start) {
  /** @type {Map<number, Arcs>} */
  const levels = new Map();
  let known;
  const boxes = () => (known = known || boxesOf({ x, y, start }));
  const whole = { x, y, start, at, boxes };
  // From this level on thinning saves too little; each finer level saves less.
  let fine = Infinity;

  function at(level) {
    if (level >= fine) return whole;
    if (levels.has(level)) return levels.get(level);
    const copy = { ...thin(whole, (THIN_PX * GRID) / (256 * 2 ** level)), at, boxes };
    if (copy.x.length > WORTH * x.length) {
      fine = Math.min(fine, level);
      return whole;
    }
    levels.set(level, copy);
    if (levels.size > KEPT_LEVELS) levels.delete(levels.keys().next().value);
    return copy;
  }
  return whole;
}
