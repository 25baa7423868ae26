/**
 * Single features out of packed geometries. What is measured and downloaded goes back to the degrees of the data,
 * which the grid of the arcs tells apart, so it agrees with what the program says to the last digit.
 */
import { toLonLat, toWorld } from "../geometry.js";
import { GRID } from "./arcs.js";
import { ringMeets, ringsOf, walk } from "./geometries.js";

/** Vertices of shapes that are kept; beyond, the one made first is made anew when somebody asks. */
const KEPT_VERTICES = 4e5;

/** The degrees that a grid position stands for. */
function degreesAt(x, y, scale) {
  const [lon, lat] = toLonLat(x / GRID, y / GRID);
  return [Math.round(lon * scale) / scale, Math.round(lat * scale) / scale];
}

/** One ring, line or point as positions in degrees. @returns {Array<[number, number]>} */
function positionsOf(geometries, ring) {
  const scale = 10 ** geometries.digits;
  const positions = [];
  walk(geometries, ring, geometries.arcs.exact(), (x, y) => positions.push(degreesAt(x, y, scale)));
  return positions;
}

function worldOf(geometries, ring) {
  const positions = positionsOf(geometries, ring);
  const out = new Float64Array(positions.length * 2);
  positions.forEach(([lon, lat], i) => out.set(toWorld(lon, lat), 2 * i));
  return out;
}

/** Each part of a feature as what `read` makes of its rings. */
function partsOf(geometries, row, read) {
  const { featureStart, partStart } = geometries;
  const parts = [];
  for (let part = featureStart[row]; part < featureStart[row + 1]; part++) {
    const rings = [];
    for (let ring = partStart[part]; ring < partStart[part + 1]; ring++) rings.push(read(geometries, ring));
    parts.push(rings);
  }
  return parts;
}

/** @type {Map<LazyShape, Float64Array[][]>} */
const kept = new Map();
let keptVertices = 0;

const sizeOf = (parts) => parts.reduce((sum, rings) => rings.reduce((n, ring) => n + ring.length / 2, sum), 0);

function keep(shape, parts) {
  kept.set(shape, parts);
  keptVertices += sizeOf(parts);
  for (const [oldest, its] of kept) {
    if (keptVertices <= KEPT_VERTICES || oldest === shape) break;
    kept.delete(oldest);
    keptVertices -= sizeOf(its);
  }
  return parts;
}

/** A shape that makes its bounds and parts when they are asked for. @implements {import("../geometry.js").Shape} */
class LazyShape {
  constructor(geometries, row) {
    this.type = geometries.type;
    this.geometries = geometries;
    this.row = row;
    this.box = null;
  }

  get bbox() {
    const { boxes } = this.geometries;
    const at = this.row * 4;
    this.box = this.box || [boxes[at] / GRID, boxes[at + 1] / GRID, boxes[at + 2] / GRID, boxes[at + 3] / GRID];
    return this.box;
  }

  get parts() {
    return kept.get(this) || keep(this, partsOf(this.geometries, this.row, worldOf));
  }
}

export const isLocated = ({ featureStart }, row) => featureStart[row + 1] > featureStart[row];

/**
 * @param {import("./geometries.js").Geometries} geometries @param {number} row
 * @returns {import("../geometry.js").Shape | null} null where the feature is not located
 */
export const shapeAt = (geometries, row) => (isLocated(geometries, row) ? new LazyShape(geometries, row) : null);

/**
 * The lines of a shape that come into a view, as thin as its zoom allows; what is not seen is not made.
 * @param {import("../geometry.js").Shape} shape @param {import("../draw/sheet.js").View} view
 * @param {{ minX: number, minY: number, maxX: number, maxY: number }} frame pixels
 * @returns {Generator<Float64Array | number[]>} x, y, x, y … in world units
 */
export function* linesIn(shape, view, frame) {
  const { geometries, row } = /** @type {any} */ (shape);
  if (!geometries) {
    for (const rings of shape.parts) yield* rings;
    return;
  }
  const k = GRID / view.scale;
  const box = [(frame.minX + view.ox) * k, (frame.minY + view.oy) * k, (frame.maxX + view.ox) * k, (frame.maxY + view.oy) * k];
  const vertices = geometries.arcs.at(Math.ceil(view.zoom));
  const [first, last] = ringsOf(geometries, row);
  for (let ring = first; ring < last; ring++) {
    if (!ringMeets(geometries, ring, box)) continue;
    const line = [];
    walk(geometries, ring, vertices, (x, y) => line.push(x / GRID, y / GRID));
    yield line;
  }
}

/** Rings are written from their smallest position on, as the files of the layers are. */
function turned(ring) {
  let least = 0;
  for (let i = 1; i < ring.length - 1; i++) {
    if (ring[i][0] < ring[least][0] || (ring[i][0] === ring[least][0] && ring[i][1] < ring[least][1])) least = i;
  }
  const open = ring.slice(0, -1);
  return [...open.slice(least), ...open.slice(0, least), ring[least]];
}

const GEOJSON = {
  polygon: ["Polygon", (rings) => rings.map(turned)],
  line: ["LineString", ([line]) => line],
  point: ["Point", ([[position]]) => position],
};

/** @param {import("./geometries.js").Geometries} geometries @param {number} row @returns {any} GeoJSON geometry or null */
export function geojsonAt(geometries, row) {
  if (!isLocated(geometries, row)) return null;
  const [type, coordinatesOf] = GEOJSON[geometries.type];
  const coordinates = partsOf(geometries, row, positionsOf).map(coordinatesOf);
  return geometries.multi[row] ? { type: `Multi${type}`, coordinates } : { type, coordinates: coordinates[0] };
}

/** West, south, east and north of GeoJSON coordinates, in degrees. @returns {[number, number, number, number]} */
export function boundsOf(coordinates) {
  const box = /** @type {[number, number, number, number]} */ ([Infinity, Infinity, -Infinity, -Infinity]);
  const note = (item) => {
    if (typeof item[0] !== "number") return item.forEach(note);
    box[0] = Math.min(box[0], item[0]);
    box[1] = Math.min(box[1], item[1]);
    box[2] = Math.max(box[2], item[0]);
    box[3] = Math.max(box[3], item[1]);
    return undefined;
  };
  note(coordinates);
  return box;
}
