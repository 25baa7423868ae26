/** What can be done with a layer and known about it, below its row in the tree. */
import { el, fill } from "../dom.js";
import { downloadLayer } from "../download.js";
import { distance } from "../format.js";
import { wantedOf } from "../filters.js";
import { stackOf } from "../actions-find.js";
import { openSubject } from "../selection.js";
import { iconButton } from "./button.js";
import { fact } from "./card-parts.js";

function opacitySlider(page, layer, title) {
  const { lang, store, actions } = page;
  const value = () => store.get().opacity[layer.id] ?? 1;
  const input = el("input", {
    type: "range", min: 0.1, max: 1, step: 0.05, value: value(),
    "aria-label": lang.t("opacity_of", { what: title }),
    data: { opacity: layer.id },
    on: { input: () => actions.fade(layer.id, Number(input.value)) },
  });
  const update = () => {
    if (Number(input.value) !== value()) input.value = String(value());
  };
  return { node: el("label", { class: "opacity" }, el("span", { text: lang.t("opacity") }), input), update };
}

/** Up and down among the layers that are on. */
function orderButtons(page, layer, title) {
  const { lang, store, actions, model } = page;
  const up = iconButton("up", lang.t("raise_of", { what: title }), () => actions.move(layer.id, 1), { data: { raise: layer.id } });
  const down = iconButton("fall", lang.t("lower_of", { what: title }), () => actions.move(layer.id, -1), { data: { lower: layer.id } });
  const update = () => {
    const stack = stackOf(model, store.get());
    const at = stack.indexOf(layer);
    // aria-disabled keeps the focus on the button that has just done its last step.
    up.setAttribute("aria-disabled", String(at < 0 || at === stack.length - 1));
    down.setAttribute("aria-disabled", String(at <= 0));
  };
  return { node: el("span", { class: "order-buttons" }, up, down), update };
}

function featureButton(page, feature) {
  const { lang } = page;
  const open = () => openSubject(page, { type: "feature", id: feature.id });
  return el(
    "button",
    { type: "button", class: `feature-link ${feature.shape ? "" : "is-unlocated"}`, data: { feature: feature.id }, on: { click: open } },
    el("span", { text: lang.name(feature.props) }),
    !feature.shape && el("span", { class: "tag", text: lang.t("unlocated") }),
  );
}

function featureList(page, layer, title) {
  const { lang, store } = page;
  const buttons = layer.features.map((feature) => ({ feature, button: featureButton(page, feature) }));
  const items = buttons.map(({ button }) => el("li", {}, button));
  const update = () => {
    const { selection, filters } = store.get();
    const kept = new Set(wantedOf(layer, filters));
    buttons.forEach(({ feature, button }, i) => {
      const current = Boolean(selection && selection.type === "feature" && selection.id === feature.id);
      if (current) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
      items[i].hidden = !kept.has(feature);
    });
  };
  return { node: el("ul", { class: "feature-list", "aria-label": lang.t("list_of", { what: title }) }, items), update };
}

function sourceNames({ manifest, lang }, layer) {
  const used = manifest.sources.filter((source) => (source.used_by || []).includes(layer.id));
  return used.map((source) => [lang.pick(source.title), source.licence].filter(Boolean).join(" · "));
}

function countWords({ lang }, { info }) {
  if (info.stated === null || info.stated === undefined) return lang.t("named_n", { n: info.features });
  return lang.t("counts_of", { stated: info.stated, named: info.features });
}

/** Definition, counts, accuracy, citation and sources of a layer. */
export function layerInfo(page, layer) {
  const { lang } = page;
  const { info, system, plan } = layer;
  const paper = plan.documents.find(({ id }) => id === system.document);
  const sources = sourceNames(page, layer);
  const error = info.accuracy_m ? lang.t("up_to", { far: distance(info.accuracy_m, lang.lang()) }) : "";
  return el(
    "dl",
    { class: "layer-info", data: { role: "layer-info" } },
    fact(lang.t("definition"), [lang.pick(info.caption), lang.pick(system.summary)].filter(Boolean).map((text) => el("p", { text })), "layer-definition"),
    fact(lang.t("counts"), countWords(page, layer), "layer-counts"),
    fact(lang.t("kind"), lang.pick(layer.kind.label), "layer-kind"),
    fact(lang.t("accuracy"), error, "layer-accuracy"),
    fact(lang.t("source_of"), [paper && lang.pick(paper.title), el("span", { lang: "zh-CN", text: system.section })].filter(Boolean).map((part) => el("p", {}, part)), "layer-citation"),
    fact(lang.t("data_source"), sources.map((text) => el("p", { text })), "layer-sources"),
  );
}

/** @param {any} page @param {import("../model.js").LayerRecord} layer @param {string} title */
export function layerTools(page, layer, title) {
  const { lang, actions } = page;
  const drawable = layer.info.geometry_type !== "none";
  const parts = drawable ? [opacitySlider(page, layer, title), orderButtons(page, layer, title)] : [];
  const list = featureList(page, layer, title);
  const table = () => actions.dock({ view: "table", layer: layer.id });
  const node = el("div", { class: "layer-tools" });
  fill(
    node,
    parts.length > 0 && el("div", { class: "layer-sliders" }, parts.map((part) => part.node)),
    layerInfo(page, layer),
    el(
      "div",
      { class: "layer-actions" },
      el("button", { type: "button", class: "text-button", title: lang.t("table_of", { what: title }), data: { table: layer.id }, text: lang.t("table"), on: { click: table } }),
      el("button", { type: "button", class: "text-button", title: lang.t("download_layer", { what: title }), data: { download: layer.id }, text: lang.t("download"), on: { click: () => downloadLayer(layer) } }),
    ),
    list.node,
  );
  return { node, update: () => [...parts, list].forEach((part) => part.update()) };
}
