/** What lies nearest to a point: axes, corridors and stations of all plans, with distances on the ellipsoid. */
import { toLonLat } from "./geometry.js";

/** Kinds by what a planner asks for. */
const ASKED = [
  ["axes", (kind) => kind.endsWith("_axis")],
  ["corridors", (kind) => kind.endsWith("_corridor")],
  ["hubs", (kind) => kind === "transport_hub"],
  ["stations", (kind) => kind === "airport"],
];

const A = 6378137;
const F = 1 / 298.257222101;
const B = A * (1 - F);
const rad = (degrees) => (degrees * Math.PI) / 180;

/** What Vincenty's formulae need of the arc between two points on the auxiliary sphere. */
function arc(sinU1, cosU1, sinU2, cosU2, lambda) {
  const sinLambda = Math.sin(lambda);
  const cosLambda = Math.cos(lambda);
  const sinSigma = Math.hypot(cosU2 * sinLambda, cosU1 * sinU2 - sinU1 * cosU2 * cosLambda);
  const cosSigma = sinU1 * sinU2 + cosU1 * cosU2 * cosLambda;
  const sinAlpha = sinSigma ? (cosU1 * cosU2 * sinLambda) / sinSigma : 0;
  const cos2Alpha = 1 - sinAlpha ** 2;
  const cos2M = cos2Alpha ? cosSigma - (2 * sinU1 * sinU2) / cos2Alpha : 0;
  return { sinSigma, cosSigma, sigma: Math.atan2(sinSigma, cosSigma), sinAlpha, cos2Alpha, cos2M };
}

/** Metres between two positions on the ellipsoid of CGCS2000 (Vincenty 1975; far from antipodes here). */
export function ellipsoidDistance([lon1, lat1], [lon2, lat2]) {
  const u1 = Math.atan((1 - F) * Math.tan(rad(lat1)));
  const u2 = Math.atan((1 - F) * Math.tan(rad(lat2)));
  const sines = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)];
  const L = rad(lon2 - lon1);
  let lambda = L;
  let p = arc(...sines, lambda);
  for (let n = 0; n < 60 && p.sinSigma; n++) {
    const C = (F / 16) * p.cos2Alpha * (4 + F * (4 - 3 * p.cos2Alpha));
    const next = L + (1 - C) * F * p.sinAlpha * (p.sigma + C * p.sinSigma * (p.cos2M + C * p.cosSigma * (2 * p.cos2M ** 2 - 1)));
    const step = Math.abs(next - lambda);
    lambda = next;
    p = arc(...sines, lambda);
    if (step < 1e-12) break;
  }
  if (!p.sinSigma) return 0;
  const v2 = (p.cos2Alpha * (A ** 2 - B ** 2)) / B ** 2;
  const a = 1 + (v2 / 16384) * (4096 + v2 * (-768 + v2 * (320 - 175 * v2)));
  const b = (v2 / 1024) * (256 + v2 * (-128 + v2 * (74 - 47 * v2)));
  const inner = p.cosSigma * (2 * p.cos2M ** 2 - 1) - (b / 6) * p.cos2M * (4 * p.sinSigma ** 2 - 3) * (4 * p.cos2M ** 2 - 3);
  return B * a * (p.sigma - b * p.sinSigma * (p.cos2M + (b / 4) * inner));
}

/** Metres per degree of longitude and latitude around a place. */
function scaleAt(lat) {
  const e2 = F * (2 - F);
  const w2 = 1 - e2 * Math.sin(rad(lat)) ** 2;
  return [rad((A * Math.cos(rad(lat))) / Math.sqrt(w2)), rad((A * (1 - e2)) / w2 ** 1.5)];
}

/** Lines as lon and lat: between two of its positions a line of GeoJSON is straight in degrees, not on the map. */
const degrees = new WeakMap();
function linesOf(shape) {
  if (!degrees.has(shape)) {
    const pairs = ([line]) => Array.from({ length: line.length / 2 }, (_, i) => toLonLat(line[2 * i], line[2 * i + 1]));
    degrees.set(shape, shape.parts.map(pairs));
  }
  return degrees.get(shape);
}

/** The position on a line, or the point itself, that is nearest in the plane around the place asked for. */
function nearestOn(shape, [lon, lat], [kx, ky]) {
  let best = { d2: Infinity, at: [lon, lat] };
  const offer = (x, y) => {
    const d2 = ((x - lon) * kx) ** 2 + ((y - lat) * ky) ** 2;
    if (d2 < best.d2) best = { d2, at: [x, y] };
  };
  for (const line of linesOf(shape)) {
    offer(...line[0]);
    for (let i = 1; i < line.length; i++) {
      const [[ax, ay], [bx, by]] = [line[i - 1], line[i]];
      const [dx, dy] = [(bx - ax) * kx, (by - ay) * ky];
      const length2 = dx * dx + dy * dy;
      const t = length2 ? Math.max(0, Math.min(1, ((lon - ax) * kx * dx + (lat - ay) * ky * dy) / length2)) : 0;
      offer(ax + t * (bx - ax), ay + t * (by - ay));
    }
  }
  return best;
}

const stations = new WeakMap();

/** Stations and airports that are there, whether a plan speaks of them or not; `place` is the record of the base map. */
function stationsOf({ base }) {
  const list = base.stations ? base.stations.features : [];
  if (!stations.has(base)) {
    stations.set(base, list.map((place) => ({ id: `stations/${place.id}`, props: { ...place.properties, name: place.properties.name_zh }, shape: place.shape, place })));
  }
  return stations.get(base);
}

/**
 * @param {any} model @param {[number, number]} lonLat @param {number} [each] how many of every sort
 * @returns {Array<{ sort: string, found: Array<{ feature: any, distance: number }> }>} distance in metres
 */
export function nearestTo(model, lonLat, each = 2) {
  const scale = scaleAt(lonLat[1]);
  const open = [...model.features.values()].filter(({ shape }) => shape && shape.type !== "polygon");
  return ASKED.map(([sort, asked]) => {
    const near = [...open.filter(({ layer }) => asked(layer.info.kind)), ...(sort === "stations" ? stationsOf(model) : [])]
      .map((feature) => ({ feature, ...nearestOn(feature.shape, lonLat, scale) }))
      .sort((a, b) => a.d2 - b.d2);
    // The same thing in two plans is one answer.
    const names = new Set();
    const first = near.filter(({ feature }) => !names.has(feature.props.name) && names.add(feature.props.name)).slice(0, each);
    return { sort, found: first.map(({ feature, at }) => ({ feature, distance: ellipsoidDistance(lonLat, at) })) };
  }).filter(({ found }) => found.length);
}
