/**
 * The geometries of one layer as typed arrays: features of parts of rings of arcs.
 *
 * @typedef {object} Geometries
 * @property {"polygon" | "line" | "point" | "none"} type
 * @property {number} count features, located or not
 * @property {import("./arcs.js").Arcs} arcs
 * @property {Uint32Array} featureStart first part of each feature, and one more
 * @property {Uint32Array} partStart first ring of each part, and one more
 * @property {Uint32Array} ringStart first reference of each ring, and one more
 * @property {Uint32Array} refs arc * 2, and 1 more where the arc is walked backwards
 * @property {Int32Array} boxes x0, y0, x1, y1 of each feature in grid world units; x0 > x1 where it has no place
 * @property {number} [digits] decimals of the degrees that the grid stands for; only of what was packed
 * @property {Uint8Array} [multi] 1 where the type of a feature is a Multi type; likewise
 * @property {() => number} sharing different arcs as a share of all references: 1 where no areas have a border in common
 * @property {() => Flatbush | null} index over the boxes of located features, by `rows`; null when there are none
 */
import Flatbush from "flatbush";
import { createArcs, GRID, looseLines } from "./arcs.js";

/** Fewer features are looked through one by one, sooner than an index of them is made. */
const INDEXED = 4096;

/** Box of each feature from those of its arcs. */
function boxesOf({ arcs, count, featureStart, partStart, ringStart, refs }) {
  const boxes = new Int32Array(count * 4);
  const known = arcs.boxes;
  for (let row = 0; row < count; row++) {
    let [x0, y0, x1, y1] = [2147483647, 2147483647, -2147483648, -2147483648];
    const first = ringStart[partStart[featureStart[row]]];
    const last = ringStart[partStart[featureStart[row + 1]]];
    for (let r = first; r < last; r++) {
      const at = (refs[r] >>> 1) * 4;
      if (known[at] < x0) x0 = known[at];
      if (known[at + 1] < y0) y0 = known[at + 1];
      if (known[at + 2] > x1) x1 = known[at + 2];
      if (known[at + 3] > y1) y1 = known[at + 3];
    }
    boxes[row * 4] = x0;
    boxes[row * 4 + 1] = y0;
    boxes[row * 4 + 2] = x1;
    boxes[row * 4 + 3] = y1;
  }
  return boxes;
}

function indexOf({ boxes, count }) {
  if (!count) return null;
  const index = new Flatbush(count, 16, Int32Array);
  for (let i = 0; i < count * 4; i += 4) index.add(boxes[i], boxes[i + 1], boxes[i + 2], boxes[i + 3]);
  index.finish();
  return index;
}

/** @param {Omit<Geometries, "boxes" | "index"> & { boxes?: Int32Array, packed?: ArrayBuffer }} parts packed: an index made elsewhere @returns {Geometries} */
export function createGeometries(parts) {
  let { boxes } = parts;
  let index;
  let sharing;
  return {
    ...parts,
    get boxes() {
      boxes = boxes || boxesOf(parts);
      return boxes;
    },
    sharing() {
      sharing = sharing || new Set(parts.refs.map((ref) => ref >>> 1)).size / Math.max(1, parts.refs.length);
      return sharing;
    },
    index() {
      if (index === undefined) index = parts.packed ? Flatbush.from(parts.packed) : indexOf(this);
      return index;
    },
  };
}

/**
 * Something that has geometries once they are looked at: they may still be on their way, or take a while to make.
 * @param {() => Geometries} make
 */
export const holding = (make) => {
  let made = null;
  return {
    get geometries() {
      made = made || make();
      return made;
    },
  };
};

/** Whether the box of a feature meets a box of grid world units. */
export const meets = (boxes, row, [x0, y0, x1, y1]) => {
  const i = row * 4;
  return boxes[i] <= x1 && boxes[i + 2] >= x0 && boxes[i + 1] <= y1 && boxes[i + 3] >= y0;
};

const covers = (index, [x0, y0, x1, y1]) => index.minX >= x0 && index.minY >= y0 && index.maxX <= x1 && index.maxY <= y1;

