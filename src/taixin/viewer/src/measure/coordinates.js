/** Coordinates as people write them, and back: degrees in any order, Gauss-Kruger with or without the zone's number. */
import { epsgOf, gaussKruger } from "../gauss-kruger.js";
import { CHINA, listed, PLAIN_ZONES, SYSTEMS, toLonLatFrom, within } from "./systems.js";

/** 112.7184 → 112°43′06.24″E */
export function dms(value, positive, negative) {
  const hundredths = Math.round(Math.abs(value) * 360000);
  const seconds = ((hundredths % 6000) / 100).toFixed(2).padStart(5, "0");
  const minutes = String(Math.floor(hundredths / 6000) % 60).padStart(2, "0");
  return `${Math.floor(hundredths / 360000)}°${minutes}′${seconds}″${value >= 0 ? positive : negative}`;
}

/**
 * All the ways in which a place is told.
 * @returns {Array<{ id: string, word: string, values: any, text: string }>} word: key of its name in words.js
 */
export function toldAs(lon, lat) {
  const degrees = `${lon.toFixed(6)}, ${lat.toFixed(6)}`;
  const rows = [
    { id: "wgs84", word: "as_wgs84", values: {}, text: degrees },
    { id: "dms", word: "as_dms", values: {}, text: `${dms(lon, "E", "W")} ${dms(lat, "N", "S")}` },
    { id: "cgcs2000", word: "as_cgcs2000", values: {}, text: degrees },
  ];
  // Outside China's zones the grid has no name, so none is claimed.
  if (lon < 73.5 || lon > 136.5) return rows;
  const { x, y, meridian, epsg } = gaussKruger(lon, lat);
  const zone = meridian / 3;
  const plane = (east) => `X ${x.toFixed(3)}  Y ${east.toFixed(3)}`;
  return [
    ...rows,
    { id: "gauss", word: "as_gauss", values: { cm: meridian, epsg }, text: plane(y) },
    { id: "gauss-zone", word: "as_gauss_zone", values: { zone, cm: meridian, epsg: epsgOf(meridian) - 21 }, text: plane(zone * 1e6 + y) },
  ];
}

const WIDE = /[０-９．，－＋]/g;
const narrow = (text) => text.replace(WIDE, (mark) => String.fromCharCode(mark.charCodeAt(0) - 0xfee0));

/** Letters and words for north and south, east and west. */
const AXES = [[/[ns]|北纬|南纬/i, "lat"], [/[ew]|东经|西经/i, "lon"]];

/** One angle: signed degrees, with minutes and seconds where they stand. */
function angleOf(text) {
  const numbers = text.match(/\d+(?:\.\d+)?/g) || [];
  if (!numbers.length || numbers.length > 3) return null;
  const [d, m = 0, s = 0] = numbers.map(Number);
  if (m >= 60 || s >= 60) return null;
  const negative = /^\s*-|[sw]|南纬|西经/i.test(text);
  const axis = AXES.find(([letters]) => letters.test(text));
  return { value: (negative ? -1 : 1) * (d + m / 60 + s / 3600), axis: axis ? axis[1] : null };
}

