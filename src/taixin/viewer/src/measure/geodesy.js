/** Lengths, areas and circles on the ellipsoid of CGCS2000, by Karney's geodesics as PROJ computes them. */
import geodesic from "geographiclib-geodesic";

const ELLIPSOID = new geodesic.Geodesic.Geodesic(6378137, 1 / 298.257222101);
const CIRCLE_CORNERS = 128;

/** @param {number[]} a lon, lat @param {number[]} b @returns {number} metres */
export const distanceM = (a, b) => ELLIPSOID.Inverse(a[1], a[0], b[1], b[0]).s12;

/** @param {number[][]} line @returns {number} metres */
export function lengthM(line) {
  let sum = 0;
  for (let i = 1; i < line.length; i++) sum += distanceM(line[i - 1], line[i]);
  return sum;
}

/** @param {number[][]} ring open or closed, either way round @returns {{ area: number, perimeter: number }} m², m */
export function ringMeasures(ring) {
  const polygon = ELLIPSOID.Polygon(false);
  const last = ring.length - 1;
  const closed = last > 0 && ring[0][0] === ring[last][0] && ring[0][1] === ring[last][1];
  for (const [lon, lat] of closed ? ring.slice(0, -1) : ring) polygon.AddPoint(lat, lon);
  const { area, perimeter } = polygon.Compute(false, true);
  return { area: Math.abs(area), perimeter };
}

/** Outer ring less its holes; the perimeter is that of all rings, as a GIS counts it. */
function polygonMeasures(rings) {
  const [outer, ...holes] = rings.map(ringMeasures);
  return {
    area: holes.reduce((sum, hole) => sum - hole.area, outer.area),
    perimeter: holes.reduce((sum, hole) => sum + hole.perimeter, outer.perimeter),
  };
}

const summed = (list, key) => list.reduce((sum, item) => sum + item[key], 0);

/**
 * @param {any} geometry GeoJSON in degrees
 * @returns {{ length?: number, area?: number, perimeter?: number, count?: number }} m, m², m
 */
export function measuresOf(geometry) {
  const { type, coordinates: c } = geometry;
  if (type === "Point") return { count: 1 };
  if (type === "MultiPoint") return { count: c.length };
  if (type === "LineString") return { length: lengthM(c) };
  if (type === "MultiLineString") return { length: c.reduce((sum, line) => sum + lengthM(line), 0) };
  const parts = (type === "Polygon" ? [c] : c).map(polygonMeasures);
  return { area: summed(parts, "area"), perimeter: summed(parts, "perimeter") };
}

/**
 * A circle on the ellipsoid as a ring of 128 corners that has the circle's area, as taixin.plane draws it.
 * @param {number[]} centre lon, lat @param {number} radius metres
 */
export function circleRing(centre, radius) {
  const step = (2 * Math.PI) / CIRCLE_CORNERS;
  const swell = Math.sqrt(step / Math.sin(step));
  const ring = [];
  for (let i = 0; i < CIRCLE_CORNERS; i++) {
    const end = ELLIPSOID.Direct(centre[1], centre[0], (-i * step * 180) / Math.PI, radius * swell);
    ring.push([end.lon2, end.lat2]);
  }
  ring.push(ring[0]);
  return ring;
}
