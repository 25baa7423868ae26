/** "规划自检": what the plans state, against what the layers and the other documents say. */
import { el, fill } from "../dom.js";
import { icon } from "../icons.js";
import { deviationText, findingWords, valueText, whereNodes } from "./audit-text.js";

export const VERDICTS = { agrees: "check", differs: "differs", conflict: "conflict", unverifiable: "unknown" };
const SEVERITIES = ["error", "warning", "info"];
const COLUMNS = ["verdict", "claim", "stated_value", "found_value", "deviation", "where"];

/** Kept while the page is open, so that a look at the map does not cost the filter. */
const wish = { all: false, plan: "", verdict: "", text: "" };

const verdictMark = (verdict, lang) => el("span", { class: `verdict is-${verdict}`, data: { verdict } }, icon(VERDICTS[verdict] || "unknown"), el("span", { text: lang.t(verdict) }));

function findingRow(page, finding) {
  const { lang } = page;
  const { unit } = finding;
  return el(
    "tr",
    { data: { finding: finding.id } },
    el("td", {}, verdictMark(finding.verdict, lang)),
    el("th", { scope: "row", text: lang.pick(finding.claim) }),
    el("td", { class: "value", text: valueText(finding.stated, unit, page) }),
    el("td", { class: "value", text: valueText(finding.found, unit, page) }),
    el("td", { class: "value", text: deviationText(finding, page) }),
    el("td", { class: "where" }, whereNodes(page, finding)),
  );
}

/** Rows of one plan, the worst first. */
function planRows(page, plan, findings) {
  const { lang } = page;
  const title = el("tr", { class: "group-row", data: { plan: plan.id } }, el("th", { scope: "rowgroup", colspan: COLUMNS.length, text: `${lang.pick(plan.title)}${lang.aside(findings.length)}` }));
  const parts = SEVERITIES.map((severity) => ({ severity, rows: findings.filter((finding) => finding.severity === severity) })).filter(({ rows }) => rows.length);
  return [
    title,
    parts.map(({ severity, rows }) => [
      el("tr", { class: "severity-row", data: { severity } }, el("th", { scope: "rowgroup", colspan: COLUMNS.length, text: `${lang.t(`severity_${severity}`)}${lang.aside(rows.length)}` })),
      rows.map((finding) => findingRow(page, finding)),
    ]),
  ];
}

/** The findings that are wanted now. */
function chosen(findings) {
  const text = wish.text.trim().toLowerCase();
  return findings.filter(
    (finding) =>
      (wish.all || wish.verdict || finding.verdict !== "agrees") &&
      (!wish.plan || finding.plan === wish.plan) &&
      (!wish.verdict || finding.verdict === wish.verdict) &&
      (!text || findingWords(finding).includes(text)),
  );
}

const select = (label, role, entries, value, run) => {
  const node = el("select", { "aria-label": label, data: { role }, on: { change: () => run(node.value) } }, entries.map(([key, text]) => el("option", { value: key, text })));
  node.value = value;
  return node;
};

function toolsOf(page, findings, again) {
  const { lang, manifest } = page;
  const count = (verdict) => findings.filter((finding) => finding.verdict === verdict).length;
  const put = (change) => {
    Object.assign(wish, change);
    again();
  };
  const segment = (all, word) => el("button", { type: "button", class: "segment", "aria-pressed": String(wish.all === all), data: { all: String(all) }, text: lang.t(word), on: { click: () => put({ all, verdict: "" }) } });
  const verdicts = Object.keys(VERDICTS).map((verdict) => [verdict, `${lang.t(verdict)}${lang.aside(count(verdict))}`]);
  const text = el("input", { type: "search", placeholder: lang.t("filter_rows"), "aria-label": lang.t("filter_rows"), value: wish.text, data: { role: "audit-text" }, on: { input: () => put({ text: text.value }) } });
  return [
    el("div", { class: "segments", role: "group", "aria-label": lang.t("verdict") }, segment(false, "only_disagreeing"), segment(true, "all_findings")),
    select(lang.t("plan"), "audit-plan", [["", lang.t("every_plan")], ...manifest.plans.map((plan) => [plan.id, lang.pick(plan.short)])], wish.plan, (plan) => put({ plan })),
    select(lang.t("verdict"), "audit-verdict", [["", lang.t("every_verdict")], ...verdicts], wish.verdict, (verdict) => put({ verdict })),
    text,
  ];
}

/** @param {any} page */
export function auditView(page) {
  const { lang, manifest } = page;
  const findings = manifest.findings || [];
  const state = el("p", { class: "quiet", role: "status", data: { role: "audit-state" } });
  const rows = el("tbody", {});
  const tools = el("div", { class: "dock-filters" });

  function write() {
    const found = chosen(findings);
    const groups = manifest.plans.map((plan) => [plan, found.filter((finding) => finding.plan === plan.id)]).filter(([, own]) => own.length);
    fill(rows, groups.map(([plan, own]) => planRows(page, plan, own)));
    state.textContent = found.length ? lang.t("findings_shown", { n: found.length, all: findings.length }) : lang.t(findings.length ? "findings_none" : "findings_absent");
    for (const button of tools.querySelectorAll("[data-all]")) button.setAttribute("aria-pressed", String((button.dataset.all === "true") === wish.all));
    const verdict = tools.querySelector("[data-role=audit-verdict]");
    if (verdict) verdict.value = wish.verdict;
  }
  fill(tools, toolsOf(page, findings, write));
  write();
  const head = el("thead", {}, el("tr", {}, COLUMNS.map((column) => el("th", { scope: "col", text: lang.t(column) }))));
  const table = el("table", { class: "rows audit-rows", data: { role: "audit-rows" } }, el("caption", { class: "quiet", text: lang.t("self_check_note") }), head, rows);
  return {
    title: lang.t("self_check"),
    tools: [tools, state],
    body: el("div", { class: "dock-body", tabindex: 0, role: "group", "aria-label": lang.t("self_check_title"), data: { role: "audit" } }, table),
  };
}
