/** Puts the page together: model, store, drawing, controls. The only module that knows all of them. */
import L from "leaflet";
import { createActions } from "./actions.js";
import { createFindActions } from "./actions-find.js";
import { baseRequests, createBasemap } from "./basemap.js";
import { readAll } from "./blocks.js";
import { createAbout } from "./controls/about.js";
import { createCompare } from "./controls/compare.js";
import { createCountyCompare } from "./controls/county-compare.js";
import { bothSides, comparesMaps, sideStore } from "./compare/side-store.js";
import { startCompare } from "./compare/stage.js";
import { createCard } from "./controls/card.js";
import { createDock } from "./controls/dock.js";
import { createFooter } from "./controls/footer.js";
import { createHeader } from "./controls/header.js";
import { createHint } from "./controls/hint.js";
import { createHover } from "./controls/hover.js";
import { createLegend } from "./controls/legend.js";
import { createMapTools } from "./controls/map-tools.js";
import { createReadout } from "./controls/readout.js";
import { createScaleBar } from "./controls/scale-bar.js";
import { createThemeNote, createThemes } from "./controls/themes.js";
import { createPrint } from "./controls/print.js";
import { createShare } from "./controls/share.js";
import { createTime } from "./controls/time.js";
import { createTree } from "./controls/tree.js";
import { el } from "./dom.js";
import { createDrawing, isDrawn } from "./draw/draw.js";
import { sheetScale } from "./draw/scale.js";
import { pointOf } from "./geometry.js";
import { showLayer } from "./go.js";
import { createLabels } from "./labels/layer.js";
import { createLanguage } from "./language.js";
import { createModel } from "./model.js";
import { applyPalette } from "./palette.js";
import { followIdentify, followSelection } from "./selection.js";
import { followStore, involvedCounties, planRequests, visibleFeatures } from "./plan-layers.js";
import { findState } from "./state-find.js";
import { createEmbedFrame } from "./share/embed.js";
import { startShare } from "./share/history.js";
import { unpack } from "./shapes/unpack.js";
import { createStore } from "./store.js";
import { themeOf } from "./themes.js";
import { createSurveys, followSurveys } from "./surveys/surveys.js";
import { createWorkbench } from "./own/workbench.js";
import { faintness, followTime, isNamed } from "./time/follow.js";
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

const legendOfBoth = (page) => createLegend({ ...page, store: bothSides(page) });