/**
 * The features whose boxes meet a box, in their own order.
 * @param {Geometries} geometries @param {number[]} box grid world units @returns {ArrayLike<number>}
 */
export function rowsIn(geometries, box) {
  const { boxes, count } = geometries;
  const all = count > INDEXED ? geometries.index() : null;
  if (all && !covers(all, box)) return Uint32Array.from(all.search(box[0], box[1], box[2], box[3])).sort();
  const rows = [];
  for (let row = 0; row < count; row++) if (meets(boxes, row, box)) rows.push(row);
  return rows;
}

const onGrid = (value) => Math.max(-GRID, Math.min(GRID - 1, Math.round(value * GRID)));

/**
 * The same structure from single shapes, such as those of a user's file: nothing is shared, each ring is an arc.
 * @param {Array<import("../geometry.js").Shape | null>} shapes of one type
 * @returns {Geometries}
 */
export function geometriesOf(shapes) {
  const rings = shapes.flatMap((shape) => (shape ? shape.parts.flat() : []));
  const start = new Uint32Array(rings.length + 1);
  rings.forEach((ring, i) => (start[i + 1] = start[i] + ring.length / 2));
  const x = new Int32Array(start[rings.length]);
  const y = new Int32Array(start[rings.length]);
  rings.forEach((ring, i) => {
    for (let k = 0; k < ring.length; k += 2) {
      x[start[i] + k / 2] = onGrid(ring[k]);
      y[start[i] + k / 2] = onGrid(ring[k + 1]);
    }
  });
  const parts = shapes.flatMap((shape) => (shape ? shape.parts : []));
  const counted = (counts) => Uint32Array.from([0, ...counts].map(((sum) => (n) => (sum += n))(0)));
  const located = shapes.find(Boolean);
  return createGeometries({
    type: located ? located.type : "none",
    count: shapes.length,
    arcs: createArcs(looseLines(x, y, start)),
    featureStart: counted(shapes.map((shape) => (shape ? shape.parts.length : 0))),
    partStart: counted(parts.map((part) => part.length)),
    ringStart: Uint32Array.from({ length: rings.length + 1 }, (_, i) => i),
    refs: Uint32Array.from(rings, (_, i) => i * 2),
  });
}

/**
 * A layer to draw whose features bring their shapes along, such as the base map or a user's own file.
 * @template {{ items: Array<{ id: string, shape: import("../geometry.js").Shape }> }} T @param {T} layer
 */
export const withGeometries = (layer) => ({
  ...layer,
  geometries: geometriesOf(layer.items.map(({ shape }) => shape)),
  items: layer.items.map((item, row) => ({ uncertain: false, ...item, row })),
});

/**
 * Passes the vertices of a ring on, arc by arc; where two arcs join, the vertex comes once.
 * @param {Geometries} geometries @param {number} ring @param {import("./arcs.js").Vertices} vertices
 * @param {(x: number, y: number) => void} visit
 */
export function walk({ ringStart, refs }, ring, vertices, visit) {
  for (let r = ringStart[ring]; r < ringStart[ring + 1]; r++) {
    const arc = refs[r] >>> 1;
    const skip = r > ringStart[ring] ? 1 : 0;
    vertices.need(arc);
    const { x, y, from, to } = vertices;
    if (refs[r] & 1) for (let i = to[arc] - 1 - skip; i >= from[arc]; i--) visit(x[i], y[i]);
    else for (let i = from[arc] + skip; i < to[arc]; i++) visit(x[i], y[i]);
  }
}

/** Whether any arc of a ring comes into a box of grid world units. */
export function ringMeets({ ringStart, refs, arcs }, ring, [x0, y0, x1, y1]) {
  const { boxes } = arcs;
  for (let r = ringStart[ring]; r < ringStart[ring + 1]; r++) {
    const b = (refs[r] >>> 1) * 4;
    if (boxes[b] <= x1 && boxes[b + 2] >= x0 && boxes[b + 1] <= y1 && boxes[b + 3] >= y0) return true;
  }
  return false;
}

/** First ring of a feature, and the one after its last. */
export const ringsOf = ({ featureStart, partStart }, row) => [partStart[featureStart[row]], partStart[featureStart[row + 1]]];
