/** Paths of features on a piece of the map, from typed arrays. */
import { clipLine, clipRing } from "./clip.js";
import { GRID } from "../shapes/arcs.js";
import { ringMeets, ringsOf } from "../shapes/geometries.js";

/**
 * @typedef {{ geometries: import("../shapes/geometries.js").Geometries, vertices: () => import("../shapes/arcs.js").Vertices,
 *   k: number, ox: number, oy: number, near: number[], seen: number[] }} Tracing k: pixels a grid unit; near: box in
 *   pixels beyond which long outlines are cut; seen: box in grid units that the piece and the width of symbols take
 */

/** Lines that run further than this beyond the piece are cut: dashes out of sight would still be worked out. */
const FAR = 1500;

/** The box of a view in grid units, with so many pixels around it. */
export function gridBox({ box, scale, ox, oy }, margin) {
  const k = GRID / scale;
  return [(ox + box[0] - margin) * k, (oy + box[1] - margin) * k, (ox + box[2] + margin) * k, (oy + box[3] + margin) * k];
}

/**
 * @param {import("../shapes/geometries.js").Geometries} geometries @param {import("./canvas.js").View} view
 * @param {number} reach pixels that symbols take beyond the geometry
 * @returns {Tracing}
 */
export function tracing(geometries, view, reach) {
  const { box, scale, ox, oy, zoom } = view;
  const near = [box[0] - FAR, box[1] - FAR, box[2] + FAR, box[3] + FAR];
  let made = null;
  // What is only a box on the screen needs no vertices.
  const vertices = () => (made = made || geometries.arcs.at(Math.ceil(zoom)));
  return { geometries, vertices, k: scale / GRID, ox, oy, near, seen: gridBox(view, reach) };
}

/** The box of a feature in pixels. */
export function pixelBox({ geometries, k, ox, oy }, row) {
  const { boxes } = geometries;
  const i = row * 4;
  return [boxes[i] * k - ox, boxes[i + 1] * k - oy, boxes[i + 2] * k - ox, boxes[i + 3] * k - oy];
}

const within = (inner, outer) => inner[0] >= outer[0] && inner[1] >= outer[1] && inner[2] <= outer[2] && inner[3] <= outer[3];

/** Writes one ring or line into a path, arc by arc. */
function run({ geometries, vertices, k, ox, oy }, path, ring, closed) {
  const { ringStart, refs } = geometries;
  const own = vertices();
  const first = ringStart[ring];
  for (let r = first; r < ringStart[ring + 1]; r++) {
    const arc = refs[r] >>> 1;
    const back = refs[r] & 1;
    own.need(arc);
    const { x, y, from, to } = own;
    let i = back ? to[arc] - 1 : from[arc];
    const step = back ? -1 : 1;
    let left = to[arc] - from[arc];
    if (r === first) path.moveTo(x[i] * k - ox, y[i] * k - oy);
    // Where two arcs join, both hold the vertex.
    for (left--, i += step; left > 0; left--, i += step) path.lineTo(x[i] * k - ox, y[i] * k - oy);
  }
  if (closed) path.closePath();
}

/** Writes one arc into a path, by itself. */
function runArc({ vertices, k, ox, oy }, path, arc) {
  const own = vertices();
  own.need(arc);
  const { x, y, from, to } = own;
  path.moveTo(x[from[arc]] * k - ox, y[from[arc]] * k - oy);
  for (let i = from[arc] + 1; i < to[arc]; i++) path.lineTo(x[i] * k - ox, y[i] * k - oy);
}

/** One ring or line as pixels: x, y, x, y … */
function pixelsOf(tracing, ring) {
  const out = [];
  const pen = { moveTo: (x, y) => out.push(x, y), lineTo: (x, y) => out.push(x, y) };
  run(tracing, pen, ring, false);
  return out;
}

function write(path, points, closed) {
  for (let i = 0; i < points.length; i += 2) {
    if (i) path.lineTo(points[i], points[i + 1]);
    else path.moveTo(points[i], points[i + 1]);
  }
  if (closed && points.length) path.closePath();
}

