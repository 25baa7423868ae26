/**
 * Whether a shape reaches into an area deeper than a distance. taixin.site shrinks the area and looks whether the two
 * still meet; here the deepest place they share is hunted for, which is the same question without making a shape.
 */
import { CLOSE_M, edgeDistance, insideRings } from "./planar.js";

const MOST_CELLS = 200000;

/** Distance to the edge, negative outside. */
const signed = (area, x, y) => (insideRings(area, x, y) ? 1 : -1) * edgeDistance(area, x, y);

/** Halves a leg until no part of it can be deep enough. */
function legReaches(area, leg, depth) {
  const waiting = [leg];
  while (waiting.length) {
    const [ax, ay, bx, by] = waiting.pop();
    const [x, y, half] = [(ax + bx) / 2, (ay + by) / 2, Math.hypot(bx - ax, by - ay) / 2];
    const deep = signed(area, x, y);
    if (deep >= depth) return true;
    if (deep + half < depth || half < CLOSE_M) continue;
    waiting.push([ax, ay, x, y], [x, y, bx, by]);
  }
  return false;
}

function lineReaches(line, area, depth) {
  for (const run of line.runs) {
    for (let i = 0; i + 3 < run.length; i += 2) if (legReaches(area, run.slice(i, i + 4), depth)) return true;
  }
  return false;
}

/** A square cell of the hunt: how deep its middle is, and how deep anything in it might be. */
function cellOf(x, y, half, area, shape) {
  const deep = signed(area, x, y);
  return { x, y, half, deep, most: deep + half * Math.SQRT2, held: signed(shape, x, y) };
}

/** The square cells that a box is cut into. */
function firstCells([w, s, e, n], area, shape) {
  const size = Math.max(Math.min(e - w, n - s), (e - w) / 64, (n - s) / 64, CLOSE_M);
  const cells = [];
  for (let x = w; x < e; x += size) for (let y = s; y < n; y += size) cells.push(cellOf(x + size / 2, y + size / 2, size / 2, area, shape));
  return cells;
}

/** Quarter by quarter, deepest hope first. */
function areaReaches(shape, area, depth) {
  const box = [0, 1].map((i) => Math.max(shape.bbox[i], area.bbox[i])).concat([2, 3].map((i) => Math.min(shape.bbox[i], area.bbox[i])));
  if (!(box[2] > box[0]) || !(box[3] > box[1])) return false;
  let waiting = firstCells(box, area, shape);
  let count = waiting.length;
  while (waiting.length && count < MOST_CELLS) {
    const next = [];
    for (const { x, y, half, deep, most, held } of waiting) {
      if (deep >= depth && held >= 0) return true;
      // Nothing in the cell is deep enough, or nothing of the shape is in the cell.
      if (most < depth || held < -half * Math.SQRT2 || half < CLOSE_M) continue;
      for (const [dx, dy] of [[-1, -1], [1, -1], [-1, 1], [1, 1]]) {
        next.push(cellOf(x + (dx * half) / 2, y + (dy * half) / 2, half / 2, area, shape));
      }
    }
    count += next.length;
    waiting = next.sort((a, b) => b.most - a.most);
  }
  return false;
}

/**
 * @param {import("./planar.js").Planar} shape @param {import("./planar.js").Planar} area which it meets
 * @param {number} depth metres
 */
export function reachesInto(shape, area, depth) {
  if (!(depth > 0)) return true;
  if (shape.dimension === 0) return shape.runs.some(([x, y]) => signed(area, x, y) >= depth);
  return shape.dimension === 1 ? lineReaches(shape, area, depth) : areaReaches(shape, area, depth);
}
