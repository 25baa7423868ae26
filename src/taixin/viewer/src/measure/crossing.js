/** Whether the outline of an area crosses itself, as a bowtie does. */

const turn = (a, b, c) => Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));

/** Proper crossing of two edges; a shared end is none. */
function cross(a, b, c, d) {
  if (Math.max(a[0], b[0]) < Math.min(c[0], d[0]) || Math.max(c[0], d[0]) < Math.min(a[0], b[0])) return false;
  if (Math.max(a[1], b[1]) < Math.min(c[1], d[1]) || Math.max(c[1], d[1]) < Math.min(a[1], b[1])) return false;
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
}

/** Edges sorted by their western end: only those that overlap in x are compared. */
function anyCrossing(edges) {
  edges.sort((a, b) => Math.min(a[0][0], a[1][0]) - Math.min(b[0][0], b[1][0]));
  for (let i = 0; i < edges.length; i++) {
    const [a, b] = edges[i];
    const east = Math.max(a[0], b[0]);
    for (let j = i + 1; j < edges.length && Math.min(edges[j][0][0], edges[j][1][0]) <= east; j++) {
      if (cross(a, b, edges[j][0], edges[j][1])) return true;
    }
  }
  return false;
}

/** @param {any} geometry GeoJSON @returns {boolean} */
export function crossesItself({ type, coordinates }) {
  if (type !== "Polygon" && type !== "MultiPolygon") return false;
  const polygons = type === "Polygon" ? [coordinates] : coordinates;
  return polygons.some((rings) => {
    const edges = [];
    for (const ring of rings) for (let i = 1; i < ring.length; i++) edges.push([ring[i - 1], ring[i]]);
    return anyCrossing(edges);
  });
}
