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
import { geometriesOf, rowsIn } from "./shapes/geometries.js";
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
  constructor(known, { members, features }, geometries) {
    Object.assign(this, known);
    this.geometries = geometries;
    this.members = members;
    this.features = recordsOf(features).map((props, row) => new PlanFeature(props, row, this));
    this.made = undefined;
  }

  get collection() {
    if (!this.made) {
      const records = this.features.map(({ id, props, row }) => new GeoRecord(id, props, this.geometries, row));
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
    for (let row = 0; row < count; row++) {
      const code = codes ? codes[row] : values.length === 1 ? 0 : row;
      if (code >= 0) records[row][key] = values[code];
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
        layers.set(info.id, new PlanLayerRecord(known, blocks[info.id] || NOTHING, shapes.get(info.id) || geometriesOf([])));
      }
    }
  }
  return layers;
}

/** The base map as collections of records, with the geometries of each. */
function readBase(blocks, shapes) {
  const base = {};
  for (const [name, { ids, properties }] of Object.entries(blocks)) {
    const geometries = shapes.get(`base:${name}`) || geometriesOf([]);
    base[name] = collectionOf({ name }, recordsOf(properties).map((record, row) => new GeoRecord(ids[row], record, geometries, row)));
    base[name].geometries = geometries;
  }
  base.cities = citiesOf(base.counties);
  return base;
}

/** A city is its counties, united when somebody looks at it. */
class CityRecord extends GeoRecord {
  constructor(properties, counties, rows) {
    super(properties.name_zh, properties, null, 0);
    this.counties = counties;
    this.rows = rows;
  }

  unite() {
    this.geometries = this.geometries || coveredBy(this.counties, this.rows);
    return this;
  }

  get geometry() {
    return this.unite() && super.geometry;
  }

  get shape() {
    return this.unite() && super.shape;
  }
}

function citiesOf({ features, geometries }) {
  const rows = new Map();
  for (const { row, properties } of features) {
    const { city } = properties;
    if (city && rows.has(city)) rows.get(city).push(row);
    else if (city) rows.set(city, [row]);
  }
  const cities = [...rows].map(([name, its]) => new CityRecord({ name_zh: name, name_en: features[its[0]].properties.city_en }, geometries, its));
  return collectionOf({ name: "cities" }, cities);
}

function readCounties({ counties: { features } }) {
  const located = features.filter(({ shape }) => shape);
  return new Map(located.map(({ properties: props, id, shape }) => [String(props.adcode ?? id), { id: String(props.adcode ?? id), props, shape }]));
}

/** Finds the county at a place in world units: by the index of boxes, then by the outlines. */
const countyFinder = ({ counties: { features, geometries } }, counties) => (x, y) => {
  const [gx, gy] = [x * GRID, y * GRID];
  for (const row of rowsIn(geometries, [gx, gy, gx, gy])) {
    const { shape, properties, id } = features[row];
    if (shape && contains(shape, x, y)) return counties.get(String(properties.adcode ?? id));
  }
  return null;
};

/** Lists may come as arrays or, in tables of older make, as one string. */
export function listOf(value) {
  if (Array.isArray(value)) return value;
  return value ? String(value).split(/[;；、]/).filter(Boolean) : [];
}

/** @param {{ manifest: any, layers: any, base: any, shapes: Map<string, import("./shapes/geometries.js").Geometries> }} blocks */
export function createModel({ manifest, layers: blocks, base: baseBlocks, shapes }) {
  const layers = readLayers(manifest, blocks, shapes);
  const base = readBase({ counties: { ids: [], properties: NOTHING.features }, ...baseBlocks }, shapes);
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
    countyAt: countyFinder(base, counties),
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
