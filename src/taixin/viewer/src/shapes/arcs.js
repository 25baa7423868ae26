/**
 * Lines that areas and courses are put together from. They stay as they came, packed or as arrays; what is looked at is
 * unpacked, as thin as its zoom allows. A border that two areas share is one arc, so it is thinned once and stays shared
 * at every zoom.
 *
 * @typedef {object} Lines where arcs come from: packed.js, or the arrays below
 * @property {number} count
 * @property {Int32Array} boxes x0, y0, x1, y1 of each arc in grid world units: Web Mercator, GRID units across the
 *   world, y downwards
 * @property {(arc: number) => number} sizeOf vertices of an arc
 * @property {() => { from: Uint32Array, to: Uint32Array, count: number }} nodes where each arc begins and ends: equal
 *   numbers are the same place
 * @property {(arc: number, reach: number, x: Int32Array, y: Int32Array, n: number) => number} copy writes the vertices
 *   of an arc from n on, without those closer than reach to the last one kept; gives where it stopped
 *
 * @typedef {ReturnType<typeof createArcs>} Arcs
 */

/** Grid units across the world: 1.9 cm at the equator. */
export const GRID = 2 ** 31;

/** Vertices closer to the last kept one than this many pixels are not seen. */
const THIN_PX = 0.6;
/** Zoom levels of which unpacked arcs are kept; the user moves to and fro between two. */
const KEPT_LEVELS = 2;
/** Unpacked vertices of a level: beyond, what was looked at before makes room. */
const MOST = 1.5e6;
const FEW = 4096;
const MISSING = -1;

const longer = (array, length) => {
  const out = new Int32Array(length);
  out.set(array);
  return out;
};

/** Unpacked arcs of one thinness, in grid world units. */
export class Vertices {
  /** @param {Lines} lines @param {number} reach grid world units */
  constructor(lines, reach) {
    this.lines = lines;
    this.reach = reach;
    /** Where each arc stands in x and y, once it was needed. */
    this.from = new Int32Array(lines.count).fill(MISSING);
    this.to = new Int32Array(lines.count);
    this.x = new Int32Array(FEW);
    this.y = new Int32Array(FEW);
    this.used = 0;
  }

  /** Unpacks an arc, unless it is there. The arrays may be others afterwards. @param {number} arc */
  need(arc) {
    if (this.from[arc] !== MISSING) return;
    if (this.used > MOST) {
      this.from.fill(MISSING);
      this.used = 0;
    }
    const most = this.used + this.lines.sizeOf(arc);
    if (most > this.x.length) {
      const room = Math.max(most, Math.ceil(this.x.length * 1.5));
      [this.x, this.y] = [longer(this.x, room), longer(this.y, room)];
    }
    this.from[arc] = this.used;
    this.used = this.to[arc] = this.lines.copy(arc, this.reach, this.x, this.y, this.used);
  }
}

/**
 * @param {Lines} lines
 * @param {number} [enough] where the lines are an overview: up to which zoom level nobody sees what they lack
 */
export function createArcs(lines, enough = -1) {
  /** @type {Map<number, Vertices>} */
  const levels = new Map();
  let all = enough < 0 ? lines : null;
  let exact = null;
  let nodes = null;

  const made = (level) => new Vertices(level > enough && all ? all : lines, (THIN_PX * GRID) / (256 * 2 ** level));
  return {
    count: lines.count,
    boxes: lines.boxes,
    /** Where arcs begin and end. */
    nodes() {
      nodes = nodes || lines.nodes();
      return nodes;
    },
    /** Arcs as they are; not to be asked for while there is only an overview. */
    exact() {
      if (!all) throw new Error("The page's shapes are asked for before all of them have come.");
      exact = exact || new Vertices(all, 0);
      return exact;
    },
    /** Adds to an overview the same arcs with all their vertices. @param {Lines} detail */
    complete(detail) {
      all = detail;
      for (const level of levels.keys()) if (level > enough) levels.delete(level);
    },
    /** Whether a zoom level is drawn with all that is seen there. @param {number} level */
    suffices: (level) => Boolean(all) || level <= enough,
    /** Arcs as thin as a whole zoom level allows. @param {number} level */
    at(level) {
      const found = levels.get(level) || made(level);
      // The one used last is the last to go.
      levels.delete(level);
      levels.set(level, found);
      if (levels.size > KEPT_LEVELS) levels.delete(levels.keys().next().value);
      return found;
    },
  };
}

function boxesOf(x, y, start) {
  const boxes = new Int32Array((start.length - 1) * 4);
  for (let arc = 0; arc + 1 < start.length; arc++) {
    let [x0, y0, x1, y1] = [x[start[arc]], y[start[arc]], x[start[arc]], y[start[arc]]];
    for (let i = start[arc] + 1; i < start[arc + 1]; i++) {
      if (x[i] < x0) x0 = x[i];
      else if (x[i] > x1) x1 = x[i];
      if (y[i] < y0) y0 = y[i];
      else if (y[i] > y1) y1 = y[i];
    }
    boxes.set([x0, y0, x1, y1], arc * 4);
  }
  return boxes;
}

/**
 * Numbers places, equal ones alike.
 * @param {Int32Array} x0 @param {Int32Array} y0 where arcs begin @param {Int32Array} x1 @param {Int32Array} y1 and end
 */
export function numberedNodes(x0, y0, x1, y1) {
  let count = 0;
  let size = 16;
  while (size < 4 * x0.length) size *= 2;
  const [slots, placeX, placeY] = [new Int32Array(size).fill(MISSING), new Int32Array(2 * x0.length), new Int32Array(2 * x0.length)];
  const numberOf = (x, y) => {
    let slot = (Math.imul(x, 73856093) ^ Math.imul(y, 19349663)) & (size - 1);
    for (; slots[slot] !== MISSING; slot = (slot + 1) & (size - 1)) {
      if (placeX[slots[slot]] === x && placeY[slots[slot]] === y) return slots[slot];
    }
    placeX[count] = x;
    placeY[count] = y;
    slots[slot] = count;
    return count++;
  };
  const from = Uint32Array.from(x0, (x, arc) => numberOf(x, y0[arc]));
  const to = Uint32Array.from(x1, (x, arc) => numberOf(x, y1[arc]));
  return { from, to, count };
}

/**
 * Lines from arrays of grid world units, such as those of a user's file.
 * @param {Int32Array} x @param {Int32Array} y @param {Uint32Array} start first vertex of each arc, and one more
 * @returns {Lines}
 */
export const looseLines = (x, y, start) => ({
  count: start.length - 1,
  boxes: boxesOf(x, y, start),
  sizeOf: (arc) => start[arc + 1] - start[arc],
  nodes() {
    const [first, last] = [start.subarray(0, -1), start.subarray(1).map((end) => end - 1)];
    const at = (values, places) => Int32Array.from(places, (place) => values[place]);
    return numberedNodes(at(x, first), at(y, first), at(x, last), at(y, last));
  },
  copy(arc, reach, outX, outY, n) {
    const last = start[arc + 1] - 1;
    let [lastX, lastY] = [NaN, NaN];
    for (let i = start[arc]; i <= last; i++) {
      if (i < last && Math.abs(x[i] - lastX) < reach && Math.abs(y[i] - lastY) < reach) continue;
      lastX = outX[n] = x[i];
      lastY = outY[n++] = y[i];
    }
    return n;
  },
});
