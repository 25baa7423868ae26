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
 * @property {any} collection the GeoJSON as built, made when it is asked for
 *
 * @typedef {object} County
 * @property {string} id adcode
 * @property {Record<string, any>} props
 * @property {import("./geometry.js").Shape} shape
 */
import { boxesMeet, contains } from "./geometry.js";
import { innerPoint } from "./inner-point.js";
import { GRID } from "./shapes/arcs.js";
import { coveredBy } from "./shapes/borders.js";
import { geometriesOf, holding, rowsIn } from "./shapes/geometries.js";
import { collectionOf, GeoRecord } from "./shapes/records.js";
import { shapeAt } from "./shapes/shape-at.js";

const FALLBACK_KIND = {
  order: 700,
  geometry: "point",
  symbol: { stroke: "#555555", fill: "#999999", width: 1.5, fill_opacity: 0.3, marker: "circle", size: 10 },
  text: { colour: "#333333", size: 12, weight: 500, placement: "none", min_zoom: 9 },
};

/** A feature of a plan; its shape is made when it is looked at. */
class PlanFeature {
  constructor(props, row, layer) {
    this.id = String(props.id);
    this.props = props;
    this.row = row;
    this.layer = layer;
    this.light = undefined;
  }

  get shape() {
    if (this.light === undefined) this.light = shapeAt(this.layer.geometries, this.row);
    return this.light;
  }
}

class PlanLayerRecord {
  constructor(known, { members, features }, held) {
    Object.assign(this, known);
    this.held = held;
    this.members = members;
    this.features = recordsOf(features).map((props, row) => new PlanFeature(props, row, this));
    this.made = undefined;
  }

  get geometries() {
    return this.held.geometries;
  }

  get collection() {
    if (!this.made) {
      const records = this.features.map(({ id, props, row }) => new GeoRecord(id, props, this, row));
      this.made = collectionOf(this.members, records);
    }
    return this.made;
  }
}

const NOTHING = { members: {}, features: { count: 0, columns: [] } };

/** Records out of columns, see taixin.notation: what many say alike is there once. */
function recordsOf({ count, columns }) {
  const records = Array.from({ length: count }, () => ({}));
  for (const [key, values, codes] of columns) {
    const isAsEarlier = typeof values === "string";
    for (let row = 0; row < count; row++) {
      const record = records[row];
      if (isAsEarlier) {
        if (values in record) record[key] = record[values];
        continue;
      }
      const code = codes ? codes[row] : values.length === 1 ? 0 : row;
      if (code >= 0) record[key] = values[code];
    }
  }
  return records;
}

function readLayers(manifest, blocks, shapes) {
  const layers = new Map();
  for (const plan of manifest.plans) {
    for (const system of plan.systems) {
      for (const info of system.layers) {
        const kind = manifest.kinds[info.kind] || { ...FALLBACK_KIND, label: info.title };
        const known = { id: info.id, info, system, plan, kind };
        const held = holding(() => shapes(info.id) || geometriesOf([]));
        layers.set(info.id, new PlanLayerRecord(known, blocks[info.id] || NOTHING, held));
      }
    }
  }
  return layers;
}

/** The base map as collections of records, with the geometries of each. */
function readBase(blocks, shapes) {
  const base = {};
  for (const [name, { ids, properties }] of Object.entries(blocks)) {
    const held = holding(() => shapes(`base:${name}`) || geometriesOf([]));
    base[name] = collectionOf({ name }, recordsOf(properties).map((record, row) => new GeoRecord(ids[row], record, held, row)));
    Object.defineProperty(base[name], "geometries", { get: () => held.geometries });
  }
  base.cities = citiesOf(base.counties);
  return base;
}

/** A city is its counties, united when somebody looks at it. */
function citiesOf(counties) {
  const rows = new Map();
  for (const { row, properties } of counties.features) {
    const { city } = properties;
    if (city && rows.has(city)) rows.get(city).push(row);
    else if (city) rows.set(city, [row]);
  }
  const cities = [...rows].map(([name, its]) => {
    const properties = { name_zh: name, name_en: counties.features[its[0]].properties.city_en };
    return new GeoRecord(name, properties, holding(() => coveredBy(counties.geometries, its)), 0);
  });
  return collectionOf({ name: "cities" }, cities);
}

const idOf = ({ properties, id }) => String(properties.adcode ?? id);

const countyOf = (feature) => ({
  id: idOf(feature),
  props: feature.properties,
  get shape() {
    return feature.shape;
  },
});

/** Finds the county at a place in world units: by the index of boxes, then by the outlines. */
const countyFinder = (block, counties) => (x, y) => {
  const [gx, gy] = [x * GRID, y * GRID];
  for (const row of rowsIn(block.geometries, [gx, gy, gx, gy])) {
    const feature = block.features[row];
    if (feature.shape && contains(feature.shape, x, y)) return counties.get(idOf(feature));
  }
  return null;
};

/** Lists may come as arrays or, in tables of older make, as one string. */
export function listOf(value) {
  if (Array.isArray(value)) return value;
  return value ? String(value).split(/[;；、]/).filter(Boolean) : [];
}

/** Counties by name, features by plan and name; of several of one name the first. */
function namesOf(counties, features) {
  const found = { counties: new Map(), features: new Map() };
  for (const county of counties.values()) found.counties.set(county.props.name_zh, county);
  for (const feature of features.values()) {
    for (const name of [feature.props.name, ...listOf(feature.props.aliases)]) {
      const key = `${feature.layer.plan.id}|${name}`;
      if (!found.features.has(key)) found.features.set(key, feature);
    }
  }
  return found;
}

/**
 * @param {{ manifest: any, layers: any, base: any,
 *   shapes: (name: string) => import("./shapes/geometries.js").Geometries | undefined }} blocks shapes: not asked before
 *   something looks at a shape
 */
export function createModel({ manifest, layers: blocks, base: baseBlocks, shapes }) {
  const layers = readLayers(manifest, blocks, shapes);
  const base = readBase({ counties: { ids: [], properties: NOTHING.features }, ...baseBlocks }, shapes);
  const counties = new Map(base.counties.features.map((feature) => [idOf(feature), countyOf(feature)]));
  /** @type {Map<string, Feature>} */
  const features = new Map();
  for (const layer of layers.values()) for (const feature of layer.features) features.set(feature.id, feature);
  let names = null;

  /** A county or feature that a name or id in the data means; counties first. */
  function resolve(name, planId) {
    names = names || namesOf(counties, features);
    const county = counties.get(String(name)) || names.counties.get(name);
    if (county) return { type: "county", id: county.id };
    const feature = features.get(name) || names.features.get(`${planId}|${name}`);
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
    countyAt: countyFinder(base.counties, counties),
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
  if (!boxesMeet(shape.bbox, county.shape.bbox)) return false;
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
  return (base.places ? base.places.features : []).map(({ id, properties: props, row, shape }) => {
    const [x, y] = shape.bbox;
    return { id, props, row, x, y, shape };
  });
}
