/** Reads a Shapefile: geometry from .shp, attributes from .dbf, coordinate system from .prj, encoding from .cpg. */
import { SYSTEMS } from "../measure/systems.js";
import { LIMITS, Refusal } from "./geojson.js";
import { decode, encodingNamed } from "./text.js";

const KINDS = { 1: "point", 3: "line", 5: "polygon", 8: "points" };

const pointsAt = (view, at, count) => {
  const points = [];
  for (let i = 0; i < count; i++) points.push([view.getFloat64(at + 16 * i, true), view.getFloat64(at + 16 * i + 8, true)]);
  return points;
};

const area2 = (ring) => ring.reduce((sum, [x, y], i) => sum + (ring[(i + 1) % ring.length][0] - x) * (ring[(i + 1) % ring.length][1] + y), 0);

function holds(ring, [x, y]) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    if (ring[i][1] > y !== ring[j][1] > y && x < ((ring[j][0] - ring[i][0]) * (y - ring[i][1])) / (ring[j][1] - ring[i][1]) + ring[i][0]) inside = !inside;
  }
  return inside;
}

/** Outer rings run clockwise in a Shapefile; each hole goes to the outer ring around it. */
function polygonOf(rings) {
  const outers = rings.filter((ring) => area2(ring) > 0);
  if (!outers.length) return { type: "MultiPolygon", coordinates: rings.map((ring) => [ring]) };
  const polygons = outers.map((ring) => [ring]);
  for (const hole of rings.filter((ring) => area2(ring) <= 0)) {
    const around = polygons.find(([outer]) => holds(outer, hole[0])) || polygons[0];
    around.push(hole);
  }
  return { type: "MultiPolygon", coordinates: polygons };
}

function partsAt(view, at, budget) {
  const count = view.getInt32(at + 36, true);
  const total = view.getInt32(at + 40, true);
  budget.vertices += total;
  if (count < 0 || total < 0 || count > total) throw new Refusal("shp_broken");
  if (budget.vertices > LIMITS.vertices) throw new Refusal("too_many_vertices", { n: LIMITS.vertices });
  const parts = [];
  for (let i = 0; i < count; i++) {
    const from = view.getInt32(at + 44 + 4 * i, true);
    const to = i + 1 < count ? view.getInt32(at + 48 + 4 * i, true) : total;
    if (from < 0 || to < from || to > total) throw new Refusal("shp_broken");
    parts.push(pointsAt(view, at + 44 + 4 * count + 16 * from, to - from));
  }
  return parts;
}

function geometryAt(view, at, budget) {
  const type = view.getInt32(at, true);
  const kind = KINDS[type % 10];
  if (type === 0) return null;
  if (!kind) throw new Refusal("shp_kind");
  if (kind === "point") return { type: "Point", coordinates: pointsAt(view, at + 4, 1)[0] };
  if (kind === "points") return { type: "MultiPoint", coordinates: pointsAt(view, at + 40, view.getInt32(at + 36, true)) };
  const parts = partsAt(view, at, budget);
  return kind === "line" ? { type: "MultiLineString", coordinates: parts } : polygonOf(parts);
}

/** @param {Uint8Array} bytes of the .shp */
function geometriesOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getInt32(0) !== 9994) throw new Refusal("shp_broken");
  const budget = { vertices: 0 };
  const found = [];
  for (let at = 100; at + 12 <= bytes.byteLength; ) {
    const length = 2 * view.getInt32(at + 4);
    if (length < 4 || at + 8 + length > bytes.byteLength) throw new Refusal("shp_cut");
    found.push(geometryAt(view, at + 8, budget));
    if (found.length > LIMITS.features) throw new Refusal("too_many_features", { n: LIMITS.features });
    at += 8 + length;
  }
  if (2 * view.getInt32(24) > bytes.byteLength) throw new Refusal("shp_cut");
  return found;
}

function fieldsOf(bytes, view, head) {
  const fields = [];
  let offset = 1;
  for (let at = 32; at + 32 <= head && bytes[at] !== 13; at += 32) {
    const end = bytes.indexOf(0, at);
    const name = bytes.subarray(at, end >= at && end < at + 11 ? end : at + 11);
    fields.push({ name, type: String.fromCharCode(bytes[at + 11]), offset, size: bytes[at + 16] });
    offset += bytes[at + 16];
  }
  if (fields.length > LIMITS.fields) throw new Refusal("too_many_fields", { n: LIMITS.fields });
  return fields;
}

/** Names and rows of the table, to find out in which encoding they are; the numbers of the header are no text. */
function sampleOf(bytes, head) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts = [...fieldsOf(bytes, view, head).map(({ name }) => name), bytes.subarray(head, head + 200000)];
  const sample = new Uint8Array(parts.reduce((sum, part) => sum + part.length + 1, 0)).fill(32);
  let at = 0;
  for (const part of parts) {
    sample.set(part, at);
    at += part.length + 1;
  }
  // A sample that ends within a character would pass for broken text.
  return bytes.length > head + 200000 ? sample.subarray(0, sample.lastIndexOf(32)) : sample;
}

