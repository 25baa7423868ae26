/**
 * The map of a sheet is drawn in CGCS2000 / 3° Gauss-Kruger, not in the screen's Mercator, so that one scale holds
 * over the whole sheet: within 0.06 % as far as 200 km from the central meridian. Metres, y downwards.
 */
import proj4 from "proj4";
import { epsgOf, meridianOf } from "../gauss-kruger.js";
import { bboxOf, toLonLat } from "../geometry.js";

const planes = new Map();

/** The plane of the zone that holds a longitude; its shapes are projected once. */
export function planeAt(lon) {
  const meridian = meridianOf(lon);
  if (!planes.has(meridian)) planes.set(meridian, createPlane(meridian));
  return planes.get(meridian);
}

function createPlane(meridian) {
  const projection = proj4(`+proj=tmerc +lat_0=0 +lon_0=${meridian} +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs`);
  const cache = new WeakMap();
  const forward = (lon, lat) => {
    const [east, north] = projection.forward([lon, lat]);
    return [east, -north];
  };
  const inverse = (x, y) => projection.inverse([x, -y]);

  function line(world) {
    const out = new Float64Array(world.length);
    for (let i = 0; i < world.length; i += 2) {
      [out[i], out[i + 1]] = forward(...toLonLat(world[i], world[i + 1]));
    }
    return out;
  }
  function shape(from) {
    if (!cache.has(from)) {
      const parts = from.parts.map((part) => part.map(line));
      cache.set(from, { type: from.type, parts, bbox: bboxOf(parts) });
    }
    return cache.get(from);
  }
  /** Angle from grid north to true north, in degrees clockwise. */
  const convergence = (lon, lat) => -(lon - meridian) * Math.sin((lat * Math.PI) / 180);
  return { meridian, epsg: epsgOf(meridian), forward, inverse, shape, convergence };
}

/** The model with every shape of what is visible in the plane. */
export function projectModel(model, plane, visible) {
  const features = new Map();
  const layers = new Map();
  for (const [id, layer] of model.layers) {
    const own = { ...layer, features: [] };
    layers.set(id, own);
    if (!visible.has(id)) continue;
    own.features = layer.features.map((feature) => {
      const copy = { ...feature, layer: own, shape: feature.shape && plane.shape(feature.shape) };
      features.set(feature.id, copy);
      return copy;
    });
  }
  const counties = new Map([...model.counties].map(([id, county]) => [id, { ...county, shape: plane.shape(county.shape) }]));
  return { ...model, layers, features, counties };
}

/** The base map in the plane. */
export function projectBase(basemap, plane) {
  const all = (items) => items.map((item) => (item.shape ? { ...item, shape: plane.shape(item.shape) } : item));
  const place = (item) => {
    const [x, y] = plane.forward(...toLonLat(item.x, item.y));
    return { ...item, x, y, shape: item.shape && plane.shape(item.shape) };
  };
  const line = ({ shape }) => ({ shape: plane.shape(shape) });
  const { province, city, county } = basemap.borders;
  return {
    ...basemap,
    borders: { province: line(province), city: line(city), county: line(county) },
    rivers: all(basemap.rivers),
    places: basemap.places.map(place),
    layers: basemap.layers.map((layer) => ({ ...layer, items: all(layer.items) })),
  };
}
