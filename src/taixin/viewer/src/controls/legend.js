/** The legend on the map: what is visible and nothing else, with the map's own symbols. */
import { stackOf } from "../actions-find.js";
import { BASE_LEGEND } from "../basemap.js";
import { shownCount } from "../counts.js";
import { el, fill } from "../dom.js";
import { baseSwatch } from "../draw/swatch.js";
import { isUncertain } from "../draw/symbols.js";
import { wantedOf } from "../filters.js";
import { remember } from "../memory.js";
import { surveyLegend } from "../surveys/tree.js";
import { THEMES, themeOf } from "../themes.js";
import { iconButton } from "./button.js";
import { layerSwatch } from "./tree-layer.js";

const row = (picture, text, count) =>
  el("li", { class: "legend-row" }, picture, el("span", { text }), count && el("span", { class: "count", text: count }));

function uncertainNotes(layers, lang) {
  const doubtful = layers.flatMap((layer) => layer.features.filter((feature) => feature.shape && isUncertain(feature.props)));
  const has = (type) => doubtful.some((feature) => feature.shape.type === type);
  return [
    has("line") && row(baseSwatch("note-line", "line"), lang.t("uncertain_line")),
    has("point") && row(baseSwatch("note-ring", "ring"), lang.t("uncertain_point")),
  ].filter(Boolean);
}

/** Colours for every eye; beside the symbols that they change. */
function paletteSwitch({ lang, store }) {
  const choose = () => {
    const palette = box.checked ? "safe" : "plan";
    remember("palette", palette);
    store.set({ palette });
  };
  const box = el("input", { type: "checkbox", data: { role: "palette" }, on: { change: choose } });
  box.checked = store.get().palette === "safe";
  return el("label", { class: "palette-switch" }, box, el("span", { text: lang.t("palette") }));
}

/** @param {any} page */
export function createLegend(page) {
  const { lang, model, store, actions } = page;
  const node = el("section", { class: "legend", data: { role: "legend", covers: "" } });

  function groups(layers) {
    return THEMES.map((group) => {
      const rows = layers.filter((layer) => themeOf(layer.system) === group.id);
      return rows.length > 0 && el(
        "div",
        { class: "legend-group", data: { group: group.id } },
        el("h3", { text: lang.pick(group.title) }),
        el("ul", {}, rows.map((layer) => row(layerSwatch(layer, store.get().opacity[layer.id] ?? 1), lang.pick(layer.info.title), shownCount(layer, store.get().filters, lang)))),
      );
    });
  }

  function render() {
    const { panels, filters } = store.get();
    // In the order of the map: what lies on top comes first.
    const layers = stackOf(model, store.get()).reverse().filter((layer) => wantedOf(layer, filters).some((feature) => feature.shape));
    const notes = uncertainNotes(layers, lang);
    const surveys = surveyLegend(page, row);
    node.classList.toggle("is-closed", !panels.legend);
    node.setAttribute("aria-label", lang.t("legend"));
    const held = document.activeElement && document.activeElement.dataset.role === "palette";
    fill(
      node,
      el("div", { class: "panel-head" }, el("h2", { text: lang.t("legend") }), iconButton("close", lang.t("close_panel", { what: lang.t("legend") }), () => actions.panel("legend", false))),
      el(
        "div",
        { class: "legend-body" },
        layers.length || surveys.length ? [groups(layers), surveys] : el("p", { class: "quiet", text: lang.t("legend_empty") }),
        notes.length > 0 && el("ul", { class: "legend-notes" }, notes),
        el("div", { class: "legend-group" }, el("h3", { text: lang.t("base_map") }), el("ul", { class: "legend-base" }, BASE_LEGEND.map(([word, className, form]) => row(baseSwatch(className, form), lang.t(word))))),
        paletteSwitch(page),
      ),
    );
    if (held) node.querySelector("[data-role=palette]").focus();
  }
  store.on(["visible", "lang", "opacity", "filters", "order", "palette"], render);
  page.surveys.on(["shown", "opacity"], render);
  store.on(["panels"], ({ panels }) => node.classList.toggle("is-closed", !panels.legend));
  render();
  return node;
}
