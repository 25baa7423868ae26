/**
 * The user's own drawings: points with notes, lines, areas. Kept in the page only; a file is how they are kept.
 *
 * @typedef {{ id: string, geometry: any, name: string, note: string }} Sketch geometry: GeoJSON in degrees
 */
import { geojsonText } from "../download.js";
import { measuresOf } from "./geodesy.js";

const ROUND = 1e7;
const rounded = (value) => (Array.isArray(value) ? value.map(rounded) : Math.round(value * ROUND) / ROUND);
const FIGURES = { length: "length_m", area: "area_m2", perimeter: "perimeter_m" };

function featureOf({ id, geometry, name, note }) {
  const properties = { name, note };
  for (const [key, value] of Object.entries(measuresOf(geometry))) {
    if (FIGURES[key]) properties[FIGURES[key]] = Math.round(value * 100) / 100;
  }
  return { type: "Feature", id, properties, geometry: { type: geometry.type, coordinates: rounded(geometry.coordinates) } };
}

/** @param {Sketch[]} sketches @returns {string} GeoJSON text, RFC 7946 */
export const sketchesText = (sketches) =>
  geojsonText({ type: "FeatureCollection", name: "taixin-sketches", features: sketches.map(featureOf) });

/** @param {any[]} features checked features in degrees, see own/check.js @returns {Array<Omit<Sketch, "id">>} */
export const sketchesOf = (features) =>
  features.map(({ geometry, properties = {} }) => ({
    geometry,
    name: String(properties.name ?? properties.NAME ?? "").slice(0, 200),
    note: String(properties.note ?? "").slice(0, 2000),
  }));

/** @param {ReturnType<import("../store.js").createStore>} own the store of the user's own things */
export function createSketches(own) {
  let serial = 0;
  const all = () => own.get().sketches;
  return {
    all,
    get: (id) => all().find((sketch) => sketch.id === id) || null,
    /** @param {Array<Omit<Sketch, "id">>} list @returns {Sketch[]} */
    add(list) {
      const added = list.map((sketch) => ({ ...sketch, id: `sketch-${++serial}` }));
      own.set({ sketches: [...all(), ...added] });
      return added;
    },
    change: (id, patch) => own.set({ sketches: all().map((sketch) => (sketch.id === id ? { ...sketch, ...patch } : sketch)) }),
    remove: (id) => own.set({ sketches: all().filter((sketch) => sketch.id !== id), current: null }),
    clear: () => own.set({ sketches: [], current: null }),
  };
}
