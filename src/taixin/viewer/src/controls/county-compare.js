/** Two counties beside each other: what they are, what plans place in them or name for them, with which figures. */
import { el } from "../dom.js";
import { number } from "../format.js";
import { listOf } from "../model.js";
import { openSubject } from "../selection.js";
import { chips, featureLink, figureText } from "./card-parts.js";
import { createDialog } from "./dialog.js";

function picker(page, side) {
  const { lang, model, store, actions } = page;
  const select = el(
    "select",
    { "aria-label": lang.t(side === "a" ? "left_side" : "right_side"), data: { role: `county-${side}` }, on: { change: () => actions.compare({ ...store.get().compare, [side]: select.value }) } },
    [...model.counties.values()].map(({ id, props }) => el("option", { value: id, text: `${lang.name(props)} · ${lang.lang() === "zh" ? props.city : props.city_en || props.city}` })),
  );
  select.value = store.get().compare[side];
  return select;
}

/** Features that speak of this county alone: its figures are the county's, those of larger bodies are not. */
const isOwn = (county) => ({ props }) => {
  const hosts = [...listOf(props.host), ...listOf(props.members)];
  return props.name === county.props.name_zh || (hosts.length === 1 && (hosts[0] === county.id || hosts[0] === county.props.name_zh));
};

function figureList(page, county, features) {
  const { lang, manifest } = page;
  const rows = features.filter(isOwn(county)).flatMap(({ props }) =>
    Object.entries(manifest.figures)
      .filter(([key, { unit }]) => unit && typeof props[key] === "number")
      .map(([key, entry]) => el("li", {}, `${lang.name(props)}${lang.lang() === "zh" ? "：" : ": "}${lang.pick(entry)} `, el("strong", { text: figureText(props[key], entry, page) }))),
  );
  return rows.length ? el("ul", { class: "figure-list" }, rows) : el("span", { class: "quiet", text: lang.t("none") });
}

function row(title, cells, role) {
  return el("tr", { data: { role } }, el("th", { scope: "row", text: title }), cells.map((cell) => el("td", {}, cell)));
}

function table(page, counties, close) {
  const { lang, manifest, model } = page;
  const found = counties.map(({ id }) => model.inCounty(id));
  const open = (subject) => {
    close();
    openSubject(page, subject);
  };
  const list = (features) => [el("strong", { class: "big-number", text: String(features.length) }), chips(features.map((feature) => featureLink(page, feature, open)))];
  const inGroup = (group) => (feature) => feature.layer.system.group === group.id;
  const themes = manifest.groups.filter((group) => found.some(({ located }) => located.some(inGroup(group))));
  const zh = lang.lang() === "zh";
  return el(
    "table",
    { class: "county-table" },
    el("thead", {}, el("tr", {}, el("td", {}), ["a", "b"].map((side) => el("th", { scope: "col" }, picker(page, side))))),
    el(
      "tbody",
      {},
      row(lang.t("city"), counties.map(({ props }) => (zh ? props.city : props.city_en || props.city)), "county-city"),
      row(lang.t("area"), counties.map(({ props }) => (props.area_km2 ? `${number(props.area_km2, lang.lang(), 1)} km²` : "")), "county-area"),
      row(lang.t("county_total"), found.map(({ located, unlocated }) => lang.t("county_counts", { located: located.length, unlocated: unlocated.length })), "county-total"),
      themes.map((group) => row(lang.pick(group.title), found.map(({ located }) => list(located.filter(inGroup(group)))), `county-theme-${group.id}`)),
      row(lang.t("county_unlocated"), found.map(({ unlocated }) => list(unlocated)), "county-unlocated-row"),
      row(lang.t("figures"), counties.map((county, i) => figureList(page, county, [...found[i].located, ...found[i].unlocated])), "county-figures"),
    ),
  );
}

/** @param {any} page */
export function createCountyCompare(page) {
  const { lang, model, store, actions } = page;
  const wanted = () => {
    const { compare } = store.get();
    return compare && compare.mode === "counties" ? compare : null;
  };
  const dialog = createDialog(page, {
    role: "county-compare",
    wide: true,
    title: () => lang.t("compare_counties"),
    body: () => (wanted() ? table(page, [wanted().a, wanted().b].map((id) => model.counties.get(id)), dialog.close) : null),
    closed: () => wanted() && actions.compare(null),
  });
  function sync() {
    if (!wanted()) return dialog.isOpen() ? dialog.close() : undefined;
    if (!dialog.isOpen()) return dialog.open();
    const role = document.activeElement && document.activeElement.dataset.role;
    dialog.render();
    const again = role && dialog.node.querySelector(`[data-role="${role}"]`);
    return again && again.focus();
  }
  store.on(["compare"], sync);
  // A link may ask for it before the page stands; a dialog opens only once it is part of the document.
  requestAnimationFrame(sync);
  return dialog.node;
}
