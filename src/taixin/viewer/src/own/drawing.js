/** The user's own things on the map: drawings, loaded files, the site that is checked, the shape being drawn. */
import L from "leaflet";
import { el } from "../dom.js";
import { createDrawing } from "../draw/draw.js";
import { shapeOf, toLonLat } from "../geometry.js";
import { innerPoint } from "../inner-point.js";
import { draftMeasures, geometryOf } from "../measure/draft.js";
import { shortText } from "../measure/amounts.js";
import { measuresOf } from "../measure/geodesy.js";
import { withGeometries } from "../shapes/geometries.js";

// No plan kind uses this blue, so one's own drawings are never taken for the plan's.
const INK = "#0b57d0";
const LOOK = { fill: INK, fill_opacity: 0.12, stroke: INK, width: 2.6, opacity: 1, casing: "#ffffff", casing_width: 1.6, marker: "circle", size: 11 };
const SHAPE_LOOK = { ...LOOK, casing: undefined };
const DATA_LOOK = { fill_opacity: 0.2, width: 1.8, opacity: 1, marker: "square", size: 9 };
// Files of one's own are told apart by colour; none of these is a plan's.
const HUES = ["#7a1fa2", "#00695c", "#ad1457", "#283593", "#5d4037"].map((hue) => ({ fill: hue, stroke: hue }));
const DRAFT_LOOK = { ...SHAPE_LOOK, dash: [6, 4], width: 2.2, size: 8 };
const SITE_LOOK = { fill: "#c2185b", fill_opacity: 0.16, stroke: "#c2185b", width: 3, opacity: 1, marker: "diamond", size: 15 };

/** A symbol that fits the geometry: the casing of an area would be a tinted band inside it. */
const lookFor = (shape, look) => (shape.type === "line" ? { ...look, casing: "#ffffff", casing_width: 1.6 } : look);

const TYPES = ["polygon", "line", "point"];

const itemOf = (id, geometry) => {
  const shape = shapeOf(geometry);
  return shape && { id, shape, uncertain: false };
};

/** One drawing layer per kind of geometry, since a symbol is for one kind. */
function put(drawing, id, order, look, items) {
  for (const type of TYPES) {
    const own = items.filter((item) => item && item.shape.type === type);
    const name = `${id}-${type}`;
    if (own.length) drawing.add(withGeometries({ id: name, order, symbol: lookFor(own[0].shape, look), pickable: true, items: own }));
    else drawing.remove(name);
  }
}

/** Where a drawing's name stands. */
function anchorOf(shape) {
  if (shape.type === "polygon") return innerPoint(shape);
  const [line] = shape.parts[0];
  const middle = 2 * Math.floor(line.length / 4);
  return [line[middle], line[middle + 1]];
}

function labelFor(sketch, lang) {
  const shape = shapeOf(sketch.geometry);
  if (!shape) return null;
  const [lon, lat] = toLonLat(...anchorOf(shape));
  const measure = shortText(measuresOf(sketch.geometry), lang);
  const node = el("span", { data: { role: "sketch-label" } }, sketch.name && el("strong", { text: sketch.name }), measure && el("span", { text: measure }));
  if (!node.firstChild) return null;
  const direction = shape.type === "point" ? "right" : "center";
  const offset = shape.type === "point" ? [8, 0] : [0, 0];
  return L.tooltip({ permanent: true, direction, offset, className: "sketch-name", interactive: false }).setLatLng([lat, lon]).setContent(node);
}

/** @param {any} page with `own`, the store of the user's own things */
export function createOwnDrawing(page) {
  const { map, own, store } = page;
  const drawing = createDrawing(map, { pane: "taixin-own", zIndex: 420 });
  let labels = [];

  function sketches() {
    const { sketches: list } = own.get();
    put(drawing, "sketches", 20, SHAPE_LOOK, list.map(({ id, geometry }) => itemOf(id, geometry)));
    for (const label of labels) label.remove();
    labels = list.map((sketch) => labelFor(sketch, store.get().lang)).filter(Boolean);
    for (const label of labels) label.addTo(map);
  }

  function draft(state) {
    const geometry = state && geometryOf(state.type, state.all);
    const corners = state ? state.corners.map((corner, i) => itemOf(`corner-${i}`, { type: "Point", coordinates: corner })) : [];
    put(drawing, "draft", 40, DRAFT_LOOK, geometry && geometry.type !== "Point" ? [itemOf("draft", geometry)] : []);
    put(drawing, "corners", 41, { ...LOOK, fill: "#ffffff", size: 8, width: 2 }, corners);
  }

  function site({ site: chosen }) {
    put(drawing, "site", 30, SITE_LOOK, chosen ? [itemOf("site", chosen.geometry)] : []);
  }

  let loaded = [];
  function layers({ layers: list }) {
    for (const id of loaded) for (const type of TYPES) drawing.remove(`${id}-${type}`);
    const shown = list.filter(({ visible }) => visible);
    loaded = shown.map(({ id }) => id);
    shown.forEach(({ id, features }, i) => {
      put(drawing, id, 10, { ...DATA_LOOK, ...HUES[i % HUES.length] }, features.map(({ geometry }, n) => itemOf(`${id}#${n}`, geometry)));
    });
  }

  own.on(["layers"], layers);
  own.on(["sketches"], sketches);
  store.on(["lang"], sketches);
  own.on(["site"], site);
  return { pick: drawing.pick, draft, draftText: (state) => shortText(draftMeasures(state.type, state.all), store.get().lang) };
}