/** The frame of the page; folium's own map element moves into the stage. */
function buildShell(page, container) {
  const stage = el("main", { class: "stage", id: "taixin-stage", data: { role: "stage" } }, container);
  const work = el("div", { class: "work" }, createTree(page), el("div", { class: "column" }, stage, createDock(page)));
  const shell = el("div", { class: "atlas", data: { role: "atlas" } }, createHeader(page), createThemes(page), work, createFooter(page));
  for (const create of [createMapTools, legendOfBoth, createScaleBar, createReadout, createCompare, createTime, createCard]) {
    stage.appendChild(create(page));
  }
  stage.appendChild(createHover(page));
  stage.appendChild(createThemeNote(page));
  stage.appendChild(createHint(page));
  const workbench = createWorkbench(page);
  for (const node of workbench.nodes) stage.appendChild(node);
  shell.appendChild(createAbout(page));
  stage.appendChild(createEmbedFrame(page, shell));
  for (const create of [createShare, createPrint, createCountyCompare]) shell.appendChild(create(page));
  document.body.insertBefore(shell, document.body.firstChild);
  return { shell, stage, workbench };
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

const spot = (shape) => {
  const [x, y] = pointOf(shape);
  return { x, y };
};

/** A phone shows the whole area at a lower zoom: names of the plans come that much earlier there, before those of the base. */
const EARLIER_ON_A_PHONE = 1;

/** What there is to name, and what names should keep clear of. */
function gatherer(page, basemap) {
  const { model, lang, store } = page;
  return (zoom, early = 0) => {
    const { visible, filters, scale: k, time } = store.get();
    const features = visibleFeatures(model, visible, filters).filter((feature) => isNamed(feature, time));
    const inside = involvedCounties(model, features);
    const lines = features.filter((feature) => feature.shape.type === "line");
    const taken = lines.map((feature) => feature.props.name || "");
    const seats = basemap.places.filter(({ props }) => props.kind === "city" || props.kind === "county_seat");
    const points = features.filter((feature) => feature.shape.type === "point");
    return {
      requests: [...planRequests(features, lang, zoom + early), ...baseRequests(basemap, model, lang, zoom, inside, taken)],
      markers: [
        ...points.map(({ shape, layer }) => ({ ...spot(shape), size: k * (layer.kind.symbol.size || 12) })),
        ...seats.map(({ x, y, props }) => ({ x, y, size: props.kind === "city" ? 12 : 4 })),
      ],
      lines: [
        ...lines.map(({ shape, layer }) => ({ shape, weight: 2, reach: (k * (layer.kind.symbol.width || 2)) / 2 + 1 })),
        ...basemap.rivers.map(({ shape }) => ({ shape, weight: 0.4 })),
        { shape: basemap.borders.city, weight: 0.35 },
        { shape: basemap.borders.county, weight: 0.22 },
      ],
    };
  };
}

const onScreen = (gather) => (zoom) => gather(zoom, isNarrow() ? EARLIER_ON_A_PHONE : 0);

function addLabels(page, basemap, stage) {
  const covers = () => [...stage.querySelectorAll("[data-covers]")];
  let first = true;
  const painted = () => {
    if (!first) return;
    first = false;
    const tell = () => (isDrawn(page.map) ? Object.assign(document.documentElement.dataset, { ready: "true" }) : requestAnimationFrame(tell));
    requestAnimationFrame(tell);
  };
  const store = sideStore(page, "a");
  const part = () => (comparesMaps(store.get()) && store.get().compare.mode === "swipe" ? [0, store.get().split] : [0, 1]);
  page.covers = covers;
  page.labels = createLabels(page.map, { pane: "taixin-labels", zIndex: 450, gather: onScreen(gatherer({ ...page, store }, basemap)), covers, scale: () => page.store.get().scale, painted, part });
  return page.labels;
}

/** Keeps map and names in step with panels that open, and windows that resize. */
function followLayout(page, labels, stage) {
  const aside = ({ panels }) => stage.classList.toggle("has-card", Boolean(panels.card));
  page.store.on(["panels"], aside);
  aside(page.store.get());
  page.store.on(["visible", "lang", "panels", "filters", "palette", "compare", "time"], () => labels.refresh());
  const settle = () => {
    const { offsetWidth, offsetHeight } = stage;
    // Not shown while a sheet is printed: the map keeps its size and view.
    if (!offsetWidth || !offsetHeight) return;
    const known = page.map.getSize();
    if (known.x === offsetWidth && known.y === offsetHeight) return;
    page.map.invalidateSize({ pan: false });
    page.store.set({ scale: sheetScale() });
    labels.refresh();
  };
  const grow = () => {
    document.documentElement.style.setProperty("--tx-k", String(page.store.get().scale));
    page.map.fire("taixin:restyle");
  };
  page.store.on(["scale"], grow);
  grow();
  if (window.ResizeObserver) new ResizeObserver(settle).observe(stage);
  else window.addEventListener("resize", settle);
}

/** @param {import("leaflet").Map} map the map that folium's script has made */
export async function openPage(map) {
  const [packed, manifest, layers, base] = await readAll("taixin-shapes", ["taixin-manifest", "taixin-layers", "taixin-base"]);
  const model = createModel({ manifest, layers, base, shapes: unpack(packed) });
  const initial = firstState(manifest);
  const store = createStore(initial);
  // Before anybody else listens: they draw what this changes.
  store.on(["palette"], ({ palette }) => applyPalette(model, palette));
  applyPalette(model, initial.palette);
  const lang = createLanguage(store);
  const surveys = createSurveys(manifest.surveys, ({ id }) => `taixin-survey-${id}`);
  const page = { map, manifest, model, store, surveys, lang, actions: { ...createActions(store), ...createFindActions(store, model, initial) }, whole: () => showWhole(page), showLayer: (layer) => showLayer(page, layer) };
  const { stage, workbench } = buildShell(page, map.getContainer());
  setUpMap(map, page);
  page.whole();
  startShare(page);

  const basemap = createBasemap(model);
  page.basemap = basemap;
  page.sceneOf = gatherer;
  const drawing = createDrawing(map, { pane: "taixin-features", zIndex: 350 });
  for (const layer of basemap.layers) drawing.add(layer);
  // Marks what has no card, such as a river, until a card is opened.
  page.mark = (list) => drawing.highlight("marked", list);
  store.on(["selection"], () => page.mark([]));
  followStore(drawing, model, sideStore(page, "a"));
  followSurveys(drawing, surveys);
  workbench.start();
  followLayout(page, addLabels(page, basemap, stage), stage);
  page.faintness = () => faintness(page);
  followTime(page, drawing);
  const pointed = startCompare(page, drawing, stage);
  followSelection(page, pointed);
  followIdentify(page, pointed);
  const speak = () => document.documentElement.setAttribute("lang", store.get().lang === "zh" ? "zh-CN" : "en");
  store.on(["lang"], speak);
  speak();
  if (manifest.tiles) window.taixin.openTiles(page);
  return page;
}
