/** What the data says in Chinese alone, in the words and units of an English page. */
import { number } from "./format.js";

const entryOf = (table, key) => (table && Object.prototype.hasOwnProperty.call(table, key) ? table[key] : null);

/** A word of the data, or words joined by "、", in English where all of them are known. */
export function wordOf({ lang, manifest }, text) {
  if (lang.lang() === "zh") return text;
  const whole = entryOf(manifest.words, text);
  if (whole) return whole;
  const parts = String(text).split("、").map((part) => entryOf(manifest.words, part));
  return parts.every(Boolean) ? parts.join(", ") : text;
}

/** What a list in the data names, in the page's language: a county, a feature of the plan, or a word. */
export function nameOf(page, name, planId) {
  const subject = page.model.resolve(name, planId);
  if (!subject) return wordOf(page, name);
  const record = subject.type === "county" ? page.model.counties.get(subject.id) : page.model.features.get(subject.id);
  return page.lang.name(record.props) || name;
}

/** The same for all of a list. */
export const namesOf = (page, names, planId) => names.map((name) => nameOf(page, name, planId)).join(page.lang.lang() === "zh" ? "、" : ", ");

/**
 * A value in the units of the page's language: 11.4 万亩, or 114,000 mu.
 * @returns {{ value: any, unit: string }}
 */
export function inUnit({ lang, manifest }, value, unit) {
  const entry = lang.lang() === "zh" ? null : entryOf(manifest.units, unit);
  if (!entry) return { value, unit: unit || "" };
  const { times, en } = entry;
  // Twelve digits leave out what binary fractions add.
  if (typeof value === "number") return { value: Number((value * times).toPrecision(12)), unit: en };
  return { value: times === 1 || value === null || value === undefined ? value : `${value} × ${number(times, "en")}`, unit: en };
}
