/** The map of a sheet: the page's own drawing and lettering, for a frame and a scale instead of a window. */
import { svg } from "../dom.js";
import { createPaint } from "../draw/paint.js";
import { wantedOf } from "../filters.js";
import { boxesMeet } from "../geometry.js";
import { enlarged } from "../labels/layer.js";
import { layout } from "../labels/engine.js";
import { box } from "../labels/space.js";
import { write } from "../labels/write.js";
import { followStore } from "../plan-layers.js";
import { PIXEL_M } from "./paper.js";
import { projectBase, projectModel } from "./project.js";
import { buildLayer, placeAll } from "./svg-layers.js";

/** Metres per pixel of a Web Mercator map at zoom 0 on the equator. */
const ZOOM_0 = 156543.034;
/** Names keep this far from the frame. */
const CLEAR = 5;
let paint = null;
/** Clip paths of the sheets before are thrown away when a new one is drawn. */
let spent = [];

function viewOf({ plane, centre, scale, w, h, shift = 0 }) {
  const perMetre = 1 / (scale * PIXEL_M);
  const [x, y] = plane.forward(centre.lng, centre.lat);
  const zoom = Math.log2(ZOOM_0 * Math.cos((centre.lat * Math.PI) / 180) * perMetre);
  return { scale: perMetre, perMetre, ox: x * perMetre - w / 2 + shift, oy: y * perMetre - h / 2, box: [-24, -24, w + 24, h + 24], zoom };
}

/** A drawing that only remembers, so that the sheet follows the store by the same rules as the screen. */
function createRecord() {
  const layers = new Map();
  return {
    layers,
    has: (id) => layers.has(id),
    add: (layer) => layers.set(layer.id, { layer, opacity: 1 }),
    remove: (id) => layers.delete(id),
    style: (id, { opacity }) => Object.assign(layers.get(id), { opacity }),
  };
}

const seen = (bbox, view) => {
  const [x0, y0, x1, y1] = bbox.map((value, i) => value * view.scale - (i % 2 ? view.oy : view.ox));
  return boxesMeet([x0, y0, x1, y1], [0, 0, view.box[2] - 24, view.box[3] - 24]);
};

function drawLayers(record, base, view, k, faint) {
  const body = svg("g");
  const list = [...base.layers.map((layer) => ({ layer, opacity: 1, plain: true })), ...record.layers.values()];
  const order = (one) => one.layer.order;
  for (const { layer, opacity, plain } of list.sort((a, b) => order(a) - order(b))) {
    const items = layer.items.filter((item) => seen(item.shape.bbox, view) || item.shape.type === "point");
    const sized = plain && layer.size ? layer.size * k : layer.size;
    const { group, nodes } = buildLayer({ ...layer, items, size: sized }, paint);
    if (opacity < 1) group.setAttribute("opacity", String(opacity));
    placeAll(nodes, view);
    for (const { node, item } of nodes) {
      const share = plain ? 1 : faint(item.id);
      if (share < 1) node.setAttribute("opacity", String(share));
      if (node.clip) spent.push(node.clip.parentNode);
    }
    body.appendChild(group);
  }
  return body;
}

function letter(scene, view, { w, h, k, blocked }) {
  const frame = box(CLEAR, CLEAR, w - CLEAR, h - CLEAR);
  const placed = layout(scene.requests.map((request) => enlarged(request, k)), view, { ...scene, frame, blocked });
  const written = placed.map(write);
  return svg("g", { class: "plate-names" }, written.map(({ leader }) => leader), written.map(({ text }) => text).reverse());
}

/** Throws away what the plates of the sheet before needed. */
export function clearPlates() {
  for (const clip of spent) clip.remove();
  spent = [];
}

/**
 * @param {any} page
 * @param {{ plane: any, centre: { lng: number, lat: number }, scale: number, x: number, y: number, w: number, h: number,
 *   k: number, blocked: any[], store: any, shift?: number }} options blocked: boxes inside the frame that names keep
 *   clear of; store: that of the page or of a side of a comparison; shift: pixels of the frame's middle east of the centre
 * @returns {{ node: SVGElement, layers: any[] }} layers: what of the plans comes into the frame, for the legend
 */
export function createPlate(page, options) {
  const { plane, x, y, w, h, k } = options;
  const state = { ...options.store.get(), scale: k };
  const view = viewOf(options);
  const model = projectModel(page.model, plane, state.visible);
  const base = projectBase(page.basemap, plane);
  const store = { get: () => state, on: () => () => {} };
  const record = createRecord();
  followStore(record, model, store);
  paint = paint || createPaint("print");
  paint.tune(view.zoom);
  const faint = page.faintness ? page.faintness() : () => 1;
  // Finer lettering leaves room for names that the screen shows only when it is nearer.
  const scene = page.sceneOf({ ...page, model, store }, base)(view.zoom - Math.log2(k));
  const node = svg(
    "svg",
    { class: "plate", x, y, width: w, height: h, viewBox: `0 0 ${w} ${h}`, overflow: "hidden", data: { role: "sheet-map" } },
    svg("rect", { class: "plate-paper", width: w, height: h }),
    drawLayers(record, base, view, k, faint),
    letter(scene, view, options),
  );
  node.style.setProperty("--tx-k", String(k));
  const inFrame = (layer) => wantedOf(layer, state.filters).filter((feature) => feature.shape && seen(feature.shape.bbox, view));
  const layers = [...model.layers.values()].map((layer) => ({ layer, shown: inFrame(layer) })).filter(({ shown }) => shown.length);
  return { node, layers, view };
}
