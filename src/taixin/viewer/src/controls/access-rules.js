/** What a plan lets into an industrial block and what it keeps out: a part of that block's card. */
import { el } from "../dom.js";
import { fact } from "./card-parts.js";

/** The rules of the block that a feature is, if its system has any. */
export const accessRuleOf = ({ id, layer }) =>
  layer.info.kind === "access_block" ? (layer.system.access_rules || []).find((rule) => id.endsWith(`/${rule.block}`)) : null;

const list = (lang, texts, tag) => texts.length > 0 && el(tag, {}, texts.map((text) => el("li", { text: lang.pick(text) })));

/** @param {any} page @param {import("../model.js").Feature} feature */
export function accessRules(page, feature) {
  const { lang } = page;
  const rule = accessRuleOf(feature);
  if (!rule) return null;
  const paper = layerPaper(feature, rule);
  const comma = lang.lang() === "zh" ? "、" : "; ";
  const words = (texts) => texts.map((text) => lang.pick(text)).join(comma);
  return el(
    "section",
    { class: "tx-card-section access-rules", data: { role: "access-rules" } },
    el("h4", { text: lang.t("access_rules") }),
    el(
      "dl",
      {},
      fact(lang.t("access_role"), lang.pick(rule.role), "access-role"),
      fact(lang.t("access_existing"), words(rule.existing), "access-existing"),
      fact(lang.t("access_leading"), words(rule.leading), "access-leading"),
      fact(lang.t("access_entry"), list(lang, rule.entry_conditions, "ol"), "access-entry"),
      fact(lang.t("access_negative"), list(lang, rule.negative_list, "ol"), "access-negative"),
      fact(lang.t("source_of"), [paper && el("cite", { text: lang.pick(paper.title) }), el("span", { class: "quiet", lang: "zh-CN", text: rule.section })], "access-source"),
    ),
  );
}

const layerPaper = ({ layer }, rule) => layer.plan.documents.find(({ id }) => id === rule.document);
