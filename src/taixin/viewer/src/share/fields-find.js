/** Fields of the tree: filters, drawing order, palette, theme. A page without one of these leaves its field out. */
import { THEMES } from "../themes.js";

const KEYS = ["plan", "phase", "kind", "accuracy"];
const has = (record, key) => Object.prototype.hasOwnProperty.call(record, key);

/** What each filter accepts. */
const KNOWN = {
  plan: ({ manifest }, text) => manifest.plans.some(({ id }) => id === text),
  phase: ({ manifest }, text) => manifest.plans.some((plan) => plan.phases.some(({ id }) => `${plan.id}/${id}` === text)),
  kind: ({ manifest }, text) => has(manifest.kinds, text),
  accuracy: (page, text) => text === "unlocated" || /^[1-9]\d{1,4}$/.test(text),
};

function writeFilters(page, { filters }) {
  const parts = KEYS.filter((key) => filters[key]).map((key) => `${key}:${filters[key]}`);
  return parts.length ? parts.join(",") : null;
}

function readFilters(page, text, first) {
  const filters = { ...first.filters };
  for (const part of text.split(",")) {
    const at = part.indexOf(":");
    const [key, value] = [part.slice(0, at), part.slice(at + 1)];
    if (KEYS.includes(key) && KNOWN[key](page, value)) filters[key] = value;
  }
  return { filters };
}

function writeOrder(page, { order }) {
  const parts = Object.entries(order).map(([id, rank]) => `${id}:${Number(rank.toFixed(3))}`);
  return parts.length ? parts.join(",") : null;
}

function readOrder({ model }, text) {
  const order = {};
  for (const part of text.split(",")) {
    const at = part.lastIndexOf(":");
    const id = part.slice(0, at);
    const rank = /^\d{1,5}(\.\d{1,3})?$/.test(part.slice(at + 1)) ? Number(part.slice(at + 1)) : null;
    if (rank !== null && model.layers.has(id)) order[id] = rank;
  }
  return Object.keys(order).length ? { order } : null;
}

/** @type {import("./fields.js").Field[]} */
export const FIND_FIELDS = [
  { key: "filter", on: ["filters"], push: true, write: writeFilters, read: readFilters },
  { key: "order", on: ["order"], push: true, write: writeOrder, read: readOrder },
  {
    key: "palette",
    on: ["palette"],
    push: false,
    // Who needs the safe colours keeps them, whatever a link leaves out.
    write: (page, { palette }) => (palette === "safe" ? palette : null),
    read: (page, text) => (text === "safe" ? { palette: text } : null),
  },
  {
    key: "theme",
    on: ["theme"],
    push: false,
    write: (page, { theme }) => theme,
    read: (page, text) => (THEMES.some(({ id }) => id === text) ? { theme: text } : null),
  },
];
