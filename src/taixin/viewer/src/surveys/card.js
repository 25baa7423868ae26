/** The card of a row of a survey: its columns as they are, whose data it is, how far it may be off. */
import { fact } from "../controls/card-parts.js";
import { el } from "../dom.js";
import { swatch } from "../draw/swatch.js";
import { distance } from "../format.js";
import { cellsOf, nameOfSpot } from "./surveys.js";

/** @param {any} page @param {string} id of the subject */
export function surveyCard(page, id) {
  const { lang } = page;
  const spot = page.surveys.at(id);
  if (!spot) return el("p", { class: "quiet", text: lang.t("nothing_here") });
  const { about } = spot.survey;
  const { source } = about;
  return el(
    "article",
    { class: "tx-card", data: { survey: about.id } },
    el(
      "header",
      { class: "tx-card-head" },
      swatch(spot.set.symbol, about.type),
      el("div", {}, el("h3", { data: { role: "card-name" }, text: nameOfSpot(spot, lang) }), el("p", { class: "other-name", text: lang.pick(about.title) })),
    ),
    el("p", { class: "caption", text: lang.t("survey_note") }),
    el("dl", { class: "facts", data: { role: "survey-cells" } }, cellsOf(spot).map(([name, text]) => fact(name, text))),
    el(
      "section",
      { class: "tx-card-section", data: { role: "survey-source" } },
      el("h4", { text: lang.t("sources") }),
      el(
        "dl",
        {},
        fact(lang.t("survey_source"), source.title ? lang.pick(source.title) : null),
        fact(lang.t("survey_issuer"), [source.issuer, source.date].filter(Boolean).join(lang.lang() === "zh" ? "，" : ", ")),
        fact(lang.t("survey_credit"), source.attribution),
        fact(lang.t("survey_licence"), source.licence),
        fact(lang.t("survey_accuracy"), `± ${distance(about.accuracy_m, lang.lang())}`, "survey-accuracy"),
      ),
    ),
  );
}
