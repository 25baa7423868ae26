/** What lies at a point of the map, from typed arrays. */
import { segmentDistance2 } from "../geometry.js";
import { GRID } from "../shapes/arcs.js";
import { ringsOf, rowsIn, walk } from "../shapes/geometries.js";

/** Even-odd test of a feature's rings; arcs are walked as they are, not thinned. */
function holds(geometries, row, px, py) {
  let inside = false;
  const [first, last] = ringsOf(geometries, row);
  for (let ring = first; ring < last; ring++) {
    let [ax, ay, begun] = [0, 0, false];
    walk(geometries, ring, geometries.arcs.exact(), (x, y) => {
      if (begun && ay > py !== y > py && px < ((ax - x) * (py - y)) / (ay - y) + x) inside = !inside;
      [ax, ay, begun] = [x, y, true];
    });
  }
  return inside;
}

function lineDistance(geometries, row, px, py) {
  let best = Infinity;
  const [first, last] = ringsOf(geometries, row);
  for (let ring = first; ring < last; ring++) {
    let [ax, ay] = [NaN, NaN];
    walk(geometries, ring, geometries.arcs.exact(), (x, y) => {
      const from = Number.isNaN(ax) ? (x - px) ** 2 + (y - py) ** 2 : segmentDistance2(px, py, ax, ay, x, y);
      best = Math.min(best, from);
      [ax, ay] = [x, y];
    });
  }
  return Math.sqrt(best);
}

/** Distance in grid world units; 0 inside an area, which has no other distance. */
function distanceTo(geometries, row, px, py) {
  if (geometries.type === "polygon") return holds(geometries, row, px, py) ? 0 : Infinity;
  return lineDistance(geometries, row, px, py);
}

/** Drawing order, except that a mere outline is the last thing somebody points at who points inside it. */
function rankOf(layer) {
  const hollow = layer.geometries.type === "polygon" && layer.symbol && !(layer.symbol.fill_opacity > 0);
  return hollow ? layer.order - 10000 : layer.order;
}

function sizeOf({ boxes }, row) {
  const i = row * 4;
  return (boxes[i + 2] - boxes[i]) * (boxes[i + 3] - boxes[i + 1]);
}

/**
 * @param {Iterable<import("./draw.js").DrawLayer>} layers
 * @param {number} x world units @param {number} y @param {number} tolerance px @param {number} scale px across the world
 * @returns {Array<{ layer: string, id: string, row: number, distance: number }>} topmost first; distance in px, 0 inside
 *   areas
 */
export function pickFrom(layers, x, y, tolerance, scale) {
  const hits = [];
  for (const layer of layers) {
    if (!layer.pickable) continue;
    // A broad line or marker is hit on its own body, not only on its axis.
    const body = layer.symbol ? Math.max(layer.symbol.size || 0, layer.symbol.width || 0) / 2 : 0;
    const reach = Math.max(tolerance, body);
    const [px, py, slack] = [x * GRID, y * GRID, (reach / scale) * GRID];
    const rows = rowsIn(layer.geometries, [px - slack, py - slack, px + slack, py + slack]);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i];
      const item = layer.items ? layer.itemAt(row) : { id: String(row) };
      if (!item) continue;
      const distance = (distanceTo(layer.geometries, row, px, py) / GRID) * scale;
      if (distance > reach) continue;
      hits.push({ layer: layer.id, id: item.id, row, distance, order: rankOf(layer), area: sizeOf(layer.geometries, row) });
    }
  }
  return hits.sort((a, b) => b.order - a.order || a.distance - b.distance || a.area - b.area);
}
