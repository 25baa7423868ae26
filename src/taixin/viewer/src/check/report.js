/**
 * The report of a check, to be printed on A4: map, tables, citations, tolerances. It lies outside the atlas and shows
 * only on paper; `html[data-print="check"]` decides which of the page's sheets a print is of.
 */
import { el, fill } from "../dom.js";
import { nameOf } from "../english.js";
import { date } from "../format.js";
import { setPage } from "../print/page-size.js";
import { swatch } from "../draw/swatch.js";
import { reportMap } from "./sketch.js";
import { amount, createTitles, metres, percent } from "./told.js";

const PAPER = 'size: A4 portrait; margin: 14mm 14mm 16mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; }';
const RULES = ["check_rule_yes", "check_rule_possibly", "check_rule_near", "check_rule_no_data"];

function table(heads, rows) {
  return el(
    "table",
    {},
    el("thead", {}, el("tr", {}, heads.map((text) => el("th", { text })))),
    el("tbody", {}, rows.map((cells) => el("tr", {}, cells.map((cell) => el("td", {}, cell))))),
  );
}

const small = (text) => el("small", { text });
const badge = (text) => el("span", { class: "badge", text: String(text) });

/** Features that the plans' answers number, in that order: number, kind and GeoJSON of each. */
function numbered(model, plans) {
  const ids = plans.flatMap((plan) => plan.affected.map(({ id }) => id));
  const numbers = new Map(ids.map((id, i) => [id, i + 1]));
  const features = [];
  for (const { kind, info, collection } of model.layers.values()) {
    for (const raw of collection.features) {
      const number = numbers.get(raw.properties.id);
      if (number) features.push({ raw, kind, kindId: info.kind, number });
    }
  }
  return { numbers, features: features.sort((a, b) => a.number - b.number) };
}

function legend({ t, titles }, features) {
  const kinds = new Map();
  for (const { kindId, kind, number } of features) kinds.set(kindId, { kind, numbers: [...(kinds.get(kindId)?.numbers || []), number] });
  const rows = [...kinds].map(([id, { kind, numbers }]) => el("li", {}, swatch(kind.symbol, kind.geometry), ` ${titles.kind(id)} `, badge(numbers.join(", "))));
  return el("ul", { class: "report-legend" }, el("li", {}, swatch({ stroke: "#c2185b", fill: "#c2185b", fill_opacity: 0.2, width: 2.6 }, "polygon"), ` ${t("check_site")}`), rows);
}

function mapPart(ctx, page, geometry, features) {
  const { t } = ctx;
  const { node, around, alike } = reportMap(page, geometry, features);
  const same = alike.map(({ number, same: others }) => `${number} = ${others.join(", ")}`);
  return el("figure", {}, node, legend(ctx, features),
    around.length > 0 && el("p", { class: "fine", text: `${t("check_around")}: ${around.join(", ")}` }),
    same.length > 0 && el("p", { class: "fine", text: `${t("check_same")}: ${same.join("; ")}` }),
  );
}

function overview({ t, titles }, plans) {
  const count = (plan, answer) => plan.affected.filter((item) => item.answer === answer).length;
  const heads = ["plan", "yes", "possibly", "near", "no_data_short", "not_affected"].map((word) => t(`check_${word}`));
  const rows = plans.map((plan) => [titles.plan(plan.plan), count(plan, "yes"), count(plan, "possibly"), plan.near.length, plan.no_data.length, plan.not_affected.length].map(String));
  return el("section", { class: "foot" }, el("h2", { text: t("check_overview") }), table(heads, rows));
}

/** Chapters of one plan; an empty group says so instead of being left out. */
function planPart(ctx, plan) {
  const { t, lang, titles, names, host, aside, numbers } = ctx;
  const papers = new Set(["affected", "near", "no_data"].flatMap((key) => plan[key].map((item) => item.document)));
  const only = papers.size === 1 ? titles.document(plan.plan, [...papers][0]) : "";
  const name = (item) => [el("span", { text: item.name }), small(titles.kind(item.kind))];
  const cited = (item) => [el("span", { text: item.section || "" }), !only && small(titles.document(plan.plan, item.document))];
  const accuracy = (item) => [el("span", { text: `± ${metres(item.accuracy_m, lang)}` }), small(titles.basis(item.basis))];
  const group = (word, list, heads, row) => [
    el("h3", { text: `${t(word)}${aside(list.length)}` }),
    list.length ? table(heads.map((head) => t(`check_${head}`)), list.map(row)) : el("p", { text: t("check_none") }),
  ];
  return el(
    "section",
    { data: { reportPlan: plan.plan } },
    el("h2", { text: titles.plan(plan.plan) }),
    el("p", { class: "issuer", text: titles.issuer(plan.plan) + (only && ` · ${t("check_cited")} ${only}`) }),
    group("check_affected", plan.affected, ["number", "feature", "answer", "share", "inside", "distance", "accuracy", "citation"], (item) => [
      badge(numbers.get(item.id)), name(item), el("strong", { class: item.answer, text: t(`check_${item.answer}`) }), percent(item.share), amount(item, lang), metres(item.distance_m, lang), accuracy(item), cited(item),
    ]),
    group("check_near", plan.near, ["feature", "distance", "accuracy", "citation"], (item) => [name(item), metres(item.distance_m, lang), accuracy(item), cited(item)]),
    group("check_no_data", plan.no_data, ["feature", "host", "citation"], (item) => [name(item), item.host ? host(item.host, plan.plan) : "–", cited(item)]),
    el("h3", { text: `${t("check_not_affected")}${aside(plan.not_affected.length)}` }),
    el("p", { class: "fine", text: plan.not_affected.map((id) => names(id)).join(lang === "zh" ? "、" : "; ") || t("check_none") }),
  );
}