/** Two angles out of a text; null when it holds none. */
function anglesOf(text) {
  const marked = /[°度′'分]|[nsew]|[东西]经|[南北]纬/i.test(text);
  let parts = text.split(/[,，;；]/).filter((part) => part.trim());
  if (parts.length === 1 && marked) parts = text.match(/(?:[东西]经|[南北]纬)?[^nsew东西南北]*\d[^nsew东西南北]*[nsew]?/gi) || [];
  if (parts.length !== 2) parts = text.trim().split(/\s+/);
  // 112°43′06″ 38°10′34″ without letters: each begins where a number is followed by a degree sign.
  if (parts.length !== 2) parts = text.match(/-?\d+(?:\.\d+)?\s*[°度](?:(?!-?\d+(?:\.\d+)?\s*[°度]).)*/g) || [];
  if (parts.length !== 2) return null;
  const angles = parts.map(angleOf);
  return angles.every(Boolean) ? angles : null;
}

function fromAngles([a, b]) {
  let [lon, lat] = [a.value, b.value];
  let note = null;
  if (a.axis === "lat" || b.axis === "lon") [lon, lat] = [lat, lon];
  else if (!a.axis && !b.axis && !within(CHINA, lon, lat) && within(CHINA, lat, lon)) {
    [lon, lat] = [lat, lon];
    note = { word: "was_swapped" };
  }
  return { lon, lat, system: "EPSG:4326", note };
}

/** Metres: the northing is the number in the millions, the easting carries its zone in front or not. */
function fromMetres(first, second, home) {
  const [north, east] = first > 1e7 || first < 1e6 ? [second, first] : [first, second];
  const number = Math.floor(east / 1e6);
  const candidates = number >= 25 && number <= 45 ? [`EPSG:${4488 + number}`] : home.systems.filter((id) => PLAIN_ZONES.has(id));
  const known = candidates.filter((id) => SYSTEMS[id]);
  const fits = known.map((id) => ({ id, at: toLonLatFrom(id)(east, north) })).filter(({ at }) => within(home.bbox, at[0], at[1]));
  if (!fits.length) return { error: "no_zone_fits" };
  if (fits.length > 1) return { error: "two_zones_fit", values: { zones: listed(fits.map(({ id }) => id)) } };
  const [{ id, at }] = fits;
  return { lon: at[0], lat: at[1], system: id, note: known.length > 1 ? { word: "zone_guessed", values: { system: id } } : null };
}

/**
 * @param {string} text
 * @param {{ bbox: number[], systems: string[] }} home where the atlas has its counties, see the manifest
 * @param {string} system id of SYSTEMS, or "auto"
 * @returns {{ lon: number, lat: number, system: string, note: any } | { error: string, values?: any }} error: a key of words.js
 */
export function readCoordinates(text, home, system = "auto") {
  const plain = narrow(text).trim().slice(0, 200);
  const degrees = system === "auto" || SYSTEMS[system].degrees;
  const numbers = (plain.match(/-?\d+(?:\.\d+)?/g) || []).map(Number);
  if (numbers.length === 2 && numbers.every((n) => Math.abs(n) > 1000)) {
    if (system === "auto") return fromMetres(numbers[0], numbers[1], home);
    if (degrees) return { error: "not_degrees" };
    const [north, east] = numbers[0] > 1e7 || numbers[0] < 1e6 ? [numbers[1], numbers[0]] : numbers;
    return placed(toLonLatFrom(system)(east, north), system, null, home);
  }
  if (!degrees) return { error: "not_metres" };
  const angles = anglesOf(plain);
  if (!angles) return { error: "no_coordinates" };
  const read = fromAngles(angles);
  const way = toLonLatFrom(system === "auto" ? "EPSG:4326" : system);
  return placed(way(read.lon, read.lat), system === "auto" ? read.system : system, read.note, home);
}

function placed([lon, lat], system, note, home) {
  if (!Number.isFinite(lon) || !Number.isFinite(lat) || Math.abs(lon) > 180 || Math.abs(lat) > 85) return { error: "no_such_place" };
  const far = !within(home.bbox, lon, lat);
  return { lon, lat, system, note: note || (far ? { word: "outside_region" } : null) };
}

/** How a place in the middle of the counties would be written, as examples for whoever types one. */
export function examples({ bbox: [west, south, east, north] }) {
  const [lon, lat] = [(west + east) / 2, (south + north) / 2];
  const { x, y, meridian } = gaussKruger(lon, lat);
  const angles = `${dms(lat, "N", "S")} ${dms(lon, "E", "W")}`.replace(/\.\d+″/g, "″");
  return { degrees: `${lon.toFixed(4)}, ${lat.toFixed(4)}`, angles, metres: `X ${x.toFixed(0)} Y ${((meridian / 3) * 1e6 + y).toFixed(0)}` };
}
