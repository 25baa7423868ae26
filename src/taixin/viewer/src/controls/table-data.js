/** A layer as rows and columns, and as text for spreadsheets. */
import { inUnit, namesOf } from "../english.js";
import { accuracyInWords } from "../format.js";
import { listOf } from "../model.js";
import { figureText } from "./card-parts.js";

/** Columns that every layer has, in reading order; figures come between. */
const BEFORE = ["name", "name_en", "phase", "status", "host", "members"];
const AFTER = ["aliases", "summary", "section", "term", "position", "note", "id"];
const KNOWN = new Set([
  ...BEFORE, ...AFTER, "kind", "plan", "system", "layer", "status_date", "status_document", "summary_en", "note_en", "document", "basis", "accuracy_m", "see_also",
]);

const empty = (value) => value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length);

const phaseOf = (feature, lang) => {
  const phase = feature.layer.plan.phases.find(({ id }) => id === feature.props.phase);
  return phase ? lang.pick(phase.title) : feature.props.phase;
};

/** How a fixed column reads. @type {Record<string, (feature: any, page: any) => any>} */
const READ = {
  name: ({ props }) => props.name,
  phase: (feature, { lang }) => phaseOf(feature, lang),
  status: ({ props }, { lang, manifest }) => lang.pick(manifest.status[props.status]) || props.status,
  summary: ({ props }, { lang }) => lang.of(props, "summary"),
  note: ({ props }, { lang }) => lang.of(props, "note"),
  position: ({ props }, { lang, manifest }) => accuracyInWords(props, manifest, lang.lang()),
  host: ({ props, layer }, page) => namesOf(page, listOf(props.host), layer.plan.id),
  members: ({ props, layer }, page) => namesOf(page, listOf(props.members), layer.plan.id),
  aliases: ({ props }, { lang }) => listOf(props.aliases).join(lang.lang() === "zh" ? "、" : ", "),
};

function fixedColumn(key, page) {
  const read = READ[key] || ((feature) => feature.props[key]);
  return { key, title: page.lang.t(key), unit: "", value: (feature) => read(feature, page), text: (feature) => String(read(feature, page) ?? "") };
}

function figureColumn(key, page) {
  const { manifest, lang } = page;
  const entry = manifest.figures[key];
  const stated = (feature) => inUnit(page, feature.props[key], entry && entry.unit);
  const text = (feature) => (empty(feature.props[key]) ? "" : figureText(stated(feature).value, null, page));
  return { key, title: lang.pick(entry) || key, unit: inUnit(page, null, entry && entry.unit).unit, value: (feature) => stated(feature).value, text };
}

/** Columns of a layer in which at least one feature has something. */
export function columnsOf(page, layer) {
  const { features } = layer;
  const figures = new Set(features.flatMap(({ props }) => Object.keys(props).filter((key) => !KNOWN.has(key) && typeof props[key] !== "object")));
  const columns = [
    ...BEFORE.map((key) => fixedColumn(key, page)),
    ...[...figures].map((key) => figureColumn(key, page)),
    ...AFTER.map((key) => fixedColumn(key, page)),
  ];
  return columns.filter((column) => features.some((feature) => !empty(column.value(feature))));
}

/** Rows that hold the text, sorted. @param {{ text: string, sort: string | null, down: boolean }} view */
export function rowsOf(columns, features, { text, sort, down }, lang) {
  const words = text.trim().toLowerCase();
  const held = features.filter((feature) => !words || columns.some((column) => column.text(feature).toLowerCase().includes(words)));
  const column = columns.find(({ key }) => key === sort);
  if (!column) return held;
  const order = new Intl.Collator(lang === "zh" ? "zh-CN" : "en", { numeric: true });
  const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : order.compare(String(a), String(b)));
  const filled = held.filter((feature) => !empty(column.value(feature)));
  const blank = held.filter((feature) => empty(column.value(feature)));
  filled.sort((a, b) => compare(column.value(a), column.value(b)) * (down ? -1 : 1));
  // What is not said comes last, whichever way round.
  return [...filled, ...blank];
}

/** Spreadsheets run text that begins like this as a formula. */
const FORMULA = /^[=+\-@\t\r]/;

function cell(value) {
  if (typeof value === "number") return String(value);
  const text = String(value ?? "");
  return FORMULA.test(text) ? `'${text}` : text;
}

const heading = ({ title, unit }) => cell(unit ? `${title} (${unit})` : title);
const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);

const grid = (columns, features) => [columns.map(heading), ...features.map((feature) => columns.map((column) => cell(column.value(feature))))];

/** With a byte order mark, without which Excel reads Chinese as something else. */
export const csvText = (columns, features) => `\ufeff${grid(columns, features).map((row) => row.map(quoted).join(",")).join("\r\n")}\r\n`;

export const tsvText = (columns, features) => grid(columns, features).map((row) => row.map((text) => text.replace(/[\t\r\n]+/g, " ")).join("\t")).join("\r\n");
