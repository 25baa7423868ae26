/**
 * Lines as they are packed, see taixin.streams: a few bytes a vertex, unpacked one arc at a time. The arrays know nothing
 * of each other, so a worker can hand them over.
 *
 * @typedef {object} PackedLines
 * @property {Uint32Array} start first vertex of each arc, and one more
 * @property {Int32Array} x first longitude of each arc, in steps of the grid @property {Int32Array} y its first latitude
 * @property {Int32Array} endX likewise of its last vertex @property {Int32Array} endY
 * @property {Uint8Array} sizes bits of every vertex but the first ones
 * @property {Uint32Array} words these bits
 * @property {Uint32Array} bit where the bits of each arc begin
 * @property {Int32Array} boxes x0, y0, x1, y1 of each arc in grid world units
 */
import { GRID, numberedNodes } from "./arcs.js";

const LONG = 15;

const clamped = (value) => Math.max(-GRID, Math.min(GRID - 1, Math.round(value)));

/** From degrees on the grid to grid world units. */
function projection(digits) {
  const steps = 10 ** digits;
  const turn = Math.PI / (180 * steps);
  return {
    x: (lon) => clamped((lon / (360 * steps) + 0.5) * GRID),
    y(lat) {
      const sin = Math.sin(lat * turn);
      return clamped((0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * GRID);
    },
    /** Steps of longitude in a grid world unit, and how many of latitude go with one of longitude. */
    step: (360 * steps) / GRID,
    narrowing: (lat) => Math.cos(lat * turn),
  };
}

/** Bits as numbers of 32, and two more, so that a look beyond the last finds something. */
function wordsOf(bits) {
  const bytes = new Uint8Array(Math.ceil(bits.length / 4) * 4 + 8);
  bytes.set(bits);
  return new Uint32Array(bytes.buffer);
}

/**
 * Unpacks arcs one at a time into `x` and `y`, in steps of the grid.
 * @param {Pick<PackedLines, "start" | "x" | "y" | "sizes" | "words">} packed
 */
function createUnpacker({ start, x: firstX, y: firstY, sizes, words }) {
  const unpacked = {
    x: new Int32Array(1),
    y: new Int32Array(1),
    /** @param {number} arc @param {number} from where its bits begin @returns {number} where they end */
    take(arc, from) {
      const count = start[arc + 1] - start[arc];
      if (count > unpacked.x.length) [unpacked.x, unpacked.y] = [new Int32Array(count), new Int32Array(count)];
      const { x, y } = unpacked;
      // Every arc before this one has a vertex whose size is not written.
      let n = start[arc] - arc;
      let at = from;
      let stepX = 0;
      let stepY = 0;
      x[0] = firstX[arc];
      y[0] = firstY[arc];
      for (let i = 1; i < count; i++) {
        const size = sizes[n++];
        for (let axis = 4; axis >= 0; axis -= 4) {
          const own = (size >> axis) & 15;
          let z = own;
          if (own > 1) {
            const word = at >>> 5;
            const shift = at & 31;
            const seen = (words[word] >>> shift) | ((words[word + 1] << 1) << (31 - shift));
            // The leading one is not written, unless all 32 bits are.
            z = own === LONG ? seen : (1 << (own - 1)) | (seen & ((1 << (own - 1)) - 1));
            at += own === LONG ? 32 : own - 1;
          }
          const turn = (z >>> 1) ^ -(z & 1);
          if (axis) stepX = (stepX >> 1) + turn;
          else stepY = (stepY >> 1) + turn;
        }
        x[i] = x[i - 1] + stepX;
        y[i] = y[i - 1] + stepY;
      }
      return at;
    },
  };
  return unpacked;
}

/**
 * Goes through all arcs once, to know where each begins, ends and lies.
 * @param {Pick<PackedLines, "start" | "x" | "y"> & { sizes: Uint8Array, bits: Uint8Array }} streams parts of one buffer,
 *   which need not be kept
 * @param {number} digits decimals of the grid
 * @returns {PackedLines}
 */
export function surveyed({ start, x: firstX, y: firstY, sizes, bits }, digits) {
  const read = { start, x: firstX, y: firstY, sizes: sizes.slice(), words: wordsOf(bits) };
  const count = firstX.length;
  const [endX, endY, bit, boxes] = [new Int32Array(count), new Int32Array(count), new Uint32Array(count), new Int32Array(count * 4)];
  const project = projection(digits);
  const unpacked = createUnpacker(read);
  let at = 0;
  for (let arc = 0; arc < count; arc++) {
    bit[arc] = at;
    at = unpacked.take(arc, at);
    const { x, y } = unpacked;
    const last = start[arc + 1] - start[arc] - 1;
    let [west, south, east, north] = [x[0], y[0], x[0], y[0]];
    for (let i = 1; i <= last; i++) {
      if (x[i] < west) west = x[i];
      else if (x[i] > east) east = x[i];
      if (y[i] < south) south = y[i];
      else if (y[i] > north) north = y[i];
    }
    endX[arc] = x[last];
    endY[arc] = y[last];
    const b = arc * 4;
    boxes[b] = project.x(west);
    boxes[b + 1] = project.y(north);
    boxes[b + 2] = project.x(east);
    boxes[b + 3] = project.y(south);
  }
  return { ...read, endX, endY, bit, boxes };
}

/** How far a vertex may be from where the line would run without it, as a share of the reach. */
const STRAIGHT = 0.5;

/** Whether a line from a over b to c would run otherwise without b. */
function bends(ax, ay, bx, by, cx, cy) {
  const dx = cx - ax;
  const dy = cy - ay;
  const ex = bx - ax;
  const ey = by - ay;
  const length2 = dx * dx + dy * dy;
  const along = dx * ex + dy * ey;
  if (along < 0 || along > length2) return true;
  const across = dx * ey - dy * ex;
  return across * across > STRAIGHT * STRAIGHT * length2;
}

/** @param {PackedLines} packed @param {number} digits @returns {import("./arcs.js").Lines} */
export function packedLines(packed, digits) {
  const { start, bit, endX, endY, boxes } = packed;
  const project = projection(digits);
  const unpacked = createUnpacker(packed);
  const sizeOf = (arc) => start[arc + 1] - start[arc];

  function whole(arc, outX, outY, n) {
    const count = sizeOf(arc);
    unpacked.take(arc, bit[arc]);
    for (let i = 0; i < count; i++) {
      outX[n + i] = project.x(unpacked.x[i]);
      outY[n + i] = project.y(unpacked.y[i]);
    }
    return n + count;
  }

  /** Leaves out vertices closer to the last one kept than the reach, and those on a straight way to the next. */
  function thin(arc, reach, outX, outY, n) {
    const last = sizeOf(arc) - 1;
    unpacked.take(arc, bit[arc]);
    const { x, y } = unpacked;
    // From steps of the grid to reaches.
    const flatX = 1 / (reach * project.step);
    const flatY = flatX / project.narrowing(y[0]);
    const keep = (i) => {
      outX[n] = project.x(x[i]);
      outY[n++] = project.y(y[i]);
    };
    keep(0);
    let keptX = x[0] * flatX;
    let keptY = y[0] * flatY;
    // A vertex waits until the next one tells whether the line would run otherwise without it.
    let waits = 0;
    for (let i = 1; i <= last; i++) {
      const nextX = x[i] * flatX;
      const nextY = y[i] * flatY;
      if (waits && bends(keptX, keptY, x[waits] * flatX, y[waits] * flatY, nextX, nextY)) {
        keep(waits);
        keptX = x[waits] * flatX;
        keptY = y[waits] * flatY;
        waits = 0;
      }
      if (waits || i === last || Math.abs(nextX - keptX) >= 1 || Math.abs(nextY - keptY) >= 1) waits = i;
    }
    if (waits) keep(waits);
    return n;
  }

  return {
    count: bit.length,
    boxes,
    sizeOf,
    nodes: () => numberedNodes(packed.x, packed.y, endX, endY),
    copy: (arc, reach, outX, outY, n) => (reach ? thin(arc, reach, outX, outY, n) : whole(arc, outX, outY, n)),
  };
}
