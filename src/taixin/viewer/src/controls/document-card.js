/** The card of a plan document: who issued it, when, and what of it is on the page. */
import { el } from "../dom.js";
import { date } from "../format.js";
import { fact } from "./card-parts.js";

/** @param {any} page @param {string} id */
export function documentCard(page, id) {
  const { lang, manifest } = page;
  const plan = manifest.plans.find(({ documents }) => documents.some((one) => one.id === id));
  const document = plan.documents.find((one) => one.id === id);
  const systems = plan.systems.filter((system) => system.document === id);
  const count = systems.flatMap(({ layers }) => layers).reduce((sum, { features }) => sum + features, 0);
  const link = (system) => el("button", { type: "button", class: "chip", data: { system: `${plan.id}/${system.id}` }, text: lang.pick(system.title), on: { click: () => page.reveal(plan, system) } });
  return el(
    "article",
    { class: "tx-card", data: { document: id } },
    el("header", { class: "tx-card-head" }, el("h3", { data: { role: "card-name" }, text: lang.pick(document.title) })),
    lang.pick(document.note) && el("p", { class: "summary", text: lang.pick(document.note) }),
    el(
      "dl",
      { class: "facts" },
      fact(lang.t("plan"), lang.pick(plan.title), "plan"),
      fact(lang.t("issuer"), lang.pick(document.issuer), "issuer"),
      fact(lang.t("issued"), date(document.date, lang.lang()), "issued"),
      fact(lang.t("find_features"), String(count), "feature-count"),
    ),
    systems.length > 0 && el("section", { class: "tx-card-section" }, el("h4", { text: `${lang.t("system")}${lang.aside(systems.length)}` }), el("div", { class: "chips" }, systems.map(link))),
  );
}
