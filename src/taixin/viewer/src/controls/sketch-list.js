/** The list of one's own drawings: measures, name and note, save and load. */
import L from "leaflet";
import { el, fill } from "../dom.js";
import { download } from "../download.js";
import { shapeOf, toLonLat } from "../geometry.js";
import { areaTexts, lengthText, shortText } from "../measure/amounts.js";
import { crossesItself } from "../measure/crossing.js";
import { measuresOf } from "../measure/geodesy.js";
import { sketchesOf, sketchesText } from "../measure/sketches.js";
import { CHINA, within } from "../measure/systems.js";
import { featuresFrom, parseJson, Refusal, statedCrs } from "../own/geojson.js";
import { isCalm } from "../window.js";
import { coordinateList } from "./coordinate-list.js";

const FORM = { Point: "point", MultiPoint: "point", LineString: "line", MultiLineString: "line", Polygon: "polygon", MultiPolygon: "polygon" };
const MOST_BYTES = 10e6;
const MOST = 500;

/** @param {any} page @param {any} geometry GeoJSON in degrees */
export function showGeometry({ map, store }, geometry) {
  // The panel lies over the west of wide maps.
  const west = store.get().panels.tools && map.getSize().x > 900 ? 420 : 60;
  const { bbox } = shapeOf(geometry);
  const [[w, n], [e, s]] = [toLonLat(bbox[0], bbox[1]), toLonLat(bbox[2], bbox[3])];
  map.fitBounds(L.latLngBounds([s, w], [n, e]), { paddingTopLeft: [west, 60], paddingBottomRight: [60, 60], maxZoom: 14, animate: !isCalm() });
}

/** What a drawing measures, in full. */
export function measureFacts({ lang }, geometry) {
  const { length, area, perimeter } = measuresOf(geometry);
  const word = lang.lang();
  const row = (name, role, text) => [el("dt", { text: lang.t(name) }), el("dd", { data: { role } }, text)];
  return el(
    "dl",
    { class: "measures" },
    length !== undefined && row("length", "measure-length", lengthText(length, word)),
    area !== undefined && row("area_size", "measure-area", areaTexts(area, word).map(({ unit, text }) => el("span", { class: "measure-unit", data: { unit }, text }))),
    perimeter !== undefined && row("perimeter", "measure-perimeter", lengthText(perimeter, word)),
    (length !== undefined || area !== undefined) && el("dd", { class: "quiet", text: lang.t("ellipsoidal") }),
  );
}

function details(page, sketch) {
  const { lang, sketches } = page;
  const field = (tag, key, word) => {
    const input = el(tag, { data: { role: `sketch-${key}` }, maxlength: key === "name" ? 200 : 2000 });
    input.value = sketch[key];
    input.addEventListener("change", () => sketches.change(sketch.id, { [key]: input.value }));
    return el("label", {}, el("span", { text: lang.t(word) }), input);
  };
  const { geometry } = sketch;
  const button = (word, role, run) => el("button", { type: "button", class: "text-button", data: { role }, text: lang.t(word), on: { click: run } });
  return el(
    "div",
    { class: "sketch-details", data: { role: "sketch-details" } },
    measureFacts(page, geometry),
    crossesItself(geometry) && el("p", { class: "warning", text: lang.t("crosses_itself") }),
    geometry.type === "Point" && coordinateList(page, geometry.coordinates),
    field("input", "name", "sketch_name"),
    field("textarea", "note", "sketch_note"),
    el("div", { class: "tool-buttons" },
      button("sketch_zoom", "sketch-zoom", () => showGeometry(page, geometry)),
      page.checkSite && button("check_this", "sketch-check", () => page.checkSite({ geometry, name: sketch.name })),
      button("sketch_delete", "sketch-delete", () => sketches.remove(sketch.id)),
    ),
  );
}

function row(page, sketch, open) {
  const { lang, own } = page;
  const form = lang.t(`sketch_${FORM[sketch.geometry.type]}`);
  const name = sketch.name || form;
  return el(
    "li",
    { class: "sketch", data: { sketch: sketch.id } },
    el("button", {
      type: "button", class: "sketch-head", "aria-expanded": String(open), "aria-label": lang.t("sketch_edit", { what: name }),
      on: { click: () => own.set({ current: open ? null : sketch.id }) },
    }, el("span", { class: "sketch-title", text: name }), el("span", { class: "count", text: shortText(measuresOf(sketch.geometry), lang.lang()) })),
    open && details(page, sketch),
  );
}

/** Reads a file of drawings; nothing is changed unless all of it can be used. */
async function load(page, file) {
  if (file.size > MOST_BYTES) throw new Refusal("too_large", { size: (file.size / 1e6).toFixed(1), n: MOST_BYTES / 1e6 });
  const data = parseJson(await file.text());
  const crs = statedCrs(data);
  const { features, broken } = featuresFrom(data);
  if (!features.length) throw new Refusal("no_features");
  if (features.length > MOST) throw new Refusal("too_many_features", { n: MOST });
  const inChina = features.every(({ geometry }) => firstOf(geometry.coordinates, (lon, lat) => within(CHINA, lon, lat)));
  if (!inChina || (crs && crs !== "EPSG:4326" && crs !== "EPSG:4490")) throw new Refusal("not_lonlat");
  const added = page.sketches.add(sketchesOf(features));
  showGeometry(page, added[added.length - 1].geometry);
  return { added: added.length, broken };
}

const firstOf = (coordinates, test) => (typeof coordinates[0] === "number" ? test(coordinates[0], coordinates[1]) : coordinates.every((part) => firstOf(part, test)));

/** The hidden file field behind the load button. */
function picker(page, message) {
  const { lang } = page;
  const input = el("input", { type: "file", accept: ".geojson,.json", hidden: true, "aria-label": lang.t("sketches_load"), data: { role: "sketches-file" } });
  input.addEventListener("change", async () => {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    try {
      const { added, broken } = await load(page, file);
      const told = [lang.t("sketches_loaded", { n: added }), broken.length && lang.t("some_broken", { list: broken.slice(0, 12).join(", ") })];
      message.textContent = told.filter(Boolean).join(" ");
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      message.textContent = lang.t(error.word, error.values);
    }
  });
  return input;
}

/** @param {any} page */
export function createSketchList(page) {
  const { lang, store, own, sketches } = page;
  const list = el("ul", { class: "sketch-list" });
  const message = el("p", { class: "tool-message", role: "status", data: { role: "sketches-message" } });
  const file = picker(page, message);
  const title = el("h3");
  const tools = el("div", { class: "tool-buttons" });
  const button = (word, role, run, more = {}) => el("button", { type: "button", class: "text-button", data: { role }, text: lang.t(word), on: { click: run }, ...more });
  const save = () => download("taixin-sketches.geojson", "application/geo+json", sketchesText(sketches.all()));

  function render() {
    const { current } = own.get();
    const all = sketches.all();
    title.textContent = lang.t("sketches");
    fill(list, all.length ? all.map((sketch) => row(page, sketch, sketch.id === current)) : el("li", { class: "quiet", text: lang.t("sketches_none") }));
    fill(
      tools,
      button("sketches_save", "sketches-save", save, { disabled: !all.length }),
      button("sketches_load", "sketches-load", () => file.click()),
      button("sketches_clear", "sketches-clear", sketches.clear, { disabled: !all.length }),
      all.length > 0 && el("p", { class: "quiet", text: lang.t("sketches_kept") }),
    );
  }
  own.on(["sketches", "current"], render);
  store.on(["lang"], render);
  render();
  return el("section", { class: "tool-section", data: { role: "sketches" } }, title, list, tools, message, file);
}
