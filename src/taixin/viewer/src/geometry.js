/**
 * Geometry in "world" units: Web Mercator scaled to 0..1, y downwards. Projected once when the page opens, so
 * that drawing, labels and picking share plain number arrays and a zoom level is one multiplication.
 *
 * @typedef {object} Shape
 * @property {"polygon" | "line" | "point"} type
 * @property {Float64Array[][]} parts polygon: rings per polygon; line and point: one array per part
 * @property {[number, number, number, number]} bbox
 */

const EARTH = 2 * Math.PI * 6378137;

/** @param {number} lon degrees @param {number} lat degrees @returns {[number, number]} */
export function toWorld(lon, lat) {
  const sin = Math.sin((lat * Math.PI) / 180);
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)];
}

/** @param {number} x @param {number} y @returns {[number, number]} lon, lat */
export function toLonLat(x, y) {
  const lat = (Math.atan(Math.sinh((0.5 - y) * 2 * Math.PI)) * 180) / Math.PI;
  return [(x - 0.5) * 360, lat];
}

/** Ground metres as world units at a given world y (Mercator stretches with latitude). */
export function metresToWorld(metres, y) {
  const lat = (toLonLat(0, y)[1] * Math.PI) / 180;
  return metres / (EARTH * Math.cos(lat));
}

function flat(coords) {
  const out = new Float64Array(coords.length * 2);
  let n = 0;
  for (const position of coords) {
    const [x, y] = toWorld(position[0], position[1]);
    // One NaN would blank a whole path, so a broken position is left out.
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    out[n++] = x;
    out[n++] = y;
  }
  return out.subarray(0, n);
}

const READERS = {
  Polygon: (c) => ["polygon", [c.map(flat)]],
  MultiPolygon: (c) => ["polygon", c.map((polygon) => polygon.map(flat))],
  LineString: (c) => ["line", [[flat(c)]]],
  MultiLineString: (c) => ["line", c.map((line) => [flat(line)])],
  Point: (c) => ["point", [[flat([c])]]],
  MultiPoint: (c) => ["point", c.map((point) => [flat([point])])],
};

/** @param {any} geometry GeoJSON geometry or null @returns {Shape | null} */
export function shapeOf(geometry) {
  const read = geometry && READERS[geometry.type];
  if (!read) return null;
  const [type, parts] = read(geometry.coordinates);
  const shape = { type, parts, bbox: bboxOf(parts) };
  return Number.isFinite(shape.bbox[0]) ? shape : null;
}

/** @param {Float64Array[][]} parts @returns {[number, number, number, number]} */
export function bboxOf(parts) {
  const box = /** @type {[number, number, number, number]} */ ([Infinity, Infinity, -Infinity, -Infinity]);
  for (const part of parts) {
    for (const ring of part) {
      for (let i = 0; i < ring.length; i += 2) {
        if (ring[i] < box[0]) box[0] = ring[i];
        if (ring[i] > box[2]) box[2] = ring[i];
        if (ring[i + 1] < box[1]) box[1] = ring[i + 1];
        if (ring[i + 1] > box[3]) box[3] = ring[i + 1];
      }
    }
  }
  return box;
}

/** Where a point is, the first of many; the bounds of a single one say it without its parts. @param {Shape} shape */
export function pointOf(shape) {
  const [x, y, x1, y1] = shape.bbox;
  return x === x1 && y === y1 ? [x, y] : shape.parts[0][0];
}

export const boxesMeet = (a, b) => a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1];

/** Even-odd test over the rings of one polygon. */
function inRings(rings, x, y) {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      const yi = ring[i + 1];
      const yj = ring[j + 1];
      if (yi > y !== yj > y && x < ((ring[j] - ring[i]) * (y - yi)) / (yj - yi) + ring[i]) inside = !inside;
    }
  }
  return inside;
}

/** Squared distance from a point to a segment. */
export function segmentDistance2(px, py, ax, ay, bx, by) {
  const dx = bx - ax;
  const dy = by - ay;
  const length2 = dx * dx + dy * dy;
  const t = length2 ? Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / length2)) : 0;
  const ex = px - ax - t * dx;
  const ey = py - ay - t * dy;
  return ex * ex + ey * ey;
}

function lineDistance2(line, x, y) {
  let best = Infinity;
  for (let i = 2; i < line.length; i += 2) {
    best = Math.min(best, segmentDistance2(x, y, line[i - 2], line[i - 1], line[i], line[i + 1]));
  }
  return best;
}

/**
 * Distance in world units from a point to a shape; 0 inside a polygon.
 * @param {Shape} shape
 */
export function distanceTo(shape, x, y) {
  if (shape.type === "polygon") return shape.parts.some((rings) => inRings(rings, x, y)) ? 0 : Infinity;
  let best = Infinity;
  for (const [line] of shape.parts) {
    if (shape.type === "point") best = Math.min(best, (line[0] - x) ** 2 + (line[1] - y) ** 2);
    else best = Math.min(best, lineDistance2(line, x, y));
  }
  return Math.sqrt(best);
}

/** True when the polygon shape holds the point. */
export const contains = (shape, x, y) => shape.type === "polygon" && distanceTo(shape, x, y) === 0;

/** Signed area of a ring, times two. */
export function ringArea2(ring) {
  let sum = 0;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    sum += ring[j] * ring[i + 1] - ring[i] * ring[j + 1];
  }
  return sum;
}
