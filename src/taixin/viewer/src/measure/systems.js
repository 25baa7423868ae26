/**
 * Coordinate systems that Chinese planning data comes in, and the way from each to longitude and latitude.
 * WGS 84 and CGCS2000 are one here, as in PROJ: they differ by far less than any accuracy on the page.
 */
import proj4 from "proj4";
import { fromGcj02 } from "./gcj02.js";

const GRS80 = "+ellps=GRS80 +units=m +no_defs";
const zone = (meridian, falseEasting) =>
  `+proj=tmerc +lat_0=0 +lon_0=${meridian} +k=1 +x_0=${falseEasting} +y_0=0 ${GRS80}`;

/** @type {Record<string, { title: [string, string], degrees?: boolean, definition?: string }>} */
export const SYSTEMS = {
  "EPSG:4326": { title: ["WGS 84 经纬度（EPSG:4326）", "WGS 84 longitude, latitude (EPSG:4326)"], degrees: true },
  "EPSG:4490": { title: ["CGCS2000 经纬度（EPSG:4490）", "CGCS2000 longitude, latitude (EPSG:4490)"], degrees: true },
  "EPSG:4547": { title: ["CGCS2000 高斯 3° 带 114°E（EPSG:4547）", "CGCS2000 3° Gauss-Kruger CM 114E (EPSG:4547)"], definition: zone(114, 500000) },
  "EPSG:4546": { title: ["CGCS2000 高斯 3° 带 111°E（EPSG:4546）", "CGCS2000 3° Gauss-Kruger CM 111E (EPSG:4546)"], definition: zone(111, 500000) },
  "EPSG:4526": { title: ["CGCS2000 高斯 3° 带，带号 38（EPSG:4526）", "CGCS2000 3° Gauss-Kruger zone 38 (EPSG:4526)"], definition: zone(114, 38500000) },
  "EPSG:4525": { title: ["CGCS2000 高斯 3° 带，带号 37（EPSG:4525）", "CGCS2000 3° Gauss-Kruger zone 37 (EPSG:4525)"], definition: zone(111, 37500000) },
  "EPSG:4497": { title: ["CGCS2000 高斯 6° 带，带号 19（EPSG:4497）", "CGCS2000 6° Gauss-Kruger zone 19 (EPSG:4497)"], definition: zone(111, 19500000) },
  "EPSG:3857": { title: ["网络墨卡托（EPSG:3857）", "Web Mercator (EPSG:3857)"], definition: "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +no_defs" },
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

/** Where the plans are: west, south, east, north; tells which zone metres are likely to be in. */
export const SHANXI = [110.0, 34.3, 115.0, 41.0];
/** Nobody draws a site beyond. */
export const CHINA = [73.0, 3.0, 136.0, 54.0];
export const within = ([w, s, e, n], lon, lat) => lon >= w && lon <= e && lat >= s && lat <= n;

// A zone's coordinates mean nothing far outside it: west and east of use, with a third of a degree of grace.
const USE = { "EPSG:4547": [112.5, 115.5], "EPSG:4546": [109.5, 112.5], "EPSG:4526": [112.5, 115.5], "EPSG:4525": [109.5, 112.5], "EPSG:4497": [108, 114], "EPSG:3857": [-180, 180] };

/** Systems of metres in which a point would lie in Shanxi, likeliest first. */
export function likelySystems(x, y) {
  return Object.keys(USE).filter((id) => {
    const [lon, lat] = toLonLatFrom(id)(x, y);
    return within(SHANXI, lon, lat) && lon >= USE[id][0] - 0.3 && lon <= USE[id][1] + 0.3;
  });
}
