/** The answer of a site check on the screen: site, plans with their groups, access rules, tolerances. */
import { amount, createTitles, metres, percent } from "../check/told.js";
import { el } from "../dom.js";
import { nameOf } from "../english.js";
import { openSubject } from "../selection.js";

const SHOWN = 40;

function itemRow(ctx, plan, item, figures) {
  const { page, titles, t } = ctx;
  const open = () => openSubject(page, { type: "feature", id: item.id });
  return el(
    "li",
    { class: "check-item", data: { feature: item.id, answer: item.answer || null } },
    el("button", { type: "button", class: "check-name", on: { click: open } },
      item.answer && el("span", { class: `answer ${item.answer}`, text: t(`check_${item.answer}`) }), el("strong", { text: item.name }), el("small", { text: titles.kind(item.kind) })),
    el("p", { text: figures.filter(Boolean).join(" · ") }),
    el("p", { class: "quiet", text: [titles.document(plan.plan, item.document), item.section].filter(Boolean).join(" · ") }),
  );
}

/** A group that can be folded; long ones are opened in full only on demand. */
function group(ctx, plan, key, figures, open) {
  const list = plan[key];
  if (!list.length) return null;
  const rows = el("ul", {}, list.slice(0, SHOWN).map((item) => itemRow(ctx, plan, item, figures(item))));
  if (list.length > SHOWN) {
    const more = el("button", { type: "button", class: "text-button", text: ctx.t("more_here", { n: list.length - SHOWN }) });
    more.addEventListener("click", () => {
      more.remove();
      for (const item of list.slice(SHOWN)) rows.appendChild(itemRow(ctx, plan, item, figures(item)));
    });
    return details(ctx, key, list.length, open, [rows, more]);
  }
  return details(ctx, key, list.length, open, [rows]);
}

function details({ t }, key, n, open, content) {
  return el("details", { class: "check-group", open, data: { group: key } }, el("summary", {}, el("span", { text: t(`check_${key}`) }), el("span", { class: "count", text: String(n) })), content);
}

function planPart(ctx, plan) {
  const { t, lang, titles, page } = ctx;
  const off = (item) => `± ${metres(item.accuracy_m, lang)}${page.lang.aside(titles.basis(item.basis))}`;
  const names = plan.not_affected.map((id) => page.lang.name(page.model.features.get(id).props));
  return el(
    "section",
    { class: "check-plan", data: { plan: plan.plan } },
    el("h4", { text: titles.plan(plan.plan) }),
    plan.affected.length === 0 && el("p", { class: "quiet", text: `${t("check_affected")}${lang === "zh" ? "：" : ": "}${t("check_none")}` }),
    group(ctx, plan, "affected", (item) => [item.share ? percent(item.share) : "", amount(item, lang), item.distance_m ? `${t("check_distance")} ${metres(item.distance_m, lang)}` : "", off(item)], true),
    group(ctx, plan, "near", (item) => [`${t("check_distance")} ${metres(item.distance_m, lang)}`, off(item)], false),
    group(ctx, plan, "no_data", (item) => [item.host && `${t("check_host")} ${nameOf(page, item.host, plan.plan)}`], false),
    details(ctx, "not_affected", names.length, false, [el("p", { class: "quiet", text: names.join(lang === "zh" ? "、" : "; ") })]),
  );
}

function rulePart({ t, titles, lang }, rule) {
  const list = (word, texts, className) => texts.length > 0 && [el("h5", { class: className, text: t(word) }), el("ul", {}, texts.map((text) => el("li", { text })))];
  return el(
    "div",
    { class: "access-rule", data: { rule: rule.id, applies: rule.applies } },
    el("p", {}, el("span", { class: `answer ${rule.applies}`, text: t(`check_${rule.applies}`) }), el("strong", { text: rule.block })),
    el("p", { text: rule.role }),
    list("check_existing", rule.existing, ""),
    list("check_leading", rule.leading, "welcome"),
    list("check_requirements", rule.requirements, "conditions"),
    list("check_negative_list", rule.negative_list, "forbidden"),
    el("p", { class: "quiet", text: `${titles.document(rule.plan, rule.document)} · ${rule.section} · ± ${metres(rule.accuracy_m, lang)}` }),
  );
}

/** @param {any} page @param {{ record: any, withinKm: number }} check */
export function checkResult(page, { record, withinKm }) {
  const { t } = page.lang;
  const lang = page.lang.lang();
  const ctx = { page, t, lang, titles: createTitles(page) };
  const { site, administrative } = record;
  const counties = administrative.map((county) => `${county.name} ${percent(county.share)}`);
  return el(
    "div",
    { class: "check-result", data: { role: "check-result" } },
    el("h3", { text: site.name || t("check_unnamed") }),
    el("p", { data: { role: "check-size" }, text: `${t("check_size")} ${amount(site, lang)}` }),
    el("p", { data: { role: "check-counties" }, text: counties.join(lang === "zh" ? "；" : "; ") || t("check_none") }),
    site.notes.map((text) => el("p", { class: "warning", text })),
    record.plans.map((plan) => planPart(ctx, plan)),
    el("section", { class: "check-plan", data: { role: "check-access" } }, el("h4", { text: t("check_access") }), record.access_rules.length ? record.access_rules.map((rule) => rulePart(ctx, rule)) : el("p", { text: t("check_no_rule") })),
    el("details", { class: "check-group" }, el("summary", {}, el("span", { text: t("check_tolerances") })), ["yes", "possibly", "near", "no_data"].map((word) => el("p", { class: "quiet", text: t(`check_rule_${word}`, { within: withinKm }) }))),
    el("p", { class: "quiet", text: t("check_disclaimer") }),
  );
}
