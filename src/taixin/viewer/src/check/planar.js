/**
 * Geometry in the equal-area plane of taixin.plane: Albers on the ellipsoid of CGCS2000, metres. Areas in it are those
 * of the ellipsoid; whatever distance is told is measured on the ellipsoid between the nearest points found here.
 *
 * @typedef {object} Planar
 * @property {0 | 1 | 2} dimension
 * @property {Float64Array[]} runs rings of all polygons, lines, or one pair for each point
 * @property {number[]} bbox minx, miny, maxx, maxy
 * @property {Chunk[]} chunks short stretches of edges with their boxes, so that most are never looked at
 * @typedef {{ run: Float64Array, from: number, to: number, bbox: number[] }} Chunk from, to: indices of x
 */
import { project } from "./albers.js";

const CHUNK = 32;
const LONGEST_EDGE_DEG = 0.02;
/** Half a centimetre: below it two places are one. */
export const CLOSE_M = 0.005;

/**
 * An edge runs straight in longitude and latitude, not in the plane, so long ones get vertices as in taixin.plane.
 * @param {number[][]} line lon, lat
 */
function projected(line) {
  const out = project(line[0][0], line[0][1]);
  for (let i = 1; i < line.length; i++) {
    const [[x0, y0], [x1, y1]] = [line[i - 1], line[i]];
    const steps = Math.max(1, Math.ceil(Math.hypot(x1 - x0, y1 - y0) / LONGEST_EDGE_DEG));
    for (let k = 1; k <= steps; k++) {
      const t = k / steps;
      out.push(...(k === steps ? project(x1, y1) : project(x0 + t * (x1 - x0), y0 + t * (y1 - y0))));
    }
  }
  return Float64Array.from(out);
}

const LINES = {
  Point: (c) => [0, [[c]]],
  MultiPoint: (c) => [0, c.map((point) => [point])],
  LineString: (c) => [1, [c]],
  MultiLineString: (c) => [1, c],
  Polygon: (c) => [2, c],
  MultiPolygon: (c) => [2, c.flat()],
};

function boxOf(run, from, to) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = from; i <= to; i += 2) {
    box[0] = Math.min(box[0], run[i]);
    box[1] = Math.min(box[1], run[i + 1]);
    box[2] = Math.max(box[2], run[i]);
    box[3] = Math.max(box[3], run[i + 1]);
  }
  return box;
}

const joined = (a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];

function chunksOf(runs) {
  const chunks = [];
  for (const run of runs) {
    const last = run.length - 2;
    let from = 0;
    do {
      const to = Math.min(from + 2 * CHUNK, last);
      chunks.push({ run, from, to, bbox: boxOf(run, from, to) });
      from = to;
    } while (from < last);
  }
  return chunks;
}

/** @param {any} geometry GeoJSON in degrees @returns {Planar} */
export function planarOf(geometry) {
  const [dimension, lines] = LINES[geometry.type](geometry.coordinates);
  const runs = lines.map(projected);
  const chunks = chunksOf(runs);
  return { dimension, runs, chunks, bbox: chunks.map(({ bbox }) => bbox).reduce(joined) };
}

/** How far apart two boxes are. */
export function boxGap(a, b) {
  const dx = Math.max(0, a[0] - b[2], b[0] - a[2]);
  const dy = Math.max(0, a[1] - b[3], b[1] - a[3]);
  return Math.hypot(dx, dy);
}

/** Even-odd over all rings: right for areas whose parts do not overlap. */
export function insideRings({ runs, bbox }, x, y) {
  if (x < bbox[0] || x > bbox[2] || y < bbox[1] || y > bbox[3]) return false;
  let inside = false;
  for (const ring of runs) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      const yi = ring[i + 1];
      const yj = ring[j + 1];
      if (yi > y !== yj > y && x < ((ring[j] - ring[i]) * (y - yi)) / (yj - yi) + ring[i]) inside = !inside;
    }
  }
  return inside;
}

/** Nearest place to a point on a segment. @returns {number[]} x, y */
function nearestOn(px, py, ax, ay, bx, by) {
  const dx = bx - ax;
  const dy = by - ay;
  const length2 = dx * dx + dy * dy;
  const t = length2 ? Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / length2)) : 0;
  return [ax + t * dx, ay + t * dy];
}

/** Distance from a point to the edges of a shape. */
export function edgeDistance({ chunks }, x, y) {
  let best = Infinity;
  const box = [x, y, x, y];
  for (const { run, from, to, bbox } of chunks) {
    if (boxGap(bbox, box) >= best) continue;
    if (from === to) best = Math.min(best, Math.hypot(run[from] - x, run[from + 1] - y));
    for (let i = from; i < to; i += 2) {
      const [qx, qy] = nearestOn(x, y, run[i], run[i + 1], run[i + 2], run[i + 3]);
      best = Math.min(best, Math.hypot(qx - x, qy - y));
    }
  }
  return best;
}

