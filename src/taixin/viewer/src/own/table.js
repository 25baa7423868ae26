/** Tables with coordinates: comma, semicolon or tab; columns named as in taixin.intake.points. */
import { LIMITS, Refusal } from "./geojson.js";

const X = ["lon", "lng", "long", "longitude", "经度", "东经", "easting", "east", "x", "东坐标", "横坐标"];
const Y = ["lat", "latitude", "纬度", "北纬", "northing", "north", "y", "北坐标", "纵坐标"];

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

/** @param {string} text @returns {any} GeoJSON */
export function readTable(text) {
  const plain = text.replace(/^\uFEFF/, "");
  const rows = rowsOf(plain, markOf(plain.slice(0, 10000).split(/\r?\n/)[0]));
  const { value: heads = [] } = rows.next();
  const keys = heads.map((name) => name.trim().toLowerCase());
  const column = (names) => keys.indexOf(names.find((name) => keys.includes(name)));
  const [x, y] = [column(X), column(Y)];
  if (x < 0 || y < 0) throw new Refusal("csv_columns");
  const features = [];
  for (const cells of rows) {
    const position = [number(cells[x]), number(cells[y])];
    const properties = Object.create(null);
    heads.forEach((name, i) => (properties[name.trim() || `#${i + 1}`] = cells[i] ?? ""));
    const blank = !String(cells[x] ?? "").trim() && !String(cells[y] ?? "").trim();
    features.push({ type: "Feature", geometry: blank ? null : { type: "Point", coordinates: position }, properties });
    if (features.length > LIMITS.features) throw new Refusal("too_many_features", { n: LIMITS.features });
  }
  return { type: "FeatureCollection", features };
}
