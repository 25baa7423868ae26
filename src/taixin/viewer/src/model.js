/**
 * The data of the page as records that know each other: features, layers, plans, counties.
 *
 * @typedef {object} Feature
 * @property {string} id
 * @property {Record<string, any>} props flat GeoJSON properties
 * @property {number} row its place in the geometries of its layer
 * @property {import("./geometry.js").Shape | null} shape null when unlocated
 * @property {LayerRecord} layer
 *
 * @typedef {object} LayerRecord
 * @property {string} id
 * @property {any} info the layer's entry in the manifest
 * @property {any} system
 * @property {any} plan
 * @property {any} kind kinds.toml record
 * @property {Feature[]} features
 * @property {import("./shapes/geometries.js").Geometries} geometries
 * @property {any} collection the GeoJSON as built
 *
 * @typedef {object} County
 * @property {string} id adcode
 * @property {Record<string, any>} props
 * @property {import("./geometry.js").Shape} shape
 */
import { contains, shapeOf, toWorld } from "./geometry.js";
import { innerPoint } from "./inner-point.js";
import { geometriesOf } from "./shapes/geometries.js";

const FALLBACK_KIND = {
  order: 700,
  geometry: "point",
  symbol: { stroke: "#555555", fill: "#999999", width: 1.5, fill_opacity: 0.3, marker: "circle", size: 10 },
  text: { colour: "#333333", size: 12, weight: 500, placement: "none", min_zoom: 9 },
};

/** @returns {Feature} */
function featureOf(raw, row, layer) {
  const props = raw.properties || {};
  return { id: String(props.id ?? raw.id), props, row, shape: shapeOf(raw.geometry), layer };
}

function readLayers(manifest, collections) {
  const layers = new Map();
  for (const plan of manifest.plans) {
    for (const system of plan.systems) {
      for (const info of system.layers) {
        const collection = collections[info.id] || { type: "FeatureCollection", features: [] };
        const kind = manifest.kinds[info.kind] || { ...FALLBACK_KIND, label: info.title };
        const layer = { id: info.id, info, system, plan, kind, features: [], collection };
        layer.features = collection.features.map((raw, row) => featureOf(raw, row, layer));
        layer.geometries = geometriesOf(layer.features.map(({ shape }) => shape));
        layers.set(info.id, layer);
      }
    }
  }
  return layers;
}

function readCounties(base) {
  const counties = new Map();
  for (const raw of base.counties ? base.counties.features : []) {
    const shape = shapeOf(raw.geometry);
    if (!shape) continue;
    const id = String(raw.properties.adcode ?? raw.id);
    counties.set(id, { id, props: raw.properties, shape });
  }
  return counties;
}

/** Lists may come as arrays or, in tables of older make, as one string. */
export function listOf(value) {
  if (Array.isArray(value)) return value;
  return value ? String(value).split(/[;；、]/).filter(Boolean) : [];
}

export function createModel({ manifest, layers: collections, base }) {
  const layers = readLayers(manifest, collections);
  const counties = readCounties(base);
  /** @type {Map<string, Feature>} */
  const features = new Map();
  const byName = new Map();
  for (const layer of layers.values()) {
    for (const feature of layer.features) {
      features.set(feature.id, feature);
      for (const name of [feature.props.name, ...listOf(feature.props.aliases)]) {
        const key = `${layer.plan.id}|${name}`;
        if (!byName.has(key)) byName.set(key, feature);
      }
    }
  }
  const countyByName = new Map([...counties.values()].map((county) => [county.props.name_zh, county]));

  /** A county or feature that a name or id in the data means; counties first. */
  function resolve(name, planId) {
    const county = counties.get(String(name)) || countyByName.get(name);
    if (county) return { type: "county", id: county.id };
    const feature = features.get(name) || byName.get(`${planId}|${name}`);
    return feature ? { type: "feature", id: feature.id } : null;
  }

  const hostsOf = (feature) =>
    [...listOf(feature.props.host), ...(feature.shape ? [] : listOf(feature.props.members))]
      .map((name) => resolve(name, feature.layer.plan.id))
      .filter((subject) => subject && subject.type === "county")
      .map((subject) => subject.id);

  return {
    manifest,
    base,
    layers,
    features,
    counties,
    resolve,
    hostsOf,
    countyAt: (x, y) => [...counties.values()].find((county) => contains(county.shape, x, y)) || null,
    inCounty: (id) => featuresInCounty(features, counties.get(id), hostsOf),
  };
}

/** Whether a line or point comes into an area; long segments are looked at in steps. */
function passes(line, area) {
  const steps = 8;
  for (let i = 0; i < line.length; i += 2) {
    const j = Math.min(i + 2, line.length - 2);
    for (let n = 0; n < steps; n++) {
      const t = n / steps;
      if (contains(area, line[i] + t * (line[j] - line[i]), line[i + 1] + t * (line[j + 1] - line[i + 1]))) return true;
    }
  }
  return false;
}

function touches(feature, county, middle) {
  const { shape } = feature;
  if (shape.type === "polygon") return contains(shape, middle[0], middle[1]);
  return shape.parts.some(([line]) => passes(line, county.shape));
}

/** Located features that reach into a county, and the unlocated ones it hosts. */
function featuresInCounty(features, county, hostsOf) {
  const middle = innerPoint(county.shape);
  const located = [];
  const unlocated = [];
  for (const feature of features.values()) {
    if (feature.shape) {
      if (touches(feature, county, middle)) located.push(feature);
    } else if (hostsOf(feature).includes(county.id)) unlocated.push(feature);
  }
  return { located, unlocated };
}

/** Points of the base map (seats) in world units. */
export function placesOf(base) {
  return (base.places ? base.places.features : []).map((raw) => {
    const [x, y] = toWorld(raw.geometry.coordinates[0], raw.geometry.coordinates[1]);
    return { props: raw.properties, x, y, shape: shapeOf(raw.geometry) };
  });
}
