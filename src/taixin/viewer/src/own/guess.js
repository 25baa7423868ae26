/** What a file's numbers can be, and what speaks against it: swapped axes, a wrong zone, shifted web-map coordinates. */
import { CHINA, likelySystems, listed, SYSTEMS, toLonLatFrom, within } from "../measure/systems.js";
import { circleRing } from "../measure/geodesy.js";
import { LIMITS, Refusal } from "./geojson.js";

/** @param {any} c coordinates @param {(position: number[]) => void} run */
export function eachPosition(c, run) {
  if (typeof c[0] === "number") run(c);
  else for (const part of c) eachPosition(part, run);
}

export function boundsOf(features) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { geometry } of features) {
    eachPosition(geometry.coordinates, ([x, y]) => {
      if (x < box[0]) box[0] = x;
      if (y < box[1]) box[1] = y;
      if (x > box[2]) box[2] = x;
      if (y > box[3]) box[3] = y;
    });
  }
  return box;
}

const WEB_MAPS = /gcj|高德|腾讯|amap|gaode|tencent|百度|baidu|bd-?09|火星/i;

/**
 * @param {number[]} bounds in the file's own numbers @param {string | null} stated what the file says
 * @param {string} words file name and attribute names, where a web map would be named
 * @param {{ bbox: number[], systems: string[] }} home where the atlas has its counties
 * @returns {{ system: string, swap: boolean, warnings: Array<{ word: string, values?: any }> }}
 */
export function guess(bounds, stated, words, home) {
  const [x, y] = [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2];
  const degrees = Math.max(...bounds.map(Math.abs)) <= 180;
  const warnings = WEB_MAPS.test(words) && degrees ? [{ word: "looks_shifted" }] : [];
  if (stated && !SYSTEMS[stated]) throw new Refusal("unknown_crs", { crs: stated });
  if (degrees) {
    const swap = !within(CHINA, x, y) && within(CHINA, y, x);
    if (swap) warnings.push({ word: "looks_swapped" });
    if (stated && !SYSTEMS[stated].degrees) warnings.push({ word: "stated_metres", values: { system: stated } });
    return { system: stated && SYSTEMS[stated].degrees ? stated : "EPSG:4326", swap, warnings: stated ? warnings : [...warnings, { word: "assumed_degrees" }] };
  }
  const straight = likelySystems(x, y, home);
  const turned = straight.length ? [] : likelySystems(y, x, home);
  const metric = stated && !SYSTEMS[stated].degrees ? stated : null;
  if (stated && !metric) warnings.push({ word: "stated_degrees", values: { system: stated } });
  const likely = straight.length ? straight : turned;
  if (turned.length) warnings.push({ word: "looks_swapped" });
  if (metric && likely.length && !likely.includes(metric)) warnings.push({ word: "zone_doubt", values: { system: metric, likely: listed(likely) } });
  if (!metric && likely.length) warnings.push({ word: "guessed_metres", values: { system: listed(likely) } });
  if (!metric && !likely.length) warnings.push({ word: "no_guess" });
  return { system: metric || likely[0] || home.systems[0], swap: turned.length > 0, warnings };
}

/** Points with a radius in metres become the circles they mean, once they are in degrees. */
function circled({ geometry, properties }, radius) {
  const metres = geometry.type === "Point" ? Number(properties[radius]) : 0;
  return metres > 0 ? { geometry: { type: "Polygon", coordinates: [circleRing(geometry.coordinates, metres)] }, properties } : { geometry, properties };
}

/**
 * Features in degrees.
 * @param {{ features: Array<{ geometry: any, properties: any }>, radius: string | null }} read @param {string} system @param {boolean} swap
 * @param {{ bbox: number[] }} home where the atlas has its counties
 */
export function converted({ features, radius }, system, swap, home) {
  const way = toLonLatFrom(system);
  let outside = 0;
  const place = ([a, b]) => {
    const [x, y] = swap ? [b, a] : [a, b];
    const metres = Math.max(Math.abs(x), Math.abs(y)) > 180;
    if (metres === Boolean(SYSTEMS[system].degrees)) throw new Refusal(metres ? "not_degrees" : "not_metres");
    const [lon, lat] = way(x, y);
    if (!within(CHINA, lon, lat)) throw new Refusal("outside_china", { x: Math.round(x * 1e4) / 1e4, y: Math.round(y * 1e4) / 1e4 });
    if (!within(home.bbox, lon, lat)) outside++;
    return [lon, lat];
  };
  const walk = (c) => (typeof c[0] === "number" ? place(c) : c.map(walk));
  const moved = features.map(({ geometry, properties }) => ({ geometry: { type: geometry.type, coordinates: walk(geometry.coordinates) }, properties }));
  if (!radius) return { features: moved, outside: outside > 0 };
  // A circle has 128 corners.
  if (moved.length * 128 > LIMITS.vertices) throw new Refusal("too_many_vertices", { n: LIMITS.vertices });
  return { features: moved.map((feature) => circled(feature, radius)), outside: outside > 0 };
}
