/** Clipping and thinning in pixels, so that a path never carries more than the screen can show. */

/**
 * World ring or line to pixels; points closer than `thin` px to the last kept one are dropped.
 * @param {Float64Array} world @param {{ scale: number, ox: number, oy: number }} view
 * @returns {number[]}
 */
export function toPixels(world, view, thin = 0.6) {
  const out = [];
  const last = world.length - 2;
  let px = Infinity;
  let py = Infinity;
  for (let i = 0; i <= last; i += 2) {
    const x = world[i] * view.scale - view.ox;
    const y = world[i + 1] * view.scale - view.oy;
    if (i < last && Math.abs(x - px) < thin && Math.abs(y - py) < thin) continue;
    out.push(x, y);
    px = x;
    py = y;
  }
  return out;
}

/** One Sutherland-Hodgman pass: keeps what lies on the inner side of one box edge. */
function clipEdge(ring, axis, limit, sign) {
  const out = [];
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    const here = (ring[i + axis] - limit) * sign;
    const before = (ring[j + axis] - limit) * sign;
    if (here >= 0 !== before >= 0) {
      const t = before / (before - here);
      const x = ring[j] + t * (ring[i] - ring[j]);
      const y = ring[j + 1] + t * (ring[i + 1] - ring[j + 1]);
      out.push(x, y);
    }
    if (here >= 0) out.push(ring[i], ring[i + 1]);
  }
  return out;
}

/** @param {number[]} ring @param {number[]} box minx, miny, maxx, maxy @returns {number[]} */
export function clipRing(ring, box) {
  let out = clipEdge(ring, 0, box[0], 1);
  if (out.length) out = clipEdge(out, 1, box[1], 1);
  if (out.length) out = clipEdge(out, 0, box[2], -1);
  if (out.length) out = clipEdge(out, 1, box[3], -1);
  return out;
}

/** Liang-Barsky: the part of a segment inside the box as [t0, t1], or null. */
function clipSegment(ax, ay, bx, by, box) {
  let t0 = 0;
  let t1 = 1;
  const dx = bx - ax;
  const dy = by - ay;
  for (const [p, q] of [[-dx, ax - box[0]], [dx, box[2] - ax], [-dy, ay - box[1]], [dy, box[3] - ay]]) {
    if (p === 0) {
      if (q < 0) return null;
    } else {
      const t = q / p;
      if (p < 0) t0 = Math.max(t0, t);
      else t1 = Math.min(t1, t);
      if (t0 > t1) return null;
    }
  }
  return [t0, t1];
}

/** @param {number[]} line @param {number[]} box @returns {number[][]} the visible stretches */
export function clipLine(line, box) {
  const parts = [];
  let current = null;
  for (let i = 2; i < line.length; i += 2) {
    const [ax, ay, bx, by] = [line[i - 2], line[i - 1], line[i], line[i + 1]];
    const span = clipSegment(ax, ay, bx, by, box);
    if (!span) {
      current = null;
      continue;
    }
    const at = (t) => [ax + t * (bx - ax), ay + t * (by - ay)];
    if (!current || span[0] > 0) {
      current = [...at(span[0])];
      parts.push(current);
    }
    current.push(...at(span[1]));
    if (span[1] < 1) current = null;
  }
  return parts;
}

const inside = (b, box) => b[0] >= box[0] && b[1] >= box[1] && b[2] <= box[2] && b[3] <= box[3];

function write(points, close) {
  let d = "";
  for (let i = 0; i < points.length; i += 2) {
    d += `${i ? "L" : "M"}${points[i].toFixed(1)} ${points[i + 1].toFixed(1)}`;
  }
  return d && close ? `${d}Z` : d;
}

/**
 * SVG path data of a polygon or line shape in a view; "" when nothing of it is near the screen.
 * @param {import("../geometry.js").Shape} shape
 * @param {{ scale: number, ox: number, oy: number, box: number[] }} view
 */
export function pathData(shape, view) {
  const { scale, ox, oy, box } = view;
  const b = shape.bbox;
  const px = [b[0] * scale - ox, b[1] * scale - oy, b[2] * scale - ox, b[3] * scale - oy];
  if (px[0] > box[2] || px[2] < box[0] || px[1] > box[3] || px[3] < box[1]) return "";
  const whole = inside(px, box);
  const polygon = shape.type === "polygon";
  let d = "";
  for (const rings of shape.parts) {
    for (const ring of rings) {
      const points = toPixels(ring, view);
      if (whole) d += write(points, polygon);
      else if (polygon) d += write(clipRing(points, box), true);
      else for (const part of clipLine(points, box)) d += write(part, false);
    }
  }
  return d;
}
