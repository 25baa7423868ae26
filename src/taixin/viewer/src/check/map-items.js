/**
 * What the map of a report shows, in units of the drawing and cut to its window: areas whose edge is not in it are only
 * named, and what looks the same is drawn once, with the number of the first. As taixin.site.sketch does it.
 */
import polylabel from "polylabel";
import { clipLine, clipRing } from "../draw/clip.js";
import { ringArea2 } from "../geometry.js";
import { planarOf } from "./planar.js";

/** Drawn beyond the window, so that no cut edge shows. */
const BLEED = 12;
const EDGE = 14;
const ROOM = 17;
const STEP = 4;

const inset = ([x0, y0, x1, y1], by) => [x0 + by, y0 + by, x1 - by, y1 - by];
const pointsOf = (run, view) => {
  const out = [];
  for (let i = 0; i < run.length; i += 2) out.push(...view.at(run[i], run[i + 1]));
  return out;
};

function written(points, close) {
  let d = "";
  for (let i = 0; i < points.length; i += 2) d += `${i ? "L" : "M"}${points[i].toFixed(1)} ${points[i + 1].toFixed(1)}`;
  return d && close ? `${d}Z` : d;
}

/** @returns {string} path of what lies in the window */
export function pathIn(planar, view) {
  const box = inset(view.frame, -BLEED);
  return planar.runs.map((run) => pointsOf(run, view)).map((points) => (
    planar.dimension === 2 ? written(clipRing(points, box), true) : clipLine(points, box).map((part) => written(part, false)).join("")
  )).join("");
}

function lengthOf(line) {
  let sum = 0;
  for (let i = 2; i < line.length; i += 2) sum += Math.hypot(line[i] - line[i - 2], line[i + 1] - line[i - 1]);
  return sum;
}

/** A place on the longest stretch in sight, a third of the way along; null where no edge is in sight. */
function spotOn(planar, view) {
  const parts = planar.runs.flatMap((run) => clipLine(pointsOf(run, view), inset(view.frame, EDGE))).filter((part) => lengthOf(part) > 0);
  if (!parts.length) return null;
  const longest = parts.reduce((a, b) => (lengthOf(b) > lengthOf(a) ? b : a));
  let left = lengthOf(longest) * 0.3;
  for (let i = 2; i < longest.length; i += 2) {
    const [ax, ay, bx, by] = longest.slice(i - 2, i + 2);
    const leg = Math.hypot(bx - ax, by - ay);
    if (left <= leg) return [ax + (left / leg) * (bx - ax), ay + (left / leg) * (by - ay)];
    left -= leg;
  }
  return longest.slice(-2);
}

/** A place for a name well inside what is seen of an area; null where that is too small. */
export function nameSpot(planar, view, width) {
  const seen = planar.runs.map((run) => clipRing(pointsOf(run, view), inset(view.frame, 50))).filter((ring) => ring.length > 4);
  if (!seen.length) return null;
  const ring = seen.reduce((a, b) => (Math.abs(ringArea2(b)) > Math.abs(ringArea2(a)) ? b : a));
  const corners = [];
  for (let i = 0; i < ring.length; i += 2) corners.push([ring[i], ring[i + 1]]);
  const spot = polylabel([corners], 2);
  return spot.distance * 2 < width ? null : [spot[0], spot[1]];
}

function itemOf({ raw, kind, number }, view) {
  const planar = planarOf(raw.geometry);
  const [x, y] = planar.dimension ? [0, 0] : view.at(planar.runs[0][0], planar.runs[0][1]);
  const badge = planar.dimension ? spotOn(planar, view) : [x + 16, y - 10];
  return { raw, kind, number, planar, badge, same: [], d: planar.dimension ? pathIn(planar, view) : "" };
}

/** The upper one is drawn, being what would be seen; it stands for all that look like it. */
function oneOfEach(items) {
  const last = new Map();
  for (const item of items) {
    const key = item.d ? `${item.planar.dimension}${item.d}` : item.number;
    const before = last.get(key);
    last.delete(key);
    const numbers = [item.number, ...(before ? [before.number, ...before.same] : [])].sort((a, b) => a - b);
    last.set(key, { ...item, number: numbers[0], same: numbers.slice(1) });
  }
  return [...last.values()];
}

/** Writes the numbers and moves those that would cover each other a little to the right. */
function badgesOf(items, width) {
  const taken = [];
  return items.filter(({ badge }) => badge).map(({ badge: [left, y], number, same }) => {
    const text = same.length ? `${number} +${same.length}` : String(number);
    const half = Math.max(9, 3.2 * text.length + 3);
    let x = left;
    while (taken.some((other) => Math.abs(x - other.x) < half + other.half && Math.abs(y - other.y) < ROOM)) x += STEP;
    const badge = { x: Math.min(x, width - half - 1), y, half, text };
    taken.push(badge);
    return badge;
  });
}

/**
 * @param {Array<{ raw: any, kind: any, number: number }>} features affected, lowest first
 * @param {{ at: (x: number, y: number) => number[], frame: number[] }} view
 */
export function mapItems(features, view) {
  const found = features.map((feature) => itemOf(feature, view));
  const isAround = ({ planar, badge }) => planar.dimension === 2 && !badge;
  const items = oneOfEach(found.filter((item) => !isAround(item)));
  const around = found.filter((item) => isAround(item) && item.d).map(({ number }) => number);
  return { items, badges: badgesOf(items, view.frame[2]), around: around.sort((a, b) => a - b) };
}
