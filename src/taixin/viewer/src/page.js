/** Opens the page: reads its data and draws the map. What stands around the map is furnished once that is painted. */
import L from "leaflet";
import { createActions } from "./actions.js";
import { createFindActions } from "./actions-find.js";
import { createBasemap } from "./basemap.js";
import { blockText, inflateFast, readAll } from "./blocks.js";
import { sideStore } from "./compare/side-store.js";
import { createFooter } from "./controls/footer.js";
import { createHeader } from "./controls/header.js";
import { createThemes } from "./controls/themes.js";
import { el } from "./dom.js";
import { createDrawing, isDrawn } from "./draw/draw.js";
import { sheetScale } from "./draw/scale.js";
import { showLayer } from "./go.js";
import { createLanguage } from "./language.js";
import { createModel } from "./model.js";
import { applyPalette } from "./palette.js";
import { followStore } from "./plan-layers.js";
import { complete, unpack } from "./shapes/unpack.js";
import { findState } from "./state-find.js";
import { createStore } from "./store.js";
import { createSurveys, followSurveys } from "./surveys/surveys.js";
import { themeOf } from "./themes.js";
import { isNarrow } from "./window.js";

/** The page opens with one plan, the first; several structures over each other would show none. */
function firstState(manifest) {
  const narrow = isNarrow();
  const visible = new Set();
  const expanded = new Set();
  for (const plan of manifest.plans.slice(0, 1)) {
    expanded.add(plan.id);
    for (const system of plan.systems) {
      const shown = system.layers.filter((info) => info.visible !== false).map((info) => info.id);
      if (shown.length) expanded.add(`${plan.id}/${system.id}`).add(`theme:${themeOf(system)}`);
      for (const id of shown) visible.add(id);
    }
  }
  return {
    lang: manifest.lang === "en" ? "en" : "zh",
    visible,
    opacity: {},
    expanded,
    selection: null,
    hits: [],
    trail: [],
    step: -1,
    panels: { tree: !narrow, legend: !narrow, card: false, tools: false },
    scale: sheetScale(),
    ...findState(),
    compare: null,
    split: 0.5,
    time: null,
    embed: false,
  };
}

/**
 * The frame of the page: what is above and below the map, and empty panels as wide as they will be; folium's own map
 * element moves into the stage.
 */
function buildFrame(page, container) {
  const { panels } = page.store.get();
  const panel = (tag, name, open) => el(tag, { class: `${name}${open ? "" : " is-closed"}` });
  const parts = { tree: panel("nav", "panel panel-tree", panels.tree), legend: panel("section", "legend", panels.legend), dock: el("section", { hidden: true }) };
  const stage = el("main", { class: "stage", id: "taixin-stage", data: { role: "stage" } }, container, parts.legend);
  const work = el("div", { class: "work" }, parts.tree, el("div", { class: "column" }, stage, parts.dock));
  const shell = el("div", { class: "atlas", data: { role: "atlas" } }, createHeader(page), createThemes(page), work, createFooter(page));
  document.body.insertBefore(shell, document.body.firstChild);
  return { shell, stage, parts };
}

function setUpMap(map, page) {
  if (map.attributionControl) map.attributionControl.remove();
  if (map.zoomControl) map.zoomControl.remove();
  map.options.zoomSnap = 0.25;
  map.options.zoomDelta = 0.5;
  map.options.wheelPxPerZoomLevel = 120;
  map.options.minZoom = 5;
  if (!Number.isFinite(map.getMaxZoom())) map.options.maxZoom = 17;
  const container = map.getContainer();
  container.setAttribute("role", "application");
  const label = () => container.setAttribute("aria-label", page.lang.t("map_help"));
  page.store.on(["lang"], label);
  label();
}

