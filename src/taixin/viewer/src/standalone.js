/** One plan layer as an ordinary Leaflet layer, without the atlas around it. */
import L from "leaflet";
import { readBlock, readBytes } from "./blocks.js";
import { featureCard } from "./controls/feature-card.js";
import { el } from "./dom.js";
import { createDrawing } from "./draw/draw.js";
import { toWorld } from "./geometry.js";
import { createLanguage } from "./language.js";
import { createModel } from "./model.js";
import { drawLayerOf } from "./plan-layers.js";
import { unpack } from "./shapes/unpack.js";

/** What a card needs to know of a page, when there is no page: the block is a manifest of one layer. */
function pageOf(block, shapes) {
  const manifest = { basis: {}, status: {}, figures: {}, kinds: {}, ...block };
  const model = createModel({ manifest, layers: block.layers, base: {}, shapes });
  const lang = createLanguage({ get: () => ({ lang: block.lang === "en" ? "en" : "zh" }) });
  return { manifest, model, lang, record: model.layers.get(block.layer) };
}

/** Plan layers of each map: one click asks all of them, and only the topmost answers. */
const neighbours = new WeakMap();

const orderOf = (layer) => layer.page.record.kind.order;

/** What the topmost plan layer of a map has at a place. */
function topmost(map, event) {
  const layers = [...(neighbours.get(map) || [])].sort((a, b) => orderOf(b) - orderOf(a));
  for (const layer of layers) {
    const feature = layer.featureAt(event);
    if (feature) return { layer, feature };
  }
  return { layer: null, feature: null };
}

const PlanLayer = L.Layer.extend({
  initialize(page) {
    this.page = page;
  },

  onAdd(map) {
    const pane = `taixin-${L.Util.stamp(this)}`;
    const order = this.page.record.kind.order;
    // Panes of several layers keep the order of their kinds, within Leaflet's overlays.
    this.drawing = createDrawing(map, { pane, zIndex: 400 + Math.round(order / 10) });
    this.drawing.add(drawLayerOf(this.page.record));
    this.tip = L.tooltip({ direction: "top", offset: [0, -6] });
    if (!neighbours.has(map)) neighbours.set(map, new Set());
    neighbours.get(map).add(this);
    map.on("mousemove", this.hover, this).on("click", this.open, this).on("mouseout", this.leave, this);
  },

  onRemove(map) {
    map.off("mousemove", this.hover, this).off("click", this.open, this).off("mouseout", this.leave, this);
    neighbours.get(map).delete(this);
    this.leave();
    this.drawing.destroy();
  },

  featureAt({ latlng }) {
    const [hit] = this.drawing.pick(...toWorld(latlng.lng, latlng.lat), 8);
    return hit ? this.page.model.features.get(hit.id) : null;
  },

  hover(event) {
    const { layer, feature } = topmost(this._map, event);
    if (layer !== this) {
      this.leave();
      return;
    }
    const name = el("span", { text: this.page.lang.name(feature.props) });
    this.tip.setContent(name).setLatLng(event.latlng);
    if (!this._map.hasLayer(this.tip)) this.tip.addTo(this._map);
  },

  leave() {
    if (this.tip) this.tip.remove();
  },

  open(event) {
    const { layer, feature } = topmost(this._map, event);
    if (layer === this) this.popup(feature, event.latlng);
  },

  popup(feature, latlng) {
    const go = (subject) => this.popup(this.page.model.features.get(subject.id), latlng);
    const card = el("div", { class: "tx-popup", data: { role: "card" } }, featureCard(this.page, feature, go));
    L.popup({ maxWidth: 360, maxHeight: 380 }).setLatLng(latlng).setContent(card).openOn(this._map);
  },

  getBounds() {
    const box = this.page.record.info.bbox;
    return box ? L.latLngBounds([box[1], box[0]], [box[3], box[2]]) : L.latLngBounds([]);
  },
});

/** @param {string} blockId id of the block that tells of the layer; its shapes are beside it @returns {any} a Leaflet layer */
export const planLayer = (blockId) => new PlanLayer(pageOf(readBlock(blockId), unpack(readBytes(`${blockId}-shapes`))));
