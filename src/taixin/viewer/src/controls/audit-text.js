/** The words of a finding: what was stated, what was found, how far apart, and where. */
import { el } from "../dom.js";
import { inUnit, wordOf } from "../english.js";
import { number } from "../format.js";
import { showSubject } from "../selection.js";

/** An id of a plan's system, layer or feature inside a longer text. */
const ID = /[a-z0-9][a-z0-9-]*(?:\/[a-z0-9][a-z0-9-]*)+/g;

/** Codes of plans are told by their short titles. */
function planNames(text, { manifest, lang }) {
  return manifest.plans.reduce((told, plan) => told.split(`${plan.id}: `).join(`${lang.pick(plan.short)}${lang.lang() === "zh" ? "：" : ": "}`), text);
}

/** A value with its unit; texts of documents stay as they are. */
export function valueText(value, unit, page) {
  if (value === null || value === undefined) return "—";
  if (typeof value !== "number") return planNames(wordOf(page, String(value)), page);
  const measured = inUnit(page, value, unit);
  return [number(measured.value, page.lang.lang(), 3), measured.unit].filter(Boolean).join(" ");
}

/** "−25 %", or the difference itself where nothing was stated to divide by. */
export function deviationText({ deviation, stated, unit }, page) {
  const lang = page.lang.lang();
  if (deviation === null || deviation === undefined) return "—";
  const sign = deviation > 0 ? "+" : "";
  if (stated === 0) return deviation ? `${sign}${valueText(deviation, unit, page)}` : "0";
  return `${sign}${number(deviation * 100, lang, Math.abs(deviation) < 0.01 ? 2 : 1)} %`;
}

/** What an id means on this page, and how to go there. */
function target(page, id) {
  const { model, manifest, lang, actions, store } = page;
  const feature = model.features.get(id);
  const show = (layer) => !store.get().visible.has(layer) && actions.show(layer, true);
  if (feature) {
    const go = () => {
      show(feature.layer.id);
      actions.select({ type: "feature", id });
      showSubject(page, { type: "feature", id });
    };
    return { name: lang.name(feature.props), go };
  }
  const layer = model.layers.get(id);
  if (layer) return { name: lang.pick(layer.info.title), go: () => page.showLayer(layer) };
  const [planId, systemId] = id.split("/");
  const plan = manifest.plans.find((one) => one.id === planId);
  const system = plan && plan.systems.find((one) => one.id === systemId);
  return system ? { name: lang.pick(system.title), go: () => page.reveal(plan, system) } : null;
}

/** Links to everything that a finding's place names; where it names nothing, why nothing could be tested. */
export function whereNodes(page, { where, reason }) {
  const targets = [...new Set(where.match(ID) || [])].map((id) => ({ id, ...target(page, id) })).filter(({ go }) => go);
  if (!targets.length) return [reason ? el("span", { text: page.lang.pick(reason) }) : el("span", { lang: "zh-CN", text: where })];
  const label = (name) => page.lang.t("show_on_map", { what: name });
  return targets.map(({ id, name, go }) => el("button", { type: "button", class: "link", title: label(name), data: { where: id }, text: name, on: { click: go } }));
}

/** Everything of a finding that a filter text may hit. */
export const findingWords = ({ id, claim, stated, found, where }) => [id, claim.zh, claim.en, stated, found, where].join(" ").toLowerCase();
