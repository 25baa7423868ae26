/**
 * Our own vector base: the counties as one land on plain paper, rivers, borders by rank, seats. Its colours live in CSS,
 * since it is no plan kind. Also says which base names the map should carry.
 */
import { placesOf } from "./model.js";
import { bordersOf, coveredBy } from "./shapes/borders.js";
import { geometriesOf } from "./shapes/geometries.js";
import { shapeAt } from "./shapes/shape-at.js";

/** Records of the base map that have a place, as items to draw. */
const itemsOf = ({ features }) =>
  features.filter(({ shape }) => shape).map(({ row, shape, properties: props }) => ({ id: `base-${row}`, row, shape, props, uncertain: false }));

const NONE = { features: [], geometries: geometriesOf([]) };
/** A region of one county has no borders between counties. @type {import("./geometry.js").Shape} */
const NO_LINE = { type: "line", parts: [], bbox: [Infinity, Infinity, -Infinity, -Infinity] };

/** Lines between counties as a layer to draw; not made before they are looked at. */
function borderLayer(about, held) {
  let shape = null;
  const item = {
    id: about.id,
    row: 0,
    uncertain: false,
    get shape() {
      shape = shape || shapeAt(held.geometries, 0) || NO_LINE;
      return shape;
    },
  };
  return Object.defineProperty({ ...about, items: [item] }, "geometries", { enumerable: true, get: () => held.geometries });
}

/** More counties than this crowd a map of small scale with their seats and borders. */
const CROWD = 500;
const CROWD_ZOOM = 6.5;

/** Legend rows of the base: word, class, form. */
export const BASE_LEGEND = [
  ["province_line", "base-province", "line"],
  ["city_line", "base-city", "line"],
  ["county_line", "base-county", "line"],
  ["river", "base-river", "line"],
  ["city_seat", "base-city-seat", "point"],
  ["county_seat", "base-county-seat", "point"],
];

/** @param {ReturnType<import("./model.js").createModel>} model */
export function createBasemap({ base }) {
  const { counties, rivers: waters = NONE, places: seats = NONE } = base;
  const areas = bordersOf(counties.geometries, (row) => counties.features[row].properties.city);
  const rivers = itemsOf(waters);
  const places = placesOf(base);
  const minZoom = counties.features.length > CROWD ? CROWD_ZOOM : 0;
  const ofKind = (kind) => places.filter((place) => place.props.kind === kind && place.shape).map(({ id, row, shape }) => ({ id: `base-${id}`, row, shape, uncertain: false }));
  const covered = coveredBy(counties.geometries);
  const whole = shapeAt(covered, 0);
  const land = { geometries: covered, items: whole ? [{ id: "base-land", row: 0, shape: whole, uncertain: false }] : [] };
  const county = borderLayer({ id: "base-county", order: 400, className: "base-county", minZoom }, areas.inner);
  const city = borderLayer({ id: "base-city", order: 410, className: "base-city" }, areas.group);
  const province = borderLayer({ id: "base-province", order: 420, className: "base-province" }, areas.outer);

  return {
    borders: { province: province.items[0], city: city.items[0], county: county.items[0] },
    rivers,
    places,
    layers: [
      { id: "base-shadow", order: -10, className: "base-shadow", ...land },
      { id: "base-land", order: 0, className: "base-land", ...land },
      { id: "base-river", order: 350, className: "base-river", geometries: waters.geometries, items: rivers },
      county,
      city,
      province,
      { id: "base-county-seat", order: 700, className: "base-county-seat", size: 5, minZoom, geometries: seats.geometries, items: ofKind("county_seat") },
      { id: "base-city-ring", order: 780, className: "base-city-ring", size: 12, geometries: seats.geometries, items: ofKind("city") },
      { id: "base-city-seat", order: 781, className: "base-city-seat", size: 6, geometries: seats.geometries, items: ofKind("city") },
    ],
  };
}

/** 阳曲县 → 阳曲, but 盂县 stays: a seat is written without its suffix when two characters remain. */
const seatName = (name) => (/^[\u4e00-\u9fff]{2,}[县市区]$/.test(name) ? name.slice(0, -1) : name);

function placeRequest(place, name, look) {
  return { type: "point", x: place.x, y: place.y, id: `place-${place.id}`, text: name, font: "sans", ...look };
}

function countyRequests(model, lang, zoom, inside) {
  const requests = [];
  for (const county of model.counties.values()) {
    const within = inside.has(county.id);
    if (zoom < (within ? 7.6 : 7.9)) continue;
    requests.push({
      id: `county-${county.id}`,
      type: "area",
      shape: county.shape,
      text: lang.name(county.props),
      priority: within ? 700 : 380,
      size: within ? 14 : 12,
      weight: within ? 500 : 400,
      font: "sans",
      spread: true,
      className: within ? "county inside" : "county",
    });
  }
  return requests;
}

function seatRequests(basemap, lang, zoom) {
  const zh = lang.lang() === "zh";
  const requests = [];
  for (const place of basemap.places) {
    const { kind } = place.props;
    const name = lang.name(place.props);
    if (kind === "city") {
      requests.push(placeRequest(place, name, { priority: 960, size: 18, weight: 700, marker: 12, className: "city", near: true }));
    } else if (kind === "county_seat" && zoom >= 10) {
      const text = zh ? seatName(name) : name;
      requests.push(placeRequest(place, text, { priority: 300, size: 12, weight: 400, marker: 5, className: "seat", near: true }));
    } else if (kind === "town" && zoom >= 11) {
      requests.push(placeRequest(place, name, { priority: 200, size: 11, weight: 400, marker: 3, className: "town", near: true }));
    }
  }
  return requests;
}

/**
 * Names the base map asks for.
 * @param {Set<string>} inside adcodes of counties that a visible plan layer involves
 * @param {string[]} taken names of visible line features: a river is not named twice
 */
export function baseRequests(basemap, model, lang, zoom, inside, taken) {
  const requests = [...countyRequests(model, lang, zoom, inside), ...seatRequests(basemap, lang, zoom)];
  for (const { id, shape, props } of basemap.rivers) {
    if (zoom < 7.5 || taken.some((name) => name.includes(props.name_zh))) continue;
    const size = zoom >= 10 ? 14 : 12;
    requests.push({
      id, type: "line", shape, text: lang.name(props).replace(/[（(].*$/, ""), priority: 450,
      size, weight: 500, font: "serif", lineWidth: 1, className: "water", limit: 3,
    });
  }
  return requests;
}
