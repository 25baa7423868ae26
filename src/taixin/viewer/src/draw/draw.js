/**
 * The one door to the drawn map: add, remove, style, pick, highlight. Layers are painted on a canvas, from typed
 * arrays, so that a layer of a million areas goes the same way as one of two axes.
 *
 * @typedef {{ row: number, id: string, uncertain: boolean, accuracy_m?: number }} Item
 * @typedef {object} DrawLayer
 * @property {string} id
 * @property {number} order higher lies on top
 * @property {Record<string, any>} [symbol] kinds.toml symbol; base layers have a class instead
 * @property {string} [className]
 * @property {number} [size] px across of base map points
 * @property {number} [minZoom] drawn from this zoom on
 * @property {boolean} [pickable]
 * @property {import("../shapes/geometries.js").Geometries} geometries
 * @property {Item[] | null} items what is shown of the geometries; null: every row, named by its number
 */
import { GRID } from "../shapes/arcs.js";
import { rowsIn } from "../shapes/geometries.js";
import { Canvas } from "./canvas.js";
import { createHighlights } from "./highlights.js";
import { looksOf } from "./look.js";
import { paintLayer } from "./painter.js";
import { pickFrom } from "./pick.js";

/** All drawings on the page, for those who ask what is drawn. */
const drawings = new Set();

/** @param {DrawLayer} layer */
function indexed(layer) {
  if (!layer.items) return layer;
  const byRow = new Map(layer.items.map((item) => [item.row, item]));
  // Its geometries are not looked at before it is drawn.
  return Object.create(layer, { itemAt: { value: (row) => byRow.get(row) } });
}

/** A layer through which others are seen is painted aside first, or its own overlaps would show. */
function paintThrough(context, opacity, paint) {
  const aside = document.createElement("canvas");
  Object.assign(aside, { width: context.canvas.width, height: context.canvas.height });
  const own = aside.getContext("2d");
  own.setTransform(context.getTransform());
  paint(own);
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalAlpha = opacity;
  context.drawImage(aside, 0, 0);
  context.restore();
}

/** What there is of a layer, with boxes in pixels of the map's container; of a layer without items, what is in view. */
function featuresOf(map, layer, shareOf) {
  const scale = 256 * 2 ** map.getZoom();
  const { min, max } = map.getPixelBounds();
  const k = GRID / scale;
  const { boxes } = layer.geometries;
  const rows = () => Array.from(rowsIn(layer.geometries, [min.x * k, min.y * k, max.x * k, max.y * k]), (row) => ({ row, id: String(row) }));
  return (layer.items || rows()).map(({ row, id }) => {
    const box = [0, 1, 2, 3].map((i) => boxes[row * 4 + i] / k - (i % 2 ? min.y : min.x));
    return { id, box, opacity: shareOf(id) };
  });
}

const of = (map) => [...drawings].filter((drawing) => !map || drawing.map === map);

/** @param {import("leaflet").Map} [map] any when left out @returns {any[]} the layers that can be pointed at, bottom first */
export const drawn = (map) => of(map).flatMap((drawing) => drawing.drawn());

/** @param {import("leaflet").Map} [map] any when left out; whether nothing waits to be painted */
export const isDrawn = (map) => of(map).every((drawing) => drawing.isSettled());

/**
 * @param {import("leaflet").Map} map
 * @param {{ pane: string, zIndex: number }} options
 */
export function createDrawing(map, { pane, zIndex }) {
  if (!map.getPane(pane)) map.createPane(pane).style.zIndex = String(zIndex);
  /** @type {Map<string, { layer: any, look: any, opacity: number }>} */
  const layers = new Map();
  /** @type {((id: string) => number) | null} */
  let share = null;
  const stacked = () => [...layers.values()].sort((a, b) => a.layer.order - b.layer.order);

  function paint(context, view) {
    const shown = stacked().filter(({ layer }) => view.zoom >= (layer.minZoom || 0));
    const plain = shown.filter(({ look }) => !look);
    looksOf(plain.map(({ layer }) => layer), map.getContainer()).forEach((look, i) => (plain[i].look = look));
    for (const { layer, look, opacity } of shown) {
      const own = (on) => paintLayer(on, layer, look, view, layer.pickable ? share : null);
      if (opacity >= 1) own(context);
      else if (opacity > 0) paintThrough(context, opacity, own);
    }
  }
  const canvas = new Canvas({ pane, paint });
  canvas.addTo(map);
  const highlights = createHighlights(map, { pane });
  const restyle = () => {
    for (const known of layers.values()) known.look = null;
    canvas.repaint();
  };
  map.on("taixin:restyle", restyle);

  const drawing = {
    map,
    /** @param {DrawLayer} layer */
    add(layer) {
      const opacity = layers.has(layer.id) ? layers.get(layer.id).opacity : 1;
      layers.set(layer.id, { layer: indexed(layer), look: null, opacity });
      canvas.repaint();
    },
    remove(id) {
      if (layers.delete(id)) canvas.repaint();
    },
    has: (id) => layers.has(id),
    /** Fades single features of plan layers, now and of layers yet to come. @param {((id: string) => number) | null} test */
    dim(test) {
      share = test;
      canvas.repaint();
    },
    /** @param {string} id @param {{ opacity?: number }} change */
    style(id, { opacity }) {
      const known = layers.get(id);
      if (!known || opacity === undefined || known.opacity === opacity) return;
      known.opacity = opacity;
      canvas.repaint();
    },
    /** Everything at a point of the world, topmost first. */
    pick: (x, y, tolerance) => pickFrom([...layers.values()].map(({ layer }) => layer), x, y, tolerance, 256 * 2 ** map.getZoom()),
    /** @param {"selected" | "hover" | "marked"} mode */
    highlight: (mode, list) => highlights.show(mode, list),
    drawn: () =>
      stacked()
        .filter(({ layer }) => layer.pickable)
        .map(({ layer, opacity }) => ({
          pane,
          layer: layer.id,
          opacity,
          symbol: layer.symbol,
          // Only made for those who look: there may be a million.
          get features() {
            return featuresOf(map, layer, share || (() => 1));
          },
        })),
    isSettled: () => canvas.isSettled(),
    destroy() {
      map.off("taixin:restyle", restyle);
      highlights.destroy();
      canvas.remove();
      drawings.delete(drawing);
    },
  };
  drawings.add(drawing);
  return drawing;
}
