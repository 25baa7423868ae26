/** Tables with coordinates or well-known text: comma, semicolon or tab; columns named as in taixin.intake.points. */
import { LIMITS, Refusal } from "./geojson.js";
import { geometryOfWkt } from "./wkt.js";

const X = ["lon", "lng", "long", "longitude", "经度", "东经", "easting", "east", "x", "东坐标", "横坐标"];
const Y = ["lat", "latitude", "纬度", "北纬", "northing", "north", "y", "北坐标", "纵坐标"];
const WKT = ["wkt", "geometry", "geom", "the_geom"];
const RADIUS = ["radius_m", "radius", "半径", "半径m", "半径(m)", "半径（米）"];
const MOST_RADIUS = 1e6;

/** Cells of each row; quotes may hold separators, quotes and line ends. */
export function* rowsOf(text, mark) {
  let row = [];
  let at = 0;
  while (at <= text.length) {
    let cell = "";
    if (text[at] === '"') {
      let end = at + 1;
      for (;;) {
        const quote = text.indexOf('"', end);
        if (quote < 0) throw new Refusal("csv_quote");
        cell += text.slice(end, quote);
        end = quote + 1;
        if (text[end] !== '"') break;
        cell += '"';
        end++;
      }
      at = end;
    } else {
      const start = at;
      while (at < text.length && text[at] !== mark && text[at] !== "\n" && text[at] !== "\r") at++;
      cell = text.slice(start, at);
    }
    row.push(cell);
    if (row.length > LIMITS.fields) throw new Refusal("too_many_fields", { n: LIMITS.fields });
    if (text[at] === mark) {
      at++;
      continue;
    }
    if (row.length > 1 || row[0] !== "") yield row;
    row = [];
    if (text[at] === "\r" && text[at + 1] === "\n") at++;
    if (at >= text.length) return;
    at++;
  }
}

const markOf = (line) => [",", ";", "\t"].reduce((best, mark) => (line.split(mark).length > line.split(best).length ? mark : best), ",");
const number = (cell) => (/^\s*[-+]?\d+(\.\d+)?\s*$/.test(cell || "") ? Number(cell) : NaN);

/** What a row's cells say of its position: null where they are empty, unsound where they are wrong. */
function geometryOf(cells, { x, y, wkt, radius }) {
  const said = (column) => String(cells[column] ?? "").trim();
  if (wkt >= 0) return said(wkt) ? geometryOfWkt(said(wkt)) || { type: "none" } : null;
  if (!said(x) && !said(y)) return null;
  const size = radius >= 0 && said(radius) ? number(said(radius)) : 1;
  const position = size > 0 && size < MOST_RADIUS ? [number(cells[x]), number(cells[y])] : [];
  return { type: "Point", coordinates: position };
}

/** @param {string} text @returns {{ data: any, radius: string | null }} GeoJSON, and the column of circles' radii in metres */
export function readTable(text) {
  const plain = text.replace(/^\uFEFF/, "");
  const rows = rowsOf(plain, markOf(plain.slice(0, 10000).split(/\r?\n/)[0]));
  const { value: heads = [] } = rows.next();
  const keys = heads.map((name) => name.trim().toLowerCase());
  const column = (names) => keys.indexOf(names.find((name) => keys.includes(name)));
  const columns = { x: column(X), y: column(Y), wkt: column(WKT), radius: column(RADIUS) };
  if (columns.wkt < 0 && (columns.x < 0 || columns.y < 0)) throw new Refusal("csv_columns");
  const features = [];
  for (const cells of rows) {
    const properties = Object.create(null);
    heads.forEach((name, i) => (properties[name.trim() || `#${i + 1}`] = cells[i] ?? ""));
    features.push({ type: "Feature", geometry: geometryOf(cells, columns), properties });
    if (features.length > LIMITS.features) throw new Refusal("too_many_features", { n: LIMITS.features });
  }
  const circles = columns.wkt < 0 && columns.radius >= 0;
  return { data: { type: "FeatureCollection", features }, radius: circles ? heads[columns.radius].trim() : null };
}
