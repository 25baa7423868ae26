/** One plan layer, or one survey, as an ordinary Leaflet layer, without the atlas around it. */
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
import { surveyCard } from "./surveys/card.js";
import { createSurveys, followSurveys, nameOfSpot } from "./surveys/surveys.js";

const languageOf = (block) => createLanguage(/** @type {any} */ ({ get: () => ({ lang: block.lang === "en" ? "en" : "zh" }) }));

/** Layers of ours on each map: one click asks all of them, and only the topmost answers. */
const neighbours = new WeakMap();

/** What the topmost layer of a map has at a place. */
function topmost(map, event) {
  const layers = [...(neighbours.get(map) || [])].sort((a, b) => b.about.order - a.about.order);
  for (const layer of layers) {
    const subject = layer.subjectAt(event);
    if (subject) return { layer, subject };
  }
  return { layer: null, subject: null };
}

/**
 * What all of ours do on a map. `about` says what differs:
 * @typedef {{ order: number, box: number[] | null, draw: (drawing: any) => (() => void) | void, subjectOf: (hit: any) => any,
 *   nameOf: (subject: any) => string, cardOf: (subject: any, go: (subject: any) => void) => Node }} About
 */
const Overlay = L.Layer.extend({
  initialize(about) {
    this.about = about;
  },

  onAdd(map) {
    const pane = `taixin-${L.Util.stamp(this)}`;
    // Panes of several layers keep the order of their kinds, within Leaflet's overlays.
    this.drawing = createDrawing(map, { pane, zIndex: 400 + Math.round(this.about.order / 10) });
    this.stop = this.about.draw(this.drawing);
    this.tip = L.tooltip({ direction: "top", offset: [0, -6] });
    if (!neighbours.has(map)) neighbours.set(map, new Set());
    neighbours.get(map).add(this);
    map.on("mousemove", this.hover, this).on("click", this.open, this).on("mouseout", this.leave, this);
  },

  onRemove(map) {
    map.off("mousemove", this.hover, this).off("click", this.open, this).off("mouseout", this.leave, this);
    neighbours.get(map).delete(this);
    this.leave();
    if (this.stop) this.stop();
    this.drawing.destroy();
  },

  subjectAt({ latlng }) {
    const [hit] = this.drawing.pick(...toWorld(latlng.lng, latlng.lat), 8);
    return hit ? this.about.subjectOf(hit) : null;
  },

  hover(event) {
    const { layer, subject } = topmost(this._map, event);
    if (layer !== this) {
      this.leave();
      return;
    }
    this.tip.setContent(el("span", { text: this.about.nameOf(subject) })).setLatLng(event.latlng);
    if (!this._map.hasLayer(this.tip)) this.tip.addTo(this._map);
  },

  leave() {
    if (this.tip) this.tip.remove();
  },

  open(event) {
    const { layer, subject } = topmost(this._map, event);
    if (layer === this) this.popup(subject, event.latlng);
  },

  popup(subject, latlng) {
    const card = el("div", { class: "tx-popup", data: { role: "card" } }, this.about.cardOf(subject, (other) => this.popup(other, latlng)));
    L.popup({ maxWidth: 360, maxHeight: 380 }).setLatLng(latlng).setContent(card).openOn(this._map);
  },

  getBounds() {
    const { box } = this.about;
    return box ? L.latLngBounds([box[1], box[0]], [box[3], box[2]]) : L.latLngBounds([]);
  },
});

/** The block is a manifest of one layer; its shapes are beside it. @param {string} blockId @returns {any} a Leaflet layer */
export function planLayer(blockId) {
  const block = readBlock(blockId);
  const manifest = { basis: {}, status: {}, figures: {}, kinds: {}, ...block };
  const shapes = unpack(readBytes(`${blockId}-shapes`));
  const model = createModel({ manifest, layers: block.layers, base: {}, shapes: (name) => shapes.get(name) });
  const page = { manifest, model, lang: languageOf(block) };
  const record = model.layers.get(block.layer);
  return new Overlay({
    order: record.kind.order,
    box: record.info.bbox,
    draw: (drawing) => drawing.add(drawLayerOf(record)),
    subjectOf: (hit) => ({ type: "feature", id: hit.id }),
    nameOf: ({ id }) => page.lang.name(model.features.get(id).props),
    cardOf: ({ id }, go) => featureCard(page, model.features.get(id), go),
  });
}

/** Below the plan layers of a map, whatever their kinds. */
const SURVEY_ORDER = 0;

/** The block tells of the survey; its chunks are beside it. @param {string} blockId @returns {any} a Leaflet layer */
export function surveyLayer(blockId) {
  const block = readBlock(blockId);
  const { survey } = block;
  const surveys = createSurveys([{ ...survey, visible: true }], () => blockId);
  const page = { surveys, lang: languageOf(block) };
  return new Overlay({
    order: SURVEY_ORDER,
    box: survey.bbox,
    draw: (drawing) => followSurveys(drawing, surveys),
    subjectOf: surveys.subjectOf,
    nameOf: ({ id }) => nameOfSpot(surveys.at(id), page.lang),
    cardOf: ({ id }) => surveyCard(page, id),
  });
}
