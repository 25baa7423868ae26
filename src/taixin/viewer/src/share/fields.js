/**
 * What a link carries, field by field. A field knows how it is written and what it accepts; whatever it does not
 * accept is left out as if it had not been there. Only ids that the page itself has come through, so no text of a
 * link ever reaches the page. Keys of map services are no part of the state and can not be written.
 *
 * @typedef {object} Field
 * @property {string} key name in the hash
 * @property {string[]} on keys of the store it stands for
 * @property {boolean} push whether a change is a step of the browser's history
 * @property {(page: any, state: any, first: any) => string | null} write null: as at the start, not written
 * @property {(page: any, text: string, first: any) => Record<string, any> | null} read null: refused
 */
import { yearsOf } from "../time/dates.js";
import { isSet } from "../compare/sets.js";

const NUMBER = /^\d{1,4}(\.\d{1,3})?$/;
const number = (text, low, high) => {
  const value = NUMBER.test(text) ? Number(text) : NaN;
  return value >= low && value <= high ? value : null;
};

const sameSet = (a, b) => a.size === b.size && [...a].every((id) => b.has(id));

/** "taixin-2035:axes,core;cluster-2035:*" */
function writeLayers({ manifest }, { visible }, first) {
  if (sameSet(visible, first.visible)) return null;
  if (!visible.size) return "none";
  const parts = manifest.plans.map((plan) => {
    const ids = plan.systems.flatMap((system) => system.layers.map(({ id }) => id));
    const on = ids.filter((id) => visible.has(id));
    if (!on.length) return null;
    return `${plan.id}:${on.length === ids.length ? "*" : on.map((id) => id.slice(plan.id.length + 1)).join(",")}`;
  });
  return parts.filter(Boolean).join(";");
}

function readLayers({ model }, text) {
  if (text === "none") return { visible: new Set() };
  const visible = new Set();
  for (const part of text.split(";")) {
    const [plan, names] = part.split(":");
    for (const name of (names || "").split(",")) {
      if (model.layers.has(`${plan}/${name}`)) visible.add(`${plan}/${name}`);
    }
    if (names !== "*") continue;
    for (const layer of model.layers.values()) if (layer.plan.id === plan) visible.add(layer.id);
  }
  return visible.size ? { visible } : null;
}

function writeFade(page, { opacity }) {
  const parts = Object.entries(opacity).filter(([, value]) => value < 1).map(([id, value]) => `${id}:${Number(value.toFixed(2))}`);
  return parts.length ? parts.join(",") : null;
}

function readFade({ model }, text) {
  const opacity = {};
  for (const part of text.split(",")) {
    const at = part.lastIndexOf(":");
    const id = part.slice(0, at);
    const value = number(part.slice(at + 1), 0, 1);
    if (value !== null && model.layers.has(id)) opacity[id] = value;
  }
  return Object.keys(opacity).length ? { opacity } : null;
}

/** Documents have cards on pages whose state has the tables below the map. */
const isDocument = ({ manifest, store }, id) => "dock" in store.get() && manifest.plans.some(({ documents }) => documents.some((one) => one.id === id));

function readCard(page, text) {
  const { model } = page;
  const at = text.indexOf(":");
  const [type, id] = [text.slice(0, at), text.slice(at + 1)];
  const known = type === "feature" ? model.features.has(id) : type === "county" ? model.counties.has(id) : type === "document" && isDocument(page, id);
  return known ? { selection: { type, id } } : null;
}

/** "swipe/plan:a/theme:b", or "counties/140105/140106" */
function readCompare(page, text) {
  const [mode, a, b, ...rest] = text.split("/");
  if (rest.length || a === undefined || b === undefined) return null;
  const known = mode === "counties" ? (id) => page.model.counties.has(id) : (id) => isSet(page.manifest, id);
  if (!["swipe", "side", "counties"].includes(mode) || !known(a) || !known(b)) return null;
  return { compare: { mode, a, b } };
}

/** @type {Field[]} */
export const FIELDS = [
  {
    key: "lang",
    on: ["lang"],
    push: true,
    write: (page, { lang }, first) => (lang === first.lang ? null : lang),
    read: (page, text) => (text === "zh" || text === "en" ? { lang: text } : null),
  },
  { key: "layers", on: ["visible"], push: true, write: writeLayers, read: readLayers },
  { key: "fade", on: ["opacity"], push: false, write: writeFade, read: readFade },
  {
    key: "card",
    on: ["selection"],
    push: true,
    write: (page, { selection, panels }) => (selection && panels.card ? `${selection.type}:${selection.id}` : null),
    read: readCard,
  },
  {
    key: "compare",
    on: ["compare"],
    push: true,
    write: (page, { compare }) => compare && [compare.mode, compare.a, compare.b].join("/"),
    read: readCompare,
  },
  {
    key: "split",
    on: ["split"],
    push: false,
    write: (page, { split, compare }) => (compare && compare.mode === "swipe" && split !== 0.5 ? String(Number(split.toFixed(3))) : null),
    read: (page, text) => {
      const split = number(text, 0, 1);
      return split === null ? null : { split };
    },
  },
  {
    key: "time",
    on: ["time"],
    push: false,
    write: (page, { time }) => (time === null ? null : String(time)),
    read: ({ model }, text) => {
      const { from, to } = yearsOf(model);
      const time = number(text, from, to);
      return Number.isInteger(time) ? { time } : null;
    },
  },
];
