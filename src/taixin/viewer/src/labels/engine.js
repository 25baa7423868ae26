/**
 * Label placement: requests in order of importance, each at its best free place or not at all.
 *
 * @typedef {object} Request
 * @property {string} id
 * @property {string} text
 * @property {"area" | "line" | "point"} type
 * @property {number} priority higher is placed first
 * @property {import("../geometry.js").Shape} [shape] for areas and lines
 * @property {number} [x] world position for points
 * @property {number} [y]
 * @property {number} size px
 * @property {number} weight
 * @property {"sans" | "serif"} font
 * @property {string} className
 * @property {string} [colour] from kinds.toml; base map labels are coloured by class
 * @property {number} [marker] symbol size in px
 * @property {number} [lineWidth] px
 * @property {boolean} [spread] letters may be spaced out over the area
 * @property {boolean} [near] no leader line
 * @property {boolean} [far] always with a leader line
 * @property {boolean} [centred] letters stand on the line, not beside it
 * @property {number} [limit] highest cost at which the name is still written
 * @property {() => import("../geometry.js").Shape} [along] what the name of an area runs along instead
 * @property {() => Request} [fallback] another way to write it, made when the first one fails
 * @property {number} [need] share of an area label's rim that must lie inside
 * @property {number} [wrap] characters per line
 */
import { linesIn } from "../shapes/shape-at.js";
import { placeArea } from "./areas.js";
import { placeLine } from "./lines.js";
import { placePoint } from "./points.js";
import { box, createSpace, keyOf } from "./space.js";

const PLACERS = { area: placeArea, line: placeLine, point: placePoint };

/** How far around a symbol, in px, the names of others rather do not stand, and how much rather. */
const NEAR_MARKER = 7;
const MARKER_WEIGHT = { small: 1.2, large: 5 };

/** A name that cost no more than this keeps its place while the map is dragged. */
const GOOD = 2;

/** Whether anything with these bounds, in world units, can be seen in the frame, give or take some px. */
function inFrame([x0, y0, x1, y1], frame, view, reach = 0) {
  return (
    x1 * view.scale - view.ox >= frame.minX - reach &&
    x0 * view.scale - view.ox <= frame.maxX + reach &&
    y1 * view.scale - view.oy >= frame.minY - reach &&
    y0 * view.scale - view.oy <= frame.maxY + reach
  );
}

/** Soft spots every few pixels along lines that lettering should rather not cross. */
function* softenLines(space, lines, view) {
  const step = 12;
  for (const line of lines) {
    if (!inFrame(line.shape.bbox, space.frame, view, line.reach)) continue;
    for (const ring of linesIn(line.shape, view, space.frame)) {
      walk(ring, view, step, space, line);
      yield;
    }
  }
}

function walk(ring, view, step, space, { weight, reach = 2 }) {
  const { frame } = space;
  let carry = 0;
  for (let i = 2; i < ring.length; i += 2) {
    const ax = ring[i - 2] * view.scale - view.ox;
    const ay = ring[i - 1] * view.scale - view.oy;
    const bx = ring[i] * view.scale - view.ox;
    const by = ring[i + 1] * view.scale - view.oy;
    if (Math.max(ax, bx) < frame.minX || Math.min(ax, bx) > frame.maxX) continue;
    if (Math.max(ay, by) < frame.minY || Math.min(ay, by) > frame.maxY) continue;
    const length = Math.hypot(bx - ax, by - ay);
    for (let s = step - carry; s <= length; s += step) {
      space.avoid(ax + ((bx - ax) * s) / length, ay + ((by - ay) * s) / length, reach, weight);
    }
    carry = (carry + length) % step;
  }
}

/** Tries a request, then what it falls back to; a place that costs more than the request allows is none. */
function placeOne(request, space, view) {
  const found = PLACERS[request.type](request, space, view);
  if (found && found.total <= (request.limit ?? Infinity)) return found;
  return request.fallback ? placeOne(request.fallback(), space, view) : null;
}

/** Symbols: no name lies on them, and rather none beside that of another. */
function takeMarkers(space, markers, view) {
  for (const { x, y, size } of markers) {
    if (!inFrame([x, y, x, y], space.frame, view, size / 2 + NEAR_MARKER)) continue;
    const px = x * view.scale - view.ox;
    const py = y * view.scale - view.oy;
    space.take([box(px - size / 2, py - size / 2, px + size / 2, py + size / 2)]);
    // A name close to another's symbol would be taken for its name.
    space.avoid(px, py, size / 2 + NEAR_MARKER, size < 8 ? MARKER_WEIGHT.small : MARKER_WEIGHT.large, keyOf(px, py));
  }
}

/** Where a request stood before the map was dragged, if that was a good place and still is one. */
function placeKept(request, space, kept) {
  const before = kept && kept.get(request);
  return before && before.total <= GOOD && space.free(before.boxes) ? before : null;
}

/**
 * Lays names out step by step, so that whoever runs it can pause between two of them. The outcome does not depend on
 * where it is paused.
 * @param {Request[]} requests
 * @param {import("../draw/sheet.js").View} view
 * @param {{ frame: any, blocked: any[], markers: Array<{ x: number, y: number, size: number }>, lines: Array<{ shape: any, weight: number, reach?: number }>, kept?: Map<Request, any> }} scene
 *   kept: what was placed before the map was dragged, in the same layer pixels
 * @returns {Generator<void, any[], void>}
 */
export function* layoutSteps(requests, view, { frame, blocked, markers, lines, kept }) {
  const space = createSpace(frame);
  space.take(blocked);
  takeMarkers(space, markers, view);
  yield* softenLines(space, lines, view);
  space.settle();
  const placed = [];
  for (const request of [...requests].sort((a, b) => b.priority - a.priority)) {
    const { bbox } = request.shape || { bbox: [request.x, request.y, request.x, request.y] };
    if (!inFrame(bbox, frame, view)) continue;
    const found = placeKept(request, space, kept) || placeOne(request, space, view);
    if (found) {
      found.asked = request;
      space.take(found.boxes);
      placed.push(found);
    }
    yield;
  }
  return placed;
}

/** All at once, for sheets. @returns {any[]} */
export function layout(requests, view, scene) {
  const steps = layoutSteps(requests, view, scene);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
