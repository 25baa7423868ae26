/** State to link and back: "#map=8.25/38.2/112.6&layers=…&card=…", strict both ways. */
import { FIELDS } from "./fields.js";
import { FIND_FIELDS } from "./fields-find.js";

/** A link longer than this was not written by the page. */
const LONGEST = 20000;
/** Farther than this from the mapped area, in degrees, there is nothing to look at. */
const BEYOND = 10;
const VIEW = /^(\d{1,2}(?:\.\d{1,3})?)\/(-?\d{1,2}(?:\.\d{1,6})?)\/(-?\d{1,3}(?:\.\d{1,6})?)$/;

/** Escapes what a value must not hold; signs that are harmless in a hash stay readable. */
const escape = (text) => encodeURIComponent(text).replace(/%(2F|3A|2C|3B|24)/g, (sign) => decodeURIComponent(sign));

function unescape(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** Leaflet rounds to whole pixels: a view that a link asked for is written as asked, or it would creep. */
function centreOf(map, asked) {
  const centre = map.getCenter();
  if (!asked || asked.zoom !== map.getZoom()) return centre;
  const off = map.latLngToContainerPoint([asked.lat, asked.lng]).distanceTo(map.latLngToContainerPoint(centre));
  return off < 2 ? asked : centre;
}

function writeView(map, asked) {
  const { lat, lng } = centreOf(map, asked);
  return `${Number(map.getZoom().toFixed(3))}/${lat.toFixed(5)}/${lng.toFixed(5)}`;
}

function readView({ map, manifest }, text) {
  const match = VIEW.exec(text);
  if (!match) return null;
  const [zoom, lat, lng] = match.slice(1).map(Number);
  const [w, s, e, n] = manifest.bounds;
  if (lat < s - BEYOND || lat > n + BEYOND || lng < w - BEYOND || lng > e + BEYOND) return null;
  return zoom >= map.getMinZoom() && zoom <= map.getMaxZoom() ? { lat, lng, zoom } : null;
}

/** The fields that this page's state has. */
export const fieldsOf = (first) => [...FIELDS, ...FIND_FIELDS].filter(({ on }) => on.every((key) => key in first));

/** @returns {{ hash: string, values: Record<string, string | null> }} */
export function encode(page, first, { embed = false, asked = null } = {}) {
  const state = page.store.get();
  const values = { map: writeView(page.map, asked) };
  for (const field of fieldsOf(first)) values[field.key] = field.write(page, state, first);
  const parts = Object.entries(values).filter(([, text]) => text !== null && text !== undefined);
  const text = parts.map(([key, value]) => `${key}=${escape(value)}`).join("&");
  return { hash: `#${embed ? "embed&" : ""}${text}`, values };
}

/**
 * What a hash asks for, with every field it does not name as at the start.
 * @returns {{ view: { lat: number, lng: number, zoom: number } | null, patch: Record<string, any> }}
 */
export function decode(page, hash, first) {
  const fields = fieldsOf(first);
  const patch = { embed: false };
  for (const { on } of fields) for (const key of on) patch[key] = first[key];
  let view = null;
  const text = hash.length > LONGEST ? "" : hash.replace(/^#/, "");
  for (const part of text.split("&")) {
    const at = part.indexOf("=");
    const [key, raw] = at < 0 ? [part, ""] : [part.slice(0, at), part.slice(at + 1)];
    const value = unescape(raw);
    if (value === null) continue;
    if (part === "embed") patch.embed = true;
    else if (key === "map") view = readView(page, value) || view;
    else {
      const field = fields.find((one) => one.key === key);
      Object.assign(patch, (field && field.read(page, value, first)) || {});
    }
  }
  return { view, patch };
}
