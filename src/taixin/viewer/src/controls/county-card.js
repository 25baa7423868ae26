/** The card of a county: what it is, and which plan features lie in it or are said to. */
import { el } from "../dom.js";
import { number } from "../format.js";
import { showSubject } from "../selection.js";
import { chips, fact, featureLink } from "./card-parts.js";

function section(page, title, features, open, role) {
  return el(
    "section",
    { class: "tx-card-section", data: { role } },
    el("h4", { text: `${title}${page.lang.aside(features.length)}` }),
    features.length ? chips(features.map((feature) => featureLink(page, feature, open))) : el("p", { class: "quiet", text: page.lang.t("none") }),
  );
}

/** @param {any} page @param {import("../model.js").County} county @param {(subject: any) => void} open */
export function countyCard(page, county, open) {
  const { lang, model } = page;
  const { props } = county;
  const zh = lang.lang() === "zh";
  const { located, unlocated } = model.inCounty(county.id);
  const other = zh ? props.name_en : props.name_zh;
  const source = page.manifest.sources.find(({ id }) => id === props.source);
  const from = source ? lang.pick(source.title) : props.source || lang.t("base_map");
  const area = props.area_km2
    ? [`${number(props.area_km2, lang.lang(), 1)} km² `, el("span", { class: "quiet", text: lang.t("area_source", { source: from }) })]
    : null;
  return el(
    "article",
    { class: "tx-card", data: { county: county.id } },
    el("header", { class: "tx-card-head" }, el("div", {}, el("h3", { data: { role: "card-name" }, text: lang.name(props) }), other && el("p", { class: "other-name", lang: zh ? "en" : "zh-CN", text: other }))),
    el(
      "dl",
      { class: "facts" },
      fact(lang.t("kind"), lang.t("county"), "kind"),
      fact(lang.t("city"), zh ? props.city : props.city_en || props.city, "city"),
      fact(lang.t("area"), area, "area"),
      fact(lang.t("adcode"), county.id, "adcode"),
    ),
    section(page, lang.t("county_features"), located, open, "county-located"),
    unlocated.length > 0 && section(page, lang.t("county_unlocated"), unlocated, open, "county-unlocated"),
    el("button", { type: "button", class: "text-button", data: { role: "zoom-to" }, text: lang.t("zoom_to"), on: { click: () => showSubject(page, { type: "county", id: county.id }) } }),
  );
}
