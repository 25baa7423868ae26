/** What stands around the map, and the names on it: controls, panels, tools. The only module that knows all of them. */
import { baseRequests } from "./basemap.js";
import { createAbout } from "./controls/about.js";
import { createCompare } from "./controls/compare.js";
import { createCountyCompare } from "./controls/county-compare.js";
import { bothSides, comparesMaps, sideStore } from "./compare/side-store.js";
import { startCompare } from "./compare/stage.js";
import { createCard } from "./controls/card.js";
import { createDock } from "./controls/dock.js";
import { createHint } from "./controls/hint.js";
import { createHover } from "./controls/hover.js";
import { createLegend } from "./controls/legend.js";
import { createMapTools } from "./controls/map-tools.js";
import { createReadout } from "./controls/readout.js";
import { createScaleBar } from "./controls/scale-bar.js";
import { createThemeNote } from "./controls/themes.js";
import { createPrint } from "./controls/print.js";
import { createShare } from "./controls/share.js";
import { createTime } from "./controls/time.js";
import { createTree } from "./controls/tree.js";
import { isDrawn } from "./draw/draw.js";
import { sheetScale } from "./draw/scale.js";
import { pointOf } from "./geometry.js";
import { createLabels } from "./labels/layer.js";
import { followIdentify, followSelection } from "./selection.js";
import { involvedCounties, planRequests, visibleFeatures } from "./plan-layers.js";
import { createEmbedFrame } from "./share/embed.js";
import { startShare } from "./share/history.js";
import { createWorkbench } from "./own/workbench.js";
import { faintness, followTime, isNamed } from "./time/follow.js";
import { isNarrow } from "./window.js";

const legendOfBoth = (page) => createLegend({ ...page, store: bothSides(page) });

/** Puts the panels in their places, and what lies over the map into the stage. */
function place(page, { shell, stage, parts }) {
  parts.tree.replaceWith(createTree(page));
  parts.dock.replaceWith(createDock(page));
  parts.legend.remove();
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
  return workbench;
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
        { shape: basemap.borders.city.shape, weight: 0.35 },
        { shape: basemap.borders.county.shape, weight: 0.22 },
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
  if (window.ResizeObserver) new ResizeObserver(settle).observe(stage);
  else window.addEventListener("resize", settle);
}

/**
 * @param {any} page as the map has it
 * @param {any} drawing of base map and plans
 * @param {{ shell: HTMLElement, stage: HTMLElement, parts: Record<string, HTMLElement> }} frame empty panels
 */
export function furnish(page, drawing, frame) {
  const { store, basemap } = page;
  const { stage } = frame;
  const workbench = place(page, frame);
  page.sceneOf = gatherer;
  startShare(page);
  // Marks what has no card, such as a river, until a card is opened.
  page.mark = (list) => drawing.highlight("marked", list);
  store.on(["selection"], () => page.mark([]));
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
  performance.mark("taixin-furnished");
}