function valueOf(type, text) {
  const plain = text.replace(/\0/g, "").trim();
  if (!plain) return null;
  if ("NFO".includes(type)) return Number.isFinite(Number(plain)) ? Number(plain) : plain;
  if (type === "L") return /^[yt]$/i.test(plain) ? true : /^[nf]$/i.test(plain) ? false : null;
  return plain;
}

function rowsOf(bytes, encoding) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [count, head, size] = [view.getUint32(4, true), view.getUint16(8, true), view.getUint16(10, true)];
  const fields = fieldsOf(bytes, view, head);
  if (head + count * size > bytes.byteLength + 1) throw new Refusal("dbf_cut");
  const decoder = new TextDecoder(encoding);
  const names = fields.map(({ name }) => decoder.decode(name).trim());
  const rows = [];
  for (let i = 0; i < count; i++) {
    const at = head + i * size;
    const row = Object.create(null);
    // A row that starts with a star is deleted, but its shape still stands in the other file.
    row[DELETED] = bytes[at] === 42;
    fields.forEach(({ type, offset, size: width }, f) => {
      row[names[f]] = valueOf(type, decoder.decode(bytes.subarray(at + offset, at + offset + width)));
    });
    rows.push(row);
  }
  return rows;
}

const DELETED = Symbol("deleted");

/** Coordinate system by what the .prj says; null when there is none. */
export function systemOfPrj(text) {
  if (!text) return null;
  const plain = text.replace(/[\s_]+/g, "").toLowerCase();
  if (/beijing|xian|krasovsky|iag1975|1975/.test(plain)) throw new Refusal("old_datum", { crs: /"([^"]{0,60})/.exec(text)?.[1] || "" });
  const code = /^.*authority\["epsg","?(\d{4,6})"?\]\]$/.exec(plain);
  if (code) return `EPSG:${code[1]}`;
  const china = /cgcs2000|china2000|chinageodetic/.test(plain);
  if (!plain.startsWith("projcs")) return china ? "EPSG:4490" : /wgs/.test(plain) ? "EPSG:4326" : unknown(text);
  const number = (name) => Number((new RegExp(`parameter\\["${name}",(-?[\\d.]+)`).exec(plain) || [])[1]);
  const [meridian, easting] = [number("centralmeridian"), number("falseeasting")];
  const known = Object.keys(SYSTEMS).find((id) => SYSTEMS[id].meridian === meridian && SYSTEMS[id].easting === easting);
  if (/mercatorauxiliarysphere|pseudo-mercator/.test(plain)) return "EPSG:3857";
  return (/gausskruger|transversemercator/.test(plain) && (china || /wgs/.test(plain)) && known) || unknown(text);
}

function unknown(text) {
  throw new Refusal("unknown_crs", { crs: /"([^"]{0,60})/.exec(text)?.[1] || "prj" });
}

/** @param {Map<string, Uint8Array>} files by name in lower case @param {string | null} wanted encoding that the user chose */
export function readShapefile(files, wanted) {
  const names = [...files.keys()].filter((name) => name.endsWith(".shp"));
  if (names.length > 1) throw new Refusal("many_shp", { n: names.length });
  const stem = names[0].slice(0, -4);
  const missing = ["shx", "dbf"].filter((end) => !files.has(`${stem}.${end}`));
  if (missing.length) throw new Refusal("shp_parts", { list: missing.map((end) => `.${end}`).join(" ") });
  const part = (end) => files.get(`${stem}.${end}`);
  const plain = (end) => (part(end) ? new TextDecoder().decode(part(end)) : "");
  const dbf = part("dbf");
  const head = dbf.length > 32 ? dbf[8] + 256 * dbf[9] : 0;
  if (head < 33) throw new Refusal("dbf_cut");
  const declared = encodingNamed(plain("cpg"));
  const sample = sampleOf(dbf, head);
  const guess = decode(sample, wanted || declared);
  const ascii = !sample.some((byte) => byte >= 128);
  const rows = rowsOf(dbf, guess.encoding);
  const list = geometriesOf(part("shp"));
  const features = list.map((geometry, i) => ({ type: "Feature", geometry, properties: rows[i] || {} })).filter(({ properties }) => !properties[DELETED]);
  return {
    data: { type: "FeatureCollection", features },
    crs: systemOfPrj(plain("prj")),
    // UTF-8 that nobody declared is told by its bytes; anything else is asked about.
    encoding: ascii ? null : { name: guess.encoding, sure: Boolean(declared && guess.sound) },
  };
}
