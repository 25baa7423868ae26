/** The card of a plan feature: what it is, who says so, how its position came about. */
import { el } from "../dom.js";
import { nameOf } from "../english.js";
import { accuracyInWords, date } from "../format.js";
import { listOf } from "../model.js";
import { swatch } from "../draw/swatch.js";
import { isUncertain } from "../draw/symbols.js";
import { showSubject } from "../selection.js";
import { accessRules } from "./access-rules.js";
import { chips, fact, figureText, subjectLink } from "./card-parts.js";

const FIXED = new Set([
  "id", "name", "name_en", "kind", "plan", "system", "layer", "phase", "status", "status_date", "status_document", "members", "host",
  "summary", "summary_en", "document", "section", "term", "basis", "accuracy_m", "aliases", "see_also", "note", "note_en",
]);

function head(page, feature) {
  const { lang } = page;
  const { props, layer } = feature;
  const zh = lang.lang() === "zh";
  const other = zh ? props.name_en : props.name;
  const type = feature.shape ? feature.shape.type : layer.kind.geometry;
  return el(
    "header",
    { class: "tx-card-head" },
    swatch(layer.kind.symbol, type, { uncertain: isUncertain(props) }),
    el("div", {}, el("h3", { data: { role: "card-name" }, text: lang.name(props) }), other && other !== lang.name(props) && el("p", { class: "other-name", lang: zh ? "en" : "zh-CN", text: other })),
  );
}

function links(page, feature, names, open) {
  const list = listOf(names);
  if (!list.length) return null;
  return chips(list.map((name) => {
    const subject = page.model.resolve(name, feature.layer.plan.id);
    return subjectLink(page, nameOf(page, name, feature.layer.plan.id), subject, open);
  }));
}

function phaseText(page, feature) {
  const { lang } = page;
  const phase = feature.layer.plan.phases.find(({ id }) => id === feature.props.phase);
  if (!phase) return feature.props.phase || "";
  return `${lang.pick(phase.title)}${phase.from ? lang.aside(`${phase.from}–${phase.to}`) : ""}`;
}

function statusText(page, { status, status_date: when }) {
  const { lang, manifest } = page;
  if (!status) return "";
  const word = lang.pick(manifest.status[status]) || status;
  return when ? `${word}${lang.aside(lang.t("as_of", { date: date(when, lang.lang()) }))}` : word;
}

function figures(page, feature) {
  const { lang, manifest } = page;
  return Object.entries(feature.props)
    .filter(([key, value]) => !FIXED.has(key) && value !== null && value !== "" && typeof value !== "object")
    .flatMap(([key, value]) => fact(lang.pick(manifest.figures[key]) || key, figureText(value, manifest.figures[key], page), `figure-${key}`));
}

/** The document's title; in the atlas it leads to the document's own card. */
function documentTitle(page, paper, title, open) {
  const cite = el("cite", { text: title || "" });
  if (!paper || !page.map) return cite;
  return el("button", { type: "button", class: "link", data: { document: paper.id }, on: { click: () => open({ type: "document", id: paper.id }) } }, cite);
}

function citation(page, feature, open) {
  const { lang } = page;
  const { props, layer } = feature;
  const paper = layer.plan.documents.find(({ id }) => id === props.document);
  const title = paper ? lang.pick(paper.title) : props.document;
  return el(
    "section",
    { class: "tx-card-section", data: { role: "citation" } },
    el("h4", { text: lang.t("source_of") }),
    el(
      "dl",
      {},
      fact(lang.t("plan"), [documentTitle(page, paper, title, open), paper && paper.date ? el("span", { class: "quiet", text: date(paper.date, lang.lang()) }) : null], "document"),
      fact(lang.t("section"), props.section && el("span", { text: props.section, lang: "zh-CN" }), "section"),
      fact(lang.t("term"), props.term && el("q", { text: props.term, lang: "zh-CN" }), "term"),
    ),
  );
}

function facts(page, feature, open) {
  const { lang } = page;
  const { props, layer } = feature;
  return el(
    "dl",
    { class: "facts" },
    fact(lang.t("kind"), lang.pick(layer.kind.label), "kind"),
    fact(lang.t("system"), lang.pick(layer.system.title), "system"),
    fact(lang.t("phase"), phaseText(page, feature), "phase"),
    fact(lang.t("status"), statusText(page, props), "status"),
    figures(page, feature),
    fact(lang.t("members"), links(page, feature, props.members, open), "members"),
    fact(lang.t("host"), links(page, feature, props.host, open), "host"),
    fact(lang.t("aliases"), listOf(props.aliases).join(lang.lang() === "zh" ? "、" : ", "), "aliases"),
    fact(lang.t("position"), accuracyInWords(props, page.manifest, lang.lang()), "accuracy"),
    fact(lang.t("note"), lang.of(props, "note"), "note"),
    fact(lang.t("related"), links(page, feature, props.see_also, open), "see-also"),
  );
}

/** @param {any} page @param {import("../model.js").Feature} feature @param {(subject: any) => void} open */
export function featureCard(page, feature, open) {
  const { lang } = page;
  const { props, layer } = feature;
  const summary = lang.of(props, "summary");
  const caption = lang.pick(layer.info.caption);
  const subject = { type: "feature", id: feature.id };
  return el(
    "article",
    { class: "tx-card", data: { feature: feature.id } },
    head(page, feature),
    caption && el("p", { class: "caption", data: { role: "caption" }, text: caption }),
    !feature.shape && el("p", { class: "caption", data: { role: "unlocated" }, text: lang.t("no_position") }),
    summary && el("p", { class: "summary", data: { role: "summary" }, text: summary }),
    facts(page, feature, open),
    accessRules(page, feature),
    citation(page, feature, open),
    page.map && el("button", { type: "button", class: "text-button", data: { role: "zoom-to" }, text: lang.t("zoom_to"), on: { click: () => showSubject(page, subject) } }),
  );
}