/**
 * Adds the area or the course of a feature to a path.
 * @param {Tracing} tracing @param {Path2D} path @param {number} row
 * @param {boolean} [isOutlined] whether the path will be stroked; filling closes rings by itself
 */
export function trace(tracing, path, row, isOutlined = true) {
  const { geometries, near } = tracing;
  const area = geometries.type === "polygon";
  const closed = area && isOutlined;
  const whole = within(pixelBox(tracing, row), near);
  const [first, last] = ringsOf(geometries, row);
  for (let ring = first; ring < last; ring++) {
    // Far rings and lines change nothing here; the rings of an area that encloses the piece do.
    if (!area && last - first > 1 && !ringMeets(geometries, ring, tracing.seen)) continue;
    // To close a ring takes a browser as long as the path it is part of, so each is closed in a path of its own.
    const own = closed && last - first > 1 ? new Path2D() : path;
    if (whole) run(tracing, own, ring, closed);
    else if (area) write(own, clipRing(pixelsOf(tracing, ring), near), closed);
    else for (const part of clipLine(pixelsOf(tracing, ring), near)) write(own, part, false);
    if (own !== path) path.addPath(own);
  }
}

/**
 * Adds the borders of areas to paths of so many arcs each: one that two of them share comes once.
 * @param {Tracing} tracing @param {ArrayLike<number>} rows @param {number} batch
 * @returns {Path2D[]}
 */
export function borderPaths(tracing, rows, batch) {
  const { geometries, near, seen, k, ox, oy } = tracing;
  const { refs, ringStart, arcs } = geometries;
  const { boxes } = arcs;
  const isDone = new Uint8Array(arcs.count);
  const paths = [];
  let count = 0;
  for (let n = 0; n < rows.length; n++) {
    const [first, last] = ringsOf(geometries, rows[n]);
    for (let r = ringStart[first]; r < ringStart[last]; r++) {
      const arc = refs[r] >>> 1;
      const b = arc * 4;
      if (isDone[arc] || !(boxes[b] <= seen[2] && boxes[b + 2] >= seen[0] && boxes[b + 1] <= seen[3] && boxes[b + 3] >= seen[1])) continue;
      isDone[arc] = 1;
      if (count++ % batch === 0) paths.push(new Path2D());
      const path = paths[paths.length - 1];
      const box = [boxes[b] * k - ox, boxes[b + 1] * k - oy, boxes[b + 2] * k - ox, boxes[b + 3] * k - oy];
      if (within(box, near)) runArc(tracing, path, arc);
      else {
        const points = [];
        runArc(tracing, { moveTo: (x, y) => points.push(x, y), lineTo: (x, y) => points.push(x, y) }, arc);
        for (const part of clipLine(points, near)) write(path, part, false);
      }
    }
  }
  return paths;
}

/** Length of a line up to where a cut-off part of it begins, so that its dashes go on where they were. */
function lengthTo(points, x, y) {
  let length = 0;
  for (let i = 2; i < points.length; i += 2) {
    const [ax, ay, bx, by] = [points[i - 2], points[i - 1], points[i], points[i + 1]];
    const whole = Math.hypot(bx - ax, by - ay);
    const there = Math.hypot(x - ax, y - ay);
    // On this segment, if the way to its end and back adds up.
    if (there + Math.hypot(bx - x, by - y) - whole < 1e-6 * (1 + whole)) return length + there;
    length += whole;
  }
  return length;
}

/**
 * The outline or course of a feature that reaches far out of the piece, in the stretches that come near it.
 * @param {Tracing} tracing @param {number} row
 * @returns {Array<{ path: Path2D, offset: number }> | null} null when the whole of it is near, see `trace`
 */
export function stretches(tracing, row) {
  const { geometries, near } = tracing;
  if (within(pixelBox(tracing, row), near)) return null;
  const found = [];
  const [first, last] = ringsOf(geometries, row);
  for (let ring = first; ring < last; ring++) {
    if (!ringMeets(geometries, ring, tracing.seen)) continue;
    const points = pixelsOf(tracing, ring);
    for (const part of clipLine(points, near)) {
      const path = new Path2D();
      write(path, part, false);
      found.push({ path, offset: lengthTo(points, part[0], part[1]) });
    }
  }
  return found;
}
