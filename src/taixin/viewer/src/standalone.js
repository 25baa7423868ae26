/** One plan layer as an ordinary Leaflet layer, without the atlas around it. */
import L from "leaflet";
import { readBlock } from "./blocks.js";
import { featureCard } from "./controls/feature-card.js";
import { el } from "./dom.js";
import { createDrawing } from "./draw/draw.js";
import { toWorld } from "./geometry.js";
import { createLanguage } from "./language.js";
import { createModel } from "./model.js";
import { drawLayerOf } from "./plan-layers.js";

const EMPTY_BASE = { counties: { features: [] } };

/** A manifest of one plan, one system, one layer, from the block of a single layer. */
function manifestOf(block) {
  const part = block.manifest || block;
  const { layer, system, plan } = part;
  const systems = [{ counts: [], ...system, layers: [layer] }];
  return {
    basis: {}, status: {}, figures: {}, kinds: {}, ...part,
    plans: [{ phases: [], documents: [], ...plan, systems }],
  };
}

/** What a card needs to know of a page, when there is no page. */
function pageOf(block) {
  const manifest = manifestOf(block);
  const { layer } = manifest.plans[0].systems[0];
  const model = createModel({ manifest, layers: { [layer.id]: block.collection }, base: EMPTY_BASE });
  const lang = createLanguage({ get: () => ({ lang: block.lang === "en" ? "en" : "zh" }) });
  return { manifest, model, lang, record: model.layers.get(layer.id) };
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
    map.on("mousemove", this.hover, this).on("click", this.open, this).on("mouseout", this.leave, this);
  },

  onRemove(map) {
    map.off("mousemove", this.hover, this).off("click", this.open, this).off("mouseout", this.leave, this);
    this.leave();
    this.drawing.destroy();
  },

  featureAt({ latlng }) {
    const [hit] = this.drawing.pick(...toWorld(latlng.lng, latlng.lat), 8);
    return hit ? this.page.model.features.get(hit.id) : null;
  },

  hover(event) {
    const feature = this.featureAt(event);
    if (!feature) return this.leave();
    const name = el("span", { text: this.page.lang.name(feature.props) });
    this.tip.setContent(name).setLatLng(event.latlng);
    if (!this._map.hasLayer(this.tip)) this.tip.addTo(this._map);
    return undefined;
  },

  leave() {
    if (this.tip) this.tip.remove();
  },

  open(event) {
    const feature = this.featureAt(event);
    if (feature) this.popup(feature, event.latlng);
  },

  popup(feature, latlng) {
    const go = (subject) => this.popup(this.page.model.features.get(subject.id), latlng);
    const card = el("div", { class: "tx-popup", data: { role: "card" } }, featureCard(this.page, feature, go));
    L.popup({ maxWidth: 360, maxHeight: 380 }).setLatLng(latlng).setContent(card).openOn(this._map);
  },

  getBounds() {
    const box = this.page.record.collection.bbox;
    return box ? L.latLngBounds([box[1], box[0]], [box[3], box[2]]) : L.latLngBounds([]);
  },
});

/** @param {string} blockId id of the JSON block that holds the layer @returns {any} a Leaflet layer */
export const planLayer = (blockId) => new PlanLayer(pageOf(readBlock(blockId)));
