/**
 * Lines as they are packed, see taixin.streams: a few bytes a vertex, unpacked one arc at a time. The arrays know nothing
 * of each other, so a worker can hand them over.
 *
 * @typedef {object} PackedLines
 * @property {Uint32Array} start first vertex of each arc, and one more
 * @property {Int32Array} x first longitude of each arc, in steps of the grid @property {Int32Array} y its first latitude
 * @property {Int32Array} endX likewise of its last vertex @property {Int32Array} endY
 * @property {Uint8Array} sizes bits of every vertex but the first ones
 * @property {Uint8Array} bits
 * @property {Uint32Array} bit where the bits of each arc begin
 * @property {Int32Array} boxes x0, y0, x1, y1 of each arc in grid world units
 */
import { GRID, numberedNodes } from "./arcs.js";

const LONG = 15;

/** Reads numbers of any number of bits, the lowest first. @param {Uint8Array} bytes */
function bitReader(bytes) {
  let [at, held, kept] = [0, 0, 0];
  const take = (count) => {
    for (; kept < count; kept += 8) held |= bytes[at++] << kept;
    const value = held & ((1 << count) - 1);
    held >>>= count;
    kept -= count;
    return value;
  };
  return {
    tell: () => at * 8 - kept,
    seek(bit) {
      at = bit >>> 3;
      held = kept = 0;
      take(bit & 7);
    },
    /** A number that may be negative; its leading one is not written. */
    number(size) {
      const z = size < 2 ? size : size < LONG ? (1 << (size - 1)) | take(size - 1) : take(16) | (take(16) << 16);
      return (z >>> 1) ^ -(z & 1);
    },
  };
}

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

/** Goes along the vertices of an arc from one to the next, in steps of the grid. */
function courseOf({ start, x, y, sizes, bit }, reader) {
  let [left, n, stepX, stepY] = [0, 0, 0, 0];
  const course = {
    x: 0,
    y: 0,
    begin(arc) {
      course.x = x[arc];
      course.y = y[arc];
      stepX = stepY = 0;
      left = start[arc + 1] - start[arc] - 1;
      // Every arc before this one has a vertex whose size is not written.
      n = start[arc] - arc;
      if (bit) reader.seek(bit[arc]);
      return left + 1;
    },
    next() {
      const size = sizes[n++];
      stepX = (stepX >> 1) + reader.number(size >> 4);
      stepY = (stepY >> 1) + reader.number(size & 15);
      course.x += stepX;
      course.y += stepY;
      return --left;
    },
  };
  return course;
}

/**
 * Goes through all arcs once, to know where each begins, ends and lies.
 * @param {Pick<PackedLines, "start" | "x" | "y" | "sizes" | "bits">} read @param {number} digits decimals of the grid
 * @returns {PackedLines}
 */
export function surveyed(read, digits) {
  const count = read.x.length;
  const [endX, endY, bit, boxes] = [new Int32Array(count), new Int32Array(count), new Uint32Array(count), new Int32Array(count * 4)];
  const project = projection(digits);
  const reader = bitReader(read.bits);
  const course = courseOf({ ...read, bit: null }, reader);
  for (let arc = 0; arc < count; arc++) {
    bit[arc] = reader.tell();
    let left = course.begin(arc) - 1;
    let [west, south, east, north] = [course.x, course.y, course.x, course.y];
    while (left) {
      left = course.next();
      if (course.x < west) west = course.x;
      else if (course.x > east) east = course.x;
      if (course.y < south) south = course.y;
      else if (course.y > north) north = course.y;
    }
    endX[arc] = course.x;
    endY[arc] = course.y;
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
  const [dx, dy, ex, ey] = [cx - ax, cy - ay, bx - ax, by - ay];
  const length2 = dx * dx + dy * dy;
  const along = dx * ex + dy * ey;
  if (along < 0 || along > length2) return true;
  const across = dx * ey - dy * ex;
  return across * across > STRAIGHT * STRAIGHT * length2;
}

/** @param {PackedLines} packed @param {number} digits @returns {import("./arcs.js").Lines} */
export function packedLines(packed, digits) {
  const { start, x, y, endX, endY, boxes } = packed;
  const project = projection(digits);
  const course = courseOf(packed, bitReader(packed.bits));

  function whole(arc, outX, outY, n) {
    for (let left = course.begin(arc); left; left = left > 1 ? course.next() + 1 : 0) {
      outX[n] = project.x(course.x);
      outY[n++] = project.y(course.y);
    }
    return n;
  }

  /** Leaves out vertices closer to the last one kept than the reach, and those on a straight way to the next. */
  function thin(arc, reach, outX, outY, n) {
    let left = course.begin(arc) - 1;
    const flatX = 1 / (reach * project.step);
    const flatY = flatX / project.narrowing(course.y);
    let [keptX, keptY] = [course.x * flatX, course.y * flatY];
    let [waits, lon, lat, waitX, waitY] = [false, 0, 0, 0, 0];
    outX[n] = project.x(course.x);
    outY[n++] = project.y(course.y);
    while (left) {
      left = course.next();
      const nextX = course.x * flatX;
      const nextY = course.y * flatY;
      if (waits && bends(keptX, keptY, waitX, waitY, nextX, nextY)) {
        outX[n] = project.x(lon);
        outY[n++] = project.y(lat);
        keptX = waitX;
        keptY = waitY;
        waits = false;
      }
      if (left && !waits && Math.abs(nextX - keptX) < 1 && Math.abs(nextY - keptY) < 1) continue;
      waits = true;
      lon = course.x;
      lat = course.y;
      waitX = nextX;
      waitY = nextY;
    }
    if (waits) {
      outX[n] = project.x(lon);
      outY[n++] = project.y(lat);
    }
    return n;
  }

  return {
    count: x.length,
    boxes,
    sizeOf: (arc) => start[arc + 1] - start[arc],
    nodes: () => numberedNodes(x, y, endX, endY),
    copy: (arc, reach, outX, outY, n) => (reach ? thin(arc, reach, outX, outY, n) : whole(arc, outX, outY, n)),
  };
}
