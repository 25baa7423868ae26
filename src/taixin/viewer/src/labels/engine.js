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
 * @property {Request} [fallback] another way to write it
 * @property {number} [need] share of an area label's rim that must lie inside
 * @property {number} [wrap] characters per line
 */
import { placeArea } from "./areas.js";
import { placeLine } from "./lines.js";
import { placePoint } from "./points.js";
import { box, createSpace, keyOf } from "./space.js";

const PLACERS = { area: placeArea, line: placeLine, point: placePoint };

/** How far around a symbol, in px, the names of others rather do not stand, and how much rather. */
const NEAR_MARKER = 7;
const MARKER_WEIGHT = { small: 1.2, large: 5 };

/** Soft spots every few pixels along lines that lettering should rather not cross. */
function softenLines(space, lines, view) {
  const step = 12;
  for (const line of lines) {
    for (const rings of line.shape.parts) for (const ring of rings) walk(ring, view, step, space, line);
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
  return request.fallback ? placeOne(request.fallback, space, view) : null;
}

/**
 * @param {Request[]} requests
 * @param {import("../draw/sheet.js").View} view
 * @param {{ frame: any, blocked: any[], markers: Array<{ x: number, y: number, size: number }>, lines: Array<{ shape: any, weight: number, reach?: number }> }} scene
 */
export function layout(requests, view, { frame, blocked, markers, lines }) {
  const space = createSpace(frame);
  space.take(blocked);
  for (const { x, y, size } of markers) {
    const px = x * view.scale - view.ox;
    const py = y * view.scale - view.oy;
    space.take([box(px - size / 2, py - size / 2, px + size / 2, py + size / 2)]);
    // A name close to another's symbol would be taken for its name.
    space.avoid(px, py, size / 2 + NEAR_MARKER, size < 8 ? MARKER_WEIGHT.small : MARKER_WEIGHT.large, keyOf(px, py));
  }
  softenLines(space, lines, view);
  space.settle();
  const placed = [];
  for (const request of [...requests].sort((a, b) => b.priority - a.priority)) {
    const found = placeOne(request, space, view);
    if (!found) continue;
    space.take(found.boxes);
    placed.push(found);
  }
  return placed;
}