/** The extent of what is visible, else the bounds of the manifest: west, south, east, north. */
function extentOf({ model, store, manifest }) {
  const { visible } = store.get();
  const boxes = [...model.layers.values()].filter(({ id, info }) => visible.has(id) && info.bbox).map(({ info }) => info.bbox);
  if (!boxes.length) return manifest.bounds;
  return boxes.reduce(([w, s, e, n], box) => [Math.min(w, box[0]), Math.min(s, box[1]), Math.max(e, box[2]), Math.max(n, box[3])]);
}

/** The start view, and what the "whole area" button shows. */
function showWhole(page) {
  const { map } = page;
  const [w, s, e, n] = extentOf(page);
  map.invalidateSize({ pan: false });
  // Room for the legend, which lies over the right edge of wide maps.
  const legend = map.getContainer().parentNode.querySelector(".legend");
  const right = map.getSize().x > 900 && legend ? legend.offsetWidth + 10 : 14;
  const options = { paddingTopLeft: [14, 14], paddingBottomRight: [right, 14], animate: false };
  map.fitBounds(L.latLngBounds([s, w], [n, e]), options);
}

/** Waits until the map is painted and has been on the screen for a frame. */
const painted = (map) => new Promise((done) => {
  const look = () => requestAnimationFrame(() => (isDrawn(map) ? window.setTimeout(shown) : look()));
  function shown() {
    performance.mark("taixin-map");
    done();
  }
  look();
});

/** Waits for the blocks that stand after the script of the map. */
const wholePage = () => new Promise((done) => {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", done, { once: true });
  else done();
});

/** Reads what an overview of the shapes left out, where there is one, and draws what was seen too coarsely. */
async function completeShapes(shapes, map) {
  if (!document.getElementById("taixin-detail")) return;
  const bytes = await inflateFast(blockText("taixin-detail"));
  const [{ arcs }] = shapes.values();
  const isSeen = !arcs.suffices(Math.ceil(map.getZoom()));
  complete(shapes, bytes);
  if (isSeen) map.fire("taixin:restyle");
}

/** Runs the script of all that stands around the map; the page's policy knows its digest. */
async function loadFurniture() {
  const script = new TextDecoder().decode(await inflateFast(blockText("taixin-furniture")));
  document.head.appendChild(el("script", { text: script }));
  return window.taixin.furnish;
}

/** @param {import("leaflet").Map} map the map that folium's script has made */
export async function openPage(map) {
  const packed = inflateFast(blockText("taixin-shapes"));
  const [manifest, layers, base] = await readAll(["taixin-manifest", "taixin-layers", "taixin-base"]);
  let shapes = null;
  const model = createModel({ manifest, layers, base, shapes: (name) => shapes.get(name) });
  const initial = firstState(manifest);
  const store = createStore(initial);
  // Before anybody else listens: they draw what this changes.
  store.on(["palette"], ({ palette }) => applyPalette(model, palette));
  applyPalette(model, initial.palette);
  const lang = createLanguage(store);
  const surveys = createSurveys(manifest.surveys, ({ id }) => `taixin-survey-${id}`);
  const page = { map, manifest, model, store, surveys, lang, actions: { ...createActions(store), ...createFindActions(store, model, initial) }, whole: () => showWhole(page), showLayer: (layer) => showLayer(page, layer) };
  // A frame shown without its map would only delay that.
  shapes = unpack(await packed);
  document.documentElement.style.setProperty("--tx-k", String(initial.scale));
  const frame = buildFrame(page, map.getContainer());
  setUpMap(map, page);
  page.whole();

  page.basemap = createBasemap(model);
  const drawing = createDrawing(map, { pane: "taixin-features", zIndex: 350 });
  for (const layer of page.basemap.layers) drawing.add(layer);
  followStore(drawing, model, sideStore(page, "a"));
  followSurveys(drawing, surveys);
  const shown = painted(map);
  // A link may want another view than the first: then nothing is shown before it is known.
  if (location.hash.length < 2) await shown;
  await wholePage();
  await completeShapes(shapes, map);
  (await loadFurniture())(page, drawing, frame);
  if (manifest.tiles) window.taixin.openTiles(page);
  return page;
}
