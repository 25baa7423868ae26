/** Well-known text to GeoJSON geometries; what a number or a ring must be is left to own/geojson.js. */

const NAMES = { POINT: "Point", MULTIPOINT: "MultiPoint", LINESTRING: "LineString", MULTILINESTRING: "MultiLineString", POLYGON: "Polygon", MULTIPOLYGON: "MultiPolygon" };
const HEAD = /^\s*(?:SRID=\d+;)?\s*([A-Z]+)\s*(?:ZM|Z|M)?\s*(\(.*\))\s*$/is;
const LEAF = /^[-+\d.eE\s,()]+$/;

/** "1 2, 3 4" in brackets to nested lists, without a parser: JSON has the same brackets. */
function nested(text) {
  const pairs = text.replace(/[-+]?[\d.]+(?:e[-+]?\d+)?(?:\s+[-+]?[\d.]+(?:e[-+]?\d+)?)+/gi, (numbers) => `[${numbers.trim().split(/\s+/).map(Number).map(String).join(",")}]`);
  return JSON.parse(pairs.replace(/\(/g, "[").replace(/\)/g, "]"));
}

/** @param {string} text @returns {any} a geometry that may still be unsound, or null */
export function geometryOfWkt(text) {
  const match = HEAD.exec(text);
  const type = match && NAMES[match[1].toUpperCase()];
  if (!type || !LEAF.test(match[2])) return null;
  let lists;
  try {
    lists = nested(match[2]);
  } catch {
    return null;
  }
  if (type === "Point") return { type, coordinates: lists[0] };
  // Both (1 2, 3 4) and ((1 2), (3 4)) are in use.
  if (type === "MultiPoint") return { type, coordinates: lists.map((one) => (Array.isArray(one[0]) ? one[0] : one)) };
  return { type, coordinates: lists };
}
