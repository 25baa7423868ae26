/**
 * Coordinate systems that Chinese planning data comes in, and the way from each to longitude and latitude.
 * WGS 84 and CGCS2000 are one here, as in PROJ: they differ by far less than any accuracy on the page.
 */
import proj4 from "proj4";
import { fromGcj02 } from "./gcj02.js";

/** Central meridians of China's zones of 3°; those of 6° have every second one. */
const MERIDIANS = Array.from({ length: 21 }, (_, place) => 75 + 3 * place);

/** A zone: half of it lies on either side of its meridian. */
const zone = (epsg, meridian, easting, half, zh, en) => [
  `EPSG:${epsg}`,
  {
    title: [`CGCS2000 高斯 ${zh}（EPSG:${epsg}）`, `CGCS2000 ${en} (EPSG:${epsg})`],
    definition: `+proj=tmerc +lat_0=0 +lon_0=${meridian} +k=1 +x_0=${easting} +y_0=0 +ellps=GRS80 +units=m +no_defs`,
    meridian, easting, use: [meridian - half, meridian + half],
  },
];
const plain = MERIDIANS.map((m, i) => zone(4534 + i, m, 500000, 1.5, `3° 带 ${m}°E`, `3° Gauss-Kruger CM ${m}E`));
const numbered = MERIDIANS.map((m, i) => zone(4513 + i, m, (25 + i) * 1e6 + 500000, 1.5, `3° 带，带号 ${25 + i}`, `3° Gauss-Kruger zone ${25 + i}`));
const wide = MERIDIANS.filter((_, i) => i % 2 === 0).map((m, i) => zone(4491 + i, m, (13 + i) * 1e6 + 500000, 3, `6° 带，带号 ${13 + i}`, `6° Gauss-Kruger zone ${13 + i}`));

/** Zones of 3° without their number, by code. */
export const PLAIN_ZONES = new Set(plain.map(([id]) => id));

/** @type {Record<string, { title: string[], degrees?: boolean, definition?: string, meridian?: number, easting?: number, use?: number[] }>} */
export const SYSTEMS = {
  "EPSG:4326": { title: ["WGS 84 经纬度（EPSG:4326）", "WGS 84 longitude, latitude (EPSG:4326)"], degrees: true },
  "EPSG:4490": { title: ["CGCS2000 经纬度（EPSG:4490）", "CGCS2000 longitude, latitude (EPSG:4490)"], degrees: true },
  ...Object.fromEntries([...plain, ...numbered, ...wide]),
  "EPSG:3857": { title: ["网络墨卡托（EPSG:3857）", "Web Mercator (EPSG:3857)"], definition: "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +no_defs", use: [-180, 180] },
  "GCJ-02": { title: ["GCJ-02 火星坐标（须由您确认）", "GCJ-02, shifted web-map coordinates (you declare it)"], degrees: true },
};

const ways = new Map();

/** @param {string} id of SYSTEMS @returns {(x: number, y: number) => number[]} to lon, lat */
export function toLonLatFrom(id) {
  if (!ways.has(id)) {
    const { degrees, definition } = SYSTEMS[id];
    const projection = degrees ? null : proj4(definition);
    const way = id === "GCJ-02" ? fromGcj02 : degrees ? (x, y) => [x, y] : (x, y) => projection.inverse([x, y]);
    ways.set(id, way);
  }
  return ways.get(id);
}

/** Nobody draws a site beyond. */
export const CHINA = [73.0, 3.0, 136.0, 54.0];
export const within = ([w, s, e, n], lon, lat) => lon >= w && lon <= e && lat >= s && lat <= n;

// A zone's coordinates mean nothing far outside it.
const GRACE = 0.3;

/**
 * Systems of metres in which a point would lie among the counties of the atlas, likeliest first.
 * @param {{ bbox: number[], systems: string[] }} home where they are, see the manifest
 */
export function likelySystems(x, y, home) {
  return home.systems.filter((id) => {
    const [lon, lat] = toLonLatFrom(id)(x, y);
    const [west, east] = SYSTEMS[id].use;
    return within(home.bbox, lon, lat) && lon >= west - GRACE && lon <= east + GRACE;
  });
}

/** Where many zones fit, naming them all is of no use. */
export const listed = (ids) => ids.slice(0, 4).join(" / ") + (ids.length > 4 ? " …" : "");