function accessPart({ t, lang, titles }, rules) {
  const list = (word, texts) => texts.length > 0 && [el("h4", { text: t(word) }), el("ul", {}, texts.map((text) => el("li", { text })))];
  return el(
    "section",
    {},
    el("h2", { text: t("check_access") }),
    rules.length ? rules.map((rule) => el(
      "div",
      { class: "rule" },
      el("h3", { text: `${rule.block} · ${t("check_applies")}: ${t(`check_${rule.applies}`)}` }),
      el("p", { text: rule.role }),
      list("check_existing", rule.existing),
      list("check_leading", rule.leading),
      list("check_requirements", rule.requirements),
      list("check_negative_list", rule.negative_list),
      small(`${titles.document(rule.plan, rule.document)} · ${rule.section} · ± ${metres(rule.accuracy_m, lang)}`),
    )) : el("p", { text: t("check_no_rule") }),
  );
}

function siteFacts({ t, lang }, { site, administrative }) {
  const counties = administrative.map((county) => `${county.name} (${county.adcode}) ${percent(county.share)}`);
  const rows = [
    ["check_source", site.source], ["check_size", amount(site, lang)], ["check_crs", site.crs],
    ["check_extent", site.bbox.join(", ")], ["check_administrative", counties.join("; ") || t("check_none")],
  ];
  return el("table", { class: "report-facts" }, el("tbody", {}, rows.map(([word, text]) => el("tr", {}, el("th", { text: t(word) }), el("td", { text })))));
}

/** @param {any} page @param {{ record: any, geometry: any, withinKm: number }} check @param {string} today ISO date */
export function reportOf(page, { record, geometry, withinKm }, today) {
  const { lang, manifest, model } = page;
  const { t } = lang;
  const host = (name, planId) => nameOf(page, name, planId);
  const names = (id) => lang.name(model.features.get(id).props);
  const { numbers, features } = numbered(model, record.plans);
  const ctx = { t, lang: lang.lang(), titles: createTitles(page), names, host, aside: lang.aside, numbers };
  const head = [
    `${t("check_report_date")} ${today}`,
    `${t("check_data_date")} ${date(manifest.date, lang.lang())}`,
    `${t("check_data_version")} ${manifest.data_version}`,
    `Taixin Atlas ${manifest.version}`,
    lang.pick(manifest.review),
  ];
  return [
    el("h1", { text: t("check_title") }),
    el("p", { class: "lead", text: head.join(" · ") }),
    el("h2", { text: `${t("check_site")} · ${record.site.name || t("check_unnamed")}` }),
    siteFacts(ctx, record),
    record.site.notes.map((text) => el("p", { class: "note", text })),
    mapPart(ctx, page, geometry, features),
    overview(ctx, record.plans),
    record.plans.map((plan) => planPart(ctx, plan)),
    accessPart(ctx, record.access_rules),
    el("section", { class: "foot" },
      el("h2", { text: t("check_tolerances") }),
      RULES.map((word) => el("p", { text: t(word, { within: withinKm }) })),
      el("p", { class: "note", text: t("check_disclaimer") }),
      el("p", { class: "fine", text: `${t("check_sources")}: ${manifest.sources.map(({ title }) => lang.pick(title)).join("; ")}` }),
    ),
  ];
}

/** The sheet of the report, empty until something is printed. */
export function createReport(page) {
  const node = el("article", { class: "check-report", data: { role: "check-report" } });
  document.body.appendChild(node);
  const root = document.documentElement;
  const clear = () => {
    delete root.dataset.print;
    fill(node);
  };
  window.addEventListener("afterprint", () => root.dataset.print === "check" && clear());
  /** @param {any} check */
  return (check) => {
    fill(node, reportOf(page, check, new Date().toLocaleDateString("sv")));
    root.dataset.print = "check";
    setPage(PAPER);
    window.print();
  };
}