const turn = (ax, ay, bx, by, cx, cy) => Math.sign((bx - ax) * (cy - ay) - (by - ay) * (cx - ax));

/** Whether two segments share a place, ends included. */
function segmentsMeet(a, i, b, j) {
  const [ax, ay, bx, by] = [a[i], a[i + 1], a[i + 2], a[i + 3]];
  const [cx, cy, dx, dy] = [b[j], b[j + 1], b[j + 2], b[j + 3]];
  if (Math.max(ax, bx) < Math.min(cx, dx) || Math.max(cx, dx) < Math.min(ax, bx)) return false;
  if (Math.max(ay, by) < Math.min(cy, dy) || Math.max(cy, dy) < Math.min(ay, by)) return false;
  return (
    turn(ax, ay, bx, by, cx, cy) * turn(ax, ay, bx, by, dx, dy) <= 0 &&
    turn(cx, cy, dx, dy, ax, ay) * turn(cx, cy, dx, dy, bx, by) <= 0
  );
}

/** Pairs of chunks whose boxes come within reach of each other, nearest first when asked. */
function* chunkPairs(a, b, reach) {
  for (const one of a.chunks) {
    if (boxGap(one.bbox, b.bbox) > reach) continue;
    for (const other of b.chunks) if (boxGap(one.bbox, other.bbox) <= reach) yield [one, other];
  }
}

/** @param {Planar} a @param {Planar} b whether their edges meet anywhere */
function edgesMeet(a, b) {
  for (const [one, other] of chunkPairs(a, b, 0)) {
    for (let i = one.from; i < one.to; i += 2) {
      for (let j = other.from; j < other.to; j += 2) if (segmentsMeet(one.run, i, other.run, j)) return true;
    }
  }
  return false;
}

/** Whether an area holds a place, its edge included. */
export const covers = (area, x, y) => insideRings(area, x, y) || edgeDistance(area, x, y) < 1e-6;

/** @returns {boolean} whether the two share at least a place */
export function meet(a, b) {
  if (boxGap(a.bbox, b.bbox) > 0) return false;
  if (a.dimension < b.dimension) return meet(b, a);
  const first = (shape) => shape.runs.map((run) => [run[0], run[1]]);
  if (b.dimension === 0) {
    const on = a.dimension === 2 ? ([x, y]) => covers(a, x, y) : ([x, y]) => edgeDistance(a, x, y) < 1e-6;
    return first(b).some(on);
  }
  if (edgesMeet(a, b)) return true;
  if (a.dimension === 1) return false;
  if (first(b).some(([x, y]) => insideRings(a, x, y))) return true;
  return b.dimension === 2 && first(a).some(([x, y]) => insideRings(b, x, y));
}

/** Nearest pair between the corners of one stretch and the edges of another. */
function nearestCorners(one, other, best) {
  for (let i = one.from; i <= one.to; i += 2) {
    const [x, y] = [one.run[i], one.run[i + 1]];
    const last = Math.max(other.to - 2, other.from);
    for (let j = other.from; j <= last; j += 2) {
      const k = Math.min(j + 2, other.to);
      const [qx, qy] = nearestOn(x, y, other.run[j], other.run[j + 1], other.run[k], other.run[k + 1]);
      const gap = Math.hypot(qx - x, qy - y);
      if (gap < best.gap) Object.assign(best, { gap, a: [x, y], b: [qx, qy] });
    }
  }
}

/**
 * The nearest pair of places of two shapes that do not meet.
 * @returns {{ gap: number, a: number[], b: number[] } | null} null when they are farther apart than `reach`
 */
export function nearestPair(a, b, reach) {
  const best = { gap: reach, a: null, b: null };
  for (const one of a.chunks) {
    if (boxGap(one.bbox, b.bbox) > best.gap) continue;
    for (const other of b.chunks) {
      if (boxGap(one.bbox, other.bbox) > best.gap) continue;
      nearestCorners(one, other, best);
      nearestCorners(other, one, best);
    }
  }
  return best.a && best;
}

/** Where a segment crosses the edges of a shape, as shares of its length. */
export function crossings(shape, ax, ay, bx, by) {
  const box = [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)];
  const found = [];
  for (const { run, from, to, bbox } of shape.chunks) {
    if (boxGap(bbox, box) > 0) continue;
    for (let i = from; i < to; i += 2) {
      const [ex, ey] = [run[i + 2] - run[i], run[i + 3] - run[i + 1]];
      const across = (bx - ax) * ey - (by - ay) * ex;
      if (!across) continue;
      const t = ((run[i] - ax) * ey - (run[i + 1] - ay) * ex) / across;
      const u = ((run[i] - ax) * (by - ay) - (run[i + 1] - ay) * (bx - ax)) / across;
      if (t > 0 && t < 1 && u >= 0 && u <= 1) found.push(t);
    }
  }
  return found;
}
