/**
 * Reads GeoJSON that comes from outside: whatever is not a feature with finite coordinates is left out and told.
 * Used on the page and in the worker, so nothing here touches the document.
 */

export const LIMITS = { bytes: 60e6, unpacked: 150e6, ratio: 100, features: 50000, vertices: 1000000, fields: 200, depth: 8, text: 2000 };

/** A refusal with the key of its sentence in own/words.js. */
export class Refusal extends Error {
  /** @param {string} word @param {Record<string, any>} [values] */
  constructor(word, values = {}) {
    super(word);
    this.word = word;
    this.values = values;
  }
}

const DEPTH = { Point: 0, MultiPoint: 1, LineString: 1, MultiLineString: 2, Polygon: 2, MultiPolygon: 3 };

function position(value, budget) {
  if (!Array.isArray(value) || value.length < 2) return null;
  const [x, y] = value;
  if (typeof x !== "number" || typeof y !== "number" || !Number.isFinite(x) || !Number.isFinite(y)) return null;
  if (Math.abs(x) > 1e9 || Math.abs(y) > 1e9) return null;
  if (++budget.vertices > LIMITS.vertices) throw new Refusal("too_many_vertices", { n: LIMITS.vertices });
  return [x, y];
}

/** Coordinates to a fixed depth, heights dropped; null where anything is wrong. */
function coordinates(value, depth, budget) {
  if (depth === 0) return position(value, budget);
  if (!Array.isArray(value) || !value.length) return null;
  const out = [];
  for (const part of value) {
    const read = coordinates(part, depth - 1, budget);
    if (!read) return null;
    out.push(read);
  }
  return out;
}

const closed = (ring) => ring.length > 3 && ring[0][0] === ring[ring.length - 1][0] && ring[0][1] === ring[ring.length - 1][1];

/** Rings must close and have three corners; lines need two ends. */
function sound(type, c) {
  if (type === "LineString") return c.length > 1;
  if (type === "MultiLineString") return c.every((line) => line.length > 1);
  if (type === "Polygon") return c.every(closed);
  if (type === "MultiPolygon") return c.every((rings) => rings.every(closed));
  return true;
}

/** @returns {any} a geometry of plain pairs, or null */
export function geometryFrom(raw, budget) {
  if (!raw || typeof raw !== "object") return null;
  const depth = Object.prototype.hasOwnProperty.call(DEPTH, raw.type) ? DEPTH[raw.type] : -1;
  if (depth < 0) return null;
  const read = coordinates(raw.coordinates, depth, budget);
  return read && sound(raw.type, read) ? { type: raw.type, coordinates: read } : null;
}

/** Attributes as short plain texts and numbers; a Map-like record without a prototype. */
export function propertiesFrom(raw) {
  const out = Object.create(null);
  if (!raw || typeof raw !== "object" || Array.isArray(raw)) return out;
  const keys = Object.keys(raw);
  if (keys.length > LIMITS.fields) throw new Refusal("too_many_fields", { n: LIMITS.fields });
  for (const key of keys) {
    const value = raw[key];
    const plain = value === null || typeof value === "number" || typeof value === "boolean";
    const text = typeof value === "string" ? value : plain ? value : safeJson(value);
    out[key.slice(0, 200)] = typeof text === "string" ? text.slice(0, LIMITS.text) : text;
  }
  return out;
}

function safeJson(value) {
  try {
    return JSON.stringify(value);
  } catch {
    return "";
  }
}

/** Members of a geometry collection each count as a feature. */
function* membersOf(raw) {
  const { geometry, properties } = raw;
  if (geometry && geometry.type === "GeometryCollection" && Array.isArray(geometry.geometries)) {
    for (const part of geometry.geometries) yield { geometry: part, properties };
  } else yield { geometry, properties };
}

function listOf(data) {
  if (data && data.type === "FeatureCollection" && Array.isArray(data.features)) return data.features;
  if (data && data.type === "Feature") return [data];
  if (data && typeof data === "object" && (data.type in DEPTH || data.type === "GeometryCollection")) return [{ geometry: data, properties: {} }];
  throw new Refusal("no_geojson");
}

/** What a `crs` member of older GeoJSON says: an EPSG name, or null; linked or unknown ones are refused. */
export function statedCrs(data) {
  if (!data || data.crs === undefined || data.crs === null) return null;
  const name = data.crs.type === "name" && data.crs.properties && data.crs.properties.name;
  const text = typeof name === "string" ? name : "";
  if (/CRS84$/i.test(text)) return "EPSG:4326";
  const code = /EPSG:(?:[\d.]*:)?(\d{4,6})$/i.exec(text);
  if (!code) throw new Refusal("unknown_crs", { crs: text || "crs" });
  return `EPSG:${code[1]}`;
}

/**
 * @param {any} data parsed JSON @param {(n: number) => void} [step] told how many features are done
 * @returns {{ features: Array<{ geometry: any, properties: Record<string, any> }>, broken: number[], empty: number }}
 *   broken: numbers of features, from 1, whose coordinates cannot be used
 */
export function featuresFrom(data, step = () => {}) {
  const list = listOf(data);
  if (list.length > LIMITS.features) throw new Refusal("too_many_features", { n: LIMITS.features });
  const budget = { vertices: 0 };
  const features = [];
  const broken = [];
  let empty = 0;
  list.forEach((raw, i) => {
    if (i % 2000 === 0) step(i);
    for (const member of raw && typeof raw === "object" ? membersOf(raw) : [{}]) {
      const geometry = geometryFrom(member.geometry, budget);
      if (geometry) features.push({ geometry, properties: propertiesFrom(member.properties) });
      else if (member.geometry === null) empty++;
      else broken.push(i + 1);
    }
  });
  return { features, broken, empty };
}

/** JSON text to data; a broken or bottomless text is a sentence, not an exception. */
export function parseJson(text) {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    throw new Refusal("no_json");
  }
}
