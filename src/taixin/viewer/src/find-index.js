/**
 * Everything on the page that has a name, and what a typed text finds of it: Chinese, full pinyin, initials, aliases,
 * English. Pinyin comes with the manifest; here it is only matched.
 *
 * @typedef {{ group: string, id: string, name: string, other: string, detail: { zh: string, en: string },
 *   rank: number, record: any, keys: Key[] }} Entry
 * @typedef {{ text: string, alias: boolean, latin?: string, starts?: number[], initials?: string }} Key
 */
import { listOf } from "./model.js";
import { spelt } from "./pinyin.js";

export const GROUPS = ["features", "counties", "places", "documents"];

/** Small letters without marks: "Lüliang" is found by "luliang". */
const plain = (text) => String(text || "").normalize("NFKC").toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
/** What is typed between syllables does not count, and ü is typed as v or u. */
const tight = (text) => plain(text).replace(/[\s'’·.-]+/g, "").replace(/v/g, "u");

/** @returns {Key} */
function keyOf(text, alias, pinyin) {
  const syllables = pinyin ? pinyin.replace(/v/g, "u").split(" ") : [];
  const starts = [];
  let at = 0;
  for (const syllable of syllables) {
    starts.push(at);
    at += syllable.length;
  }
  const key = { text: plain(text), alias };
  return syllables.length ? { ...key, latin: syllables.join(""), starts, initials: syllables.map((part) => part[0]).join("") } : key;
}

function entryOf({ pinyin }, { names, english, ...rest }) {
  const [name, ...aliases] = names.filter(Boolean);
  const keys = [keyOf(name, false, spelt(name, pinyin)), ...aliases.map((alias) => keyOf(alias, true, spelt(alias, pinyin)))];
  for (const text of english.filter(Boolean)) keys.push(keyOf(text, false, null));
  return { ...rest, name, other: english[0] || "", keys };
}

const both = (a, b) => ({ zh: [a.zh, b.zh].filter(Boolean).join(" · "), en: [a.en, b.en].filter(Boolean).join(" · ") });

function* featureEntries({ features }) {
  for (const feature of features.values()) {
    const { props, layer } = feature;
    yield {
      group: "features", id: feature.id, record: feature, rank: layer.kind.order,
      names: [props.name, ...listOf(props.aliases)], english: [props.name_en],
      detail: both(layer.kind.label, layer.plan.short),
    };
  }
}

function* countyEntries({ counties }) {
  for (const county of counties.values()) {
    const { props } = county;
    yield {
      group: "counties", id: county.id, record: county, rank: 0,
      names: [props.name_zh, ...listOf(props.aliases)], english: [props.name_en],
      detail: { zh: props.city || "", en: props.city_en || props.city || "" },
    };
  }
}

function* placeEntries({ base }) {
  const kinds = { rivers: { zh: "河流", en: "River" }, places: { zh: "驻地", en: "Seat" }, stations: { zh: "车站、机场", en: "Station or airport" }, cities: { zh: "市域", en: "City area" } };
  for (const [block, detail] of Object.entries(kinds)) {
    for (const raw of base[block] ? base[block].features : []) {
      const { properties: props } = raw;
      yield {
        group: "places", id: `${block}/${props.id || props.name_zh}`, record: raw, rank: 0,
        names: [props.name_zh, ...listOf(props.aliases)], english: [props.name_en], detail,
      };
    }
  }
}

function* documentEntries({ manifest }) {
  for (const plan of manifest.plans) {
    for (const document of plan.documents) {
      yield {
        group: "documents", id: document.id, record: { plan, document }, rank: 0,
        names: [document.title.zh, plan.title.zh, plan.short.zh], english: [document.title.en, plan.short.en],
        detail: { zh: document.date, en: document.date },
      };
    }
  }
}

/** How well one key fits; the smaller the better, Infinity for not at all. */
function keyScore(key, query, latin) {
  const { text } = key;
  const later = key.alias ? 0.5 : 0;
  if (text === query) return later;
  if (text.startsWith(query)) return 1 + later;
  const at = text.indexOf(query);
  let best = at > 0 ? (text[at - 1] === " " ? 2 : 3) + later : Infinity;
  if (key.latin && latin) {
    if (key.latin === latin) best = Math.min(best, 0.6 + later);
    else if (key.latin.startsWith(latin)) best = Math.min(best, 1.5 + later);
    else if (key.starts.some((start) => key.latin.startsWith(latin, start))) best = Math.min(best, 3 + later);
    const initial = key.initials.indexOf(latin);
    if (initial >= 0) best = Math.min(best, (key.initials === latin ? 1.2 : initial ? 4 : 2.5) + later);
  }
  return best;
}

const entryScore = (entry, query, latin) => entry.keys.reduce((best, key) => Math.min(best, keyScore(key, query, latin)), Infinity);

const isLatin = (text) => /^[a-z0-9]+$/.test(text);

/** All words must fit; a text of several words may also be one name. */
function textScore(entry, text) {
  const latin = tight(text);
  const whole = entryScore(entry, text, isLatin(latin) ? latin : "");
  const words = text.split(" ");
  if (words.length === 1) return whole;
  const each = words.map((word) => entryScore(entry, word, isLatin(tight(word)) ? tight(word) : ""));
  return Math.min(whole, 1 + each.reduce((sum, score) => sum + score, 0) / words.length);
}

/** @param {any} model */
export function createIndex(model) {
  const { manifest } = model;
  const makers = [featureEntries, countyEntries, placeEntries, documentEntries];
  /** @type {Entry[]} */
  const entries = makers.flatMap((make) => [...make(model)].map((raw) => entryOf(manifest, raw)));

  /** @param {string} typed @param {number} limit per group @returns {{ count: number, groups: Array<{ group: string, all: number, entries: Entry[] }> }} */
  function find(typed, limit = 8) {
    const text = plain(typed.trim()).replace(/\s+/g, " ");
    if (!text) return { count: 0, groups: [] };
    // The county's card says more than its seat's.
    const score = (entry) => textScore(entry, text) + (entry.group === "places" ? 0.7 : 0);
    const found = entries.map((entry) => ({ entry, score: score(entry) })).filter(({ score }) => score < Infinity);
    found.sort((a, b) => a.score - b.score || a.entry.name.length - b.entry.name.length || b.entry.rank - a.entry.rank);
    const groups = GROUPS.map((group) => {
      const own = found.filter(({ entry }) => entry.group === group);
      return { group, all: own.length, best: own.length ? own[0].score : Infinity, entries: own.slice(0, limit).map(({ entry }) => entry) };
    }).filter(({ all }) => all);
    // The group with the best find comes first, so that Enter takes it.
    groups.sort((a, b) => a.best - b.best || GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group));
    return { count: found.length, groups };
  }
  return { entries, find };
}
