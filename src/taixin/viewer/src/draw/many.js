/** Thousands of features of a layer on one piece of the map: those that can be told apart in batches, the rest as texture. */
import { coveredBy } from "../shapes/borders.js";
import { borderPaths, pixelBox, trace, tracing } from "./trace.js";

/** From so many features of a kind on one piece they are painted together. */
export const MANY = 500;
/** Features smaller than this are not seen singly. */
const TINY_PX = 2.2;
/** Smaller ones are seen, but their outlines would cover them. */
const SMALL_PX = 6;
/** Features of one path: longer paths cost more than they save. */
const BATCH = 200;

/**
 * Parts the rows of one piece by size in pixels.
 * @returns {{ large: ArrayLike<number>, small: number[], tiny: number[] }} small: filled, not outlined; tiny: texture
 */
export function parted(geometries, rows, view) {
  if (rows.length < MANY || geometries.type !== "polygon") return { large: rows, small: [], tiny: [] };
  const lines = tracing(geometries, view, 0);
  const sizes = { large: [], small: [], tiny: [] };
  for (let i = 0; i < rows.length; i++) {
    const [x0, y0, x1, y1] = pixelBox(lines, rows[i]);
    const across = Math.max(x1 - x0, y1 - y0);
    sizes[across < TINY_PX ? "tiny" : across < SMALL_PX ? "small" : "large"].push(rows[i]);
  }
  return sizes;
}

/** What thousands of areas are filled with when they are too small for an outline: their colour, a fuller tone. */
export function toneOf(look) {
  const body = look[0].passes.find(({ fill, stroke }) => fill || stroke);
  if (!body) return null;
  const opacity = (body.fill ? body.fillOpacity : body.strokeOpacity) + 0.25;
  return { fill: body.fill || body.stroke, fillOpacity: Math.min(1, opacity), stroke: null };
}

/** Areas that share their borders are filled as one: that is less to fill, and shows no seams. */
const SHARED = 0.7;

/** Areas or lines as paths of many each, areas to be filled. @param {import("./trace.js").Tracing} lines @param {ArrayLike<number>} rows */
function bodiesOf(lines, rows) {
  const paths = [];
  const { geometries } = lines;
  if (geometries.type === "polygon" && geometries.sharing() < SHARED) {
    const whole = { ...lines, geometries: coveredBy(geometries, rows) };
    const path = new Path2D();
    trace(whole, path, 0, false);
    return [path];
  }
  for (let i = 0; i < rows.length; i++) {
    if (i % BATCH === 0) paths.push(new Path2D());
    trace(lines, paths[paths.length - 1], rows[i], false);
  }
  return paths;
}

/**
 * The paths of many features, made once for all passes over them.
 * @param {import("./trace.js").Tracing} lines @param {ArrayLike<number>} rows
 */
export function manyPaths(lines, rows) {
  let [bodies, borders] = [null, null];
  return {
    bodies: () => (bodies = bodies || bodiesOf(lines, rows)),
    /** A border that two areas share is drawn once. */
    borders() {
      if (lines.geometries.type !== "polygon") return this.bodies();
      borders = borders || borderPaths(lines, rows, BATCH);
      return borders;
    },
  };
}

/**
 * Paints a pass of areas or lines, many to a path. Where areas of a batch overlap they do not darken each other.
 * @param {CanvasRenderingContext2D} context @param {ReturnType<typeof manyPaths>} paths @param {any} pass
 * @param {number} share opacity of these features
 */
export function paintMany(context, paths, pass, share) {
  if (pass.fill) {
    context.globalAlpha = pass.fillOpacity * share;
    context.fillStyle = pass.fill;
    for (const path of paths.bodies()) context.fill(path, "nonzero");
  }
  if (pass.stroke && pass.width > 0) {
    context.globalAlpha = pass.strokeOpacity * share;
    for (const path of paths.borders()) context.stroke(path);
  }
}

/**
 * Stamps one picture of a marker at many places; where several would fall on the same spot, only the last is seen.
 * @param {CanvasRenderingContext2D} context @param {{ spots: (row: number) => number[][] }} shapes
 * @param {{ rows: ArrayLike<number> }} group @param {number} across px of the picture
 * @param {(context: CanvasRenderingContext2D) => void} paint paints the marker around 0, 0
 */
export function stampMany(context, shapes, { rows }, across, paint) {
  const ratio = context.getTransform().a;
  const stamp = document.createElement("canvas");
  const half = Math.ceil(across / 2) + 1;
  stamp.width = stamp.height = Math.ceil(2 * half * ratio);
  const on = stamp.getContext("2d");
  on.setTransform(ratio, 0, 0, ratio, half * ratio, half * ratio);
  copyPen(context, on);
  paint(on);
  // From the last to the first, so that the one on top is kept; then painted in their order.
  const taken = new Set();
  const kept = [];
  for (let i = rows.length - 1; i >= 0; i--) {
    for (const [x, y] of shapes.spots(rows[i])) {
      const key = Math.round(x) * 100003 + Math.round(y);
      if (taken.has(key)) continue;
      taken.add(key);
      kept.push(x, y);
    }
  }
  context.globalAlpha = 1;
  for (let i = kept.length - 2; i >= 0; i -= 2) context.drawImage(stamp, kept[i] - half, kept[i + 1] - half, 2 * half, 2 * half);
}

function copyPen(from, to) {
  for (const key of ["strokeStyle", "fillStyle", "lineWidth", "lineJoin", "lineCap"]) to[key] = from[key];
  to.setLineDash(from.getLineDash());
}
