/** One layer in the tree: checkbox, symbol, title, count; below it, when opened, opacity, download and features. */
import { layerCount } from "../counts.js";
import { el } from "../dom.js";
import { downloadLayer } from "../download.js";
import { isUncertain } from "../draw/symbols.js";
import { swatch } from "../draw/swatch.js";
import { openSubject } from "../selection.js";
import { iconButton } from "./button.js";

/** The symbol as most of the layer's features are drawn. */
export function layerSwatch(layer, opacity = 1) {
  const located = layer.features.filter((feature) => feature.shape);
  const type = layer.info.geometry_type === "none" ? layer.kind.geometry : layer.info.geometry_type;
  const uncertain = located.filter((feature) => isUncertain(feature.props)).length * 2 > located.length;
  return swatch(layer.kind.symbol, type, { uncertain, opacity });
}

function opacitySlider(page, layer, title) {
  const { lang, store, actions } = page;
  const value = store.get().opacity[layer.id] ?? 1;
  const input = el("input", {
    type: "range", min: 0.1, max: 1, step: 0.05, value,
    "aria-label": lang.t("opacity_of", { what: title }),
    data: { opacity: layer.id },
    on: { input: () => actions.fade(layer.id, Number(input.value)) },
  });
  return el("label", { class: "opacity" }, el("span", { text: lang.t("opacity") }), input);
}

function featureButton(page, feature) {
  const { lang, store } = page;
  const { selection } = store.get();
  const current = selection && selection.type === "feature" && selection.id === feature.id;
  return el(
    "li",
    {},
    el(
      "button",
      {
        type: "button",
        class: `feature-link ${feature.shape ? "" : "is-unlocated"}`,
        "aria-current": current ? "true" : null,
        data: { feature: feature.id },
        on: { click: () => openSubject(page, { type: "feature", id: feature.id }) },
      },
      el("span", { text: lang.name(feature.props) }),
      !feature.shape && el("span", { class: "tag", text: lang.t("unlocated") }),
    ),
  );
}

function layerTools(page, layer, title) {
  const { lang } = page;
  const drawable = layer.info.geometry_type !== "none";
  return el(
    "div",
    { class: "layer-tools" },
    drawable && opacitySlider(page, layer, title),
    el("button", {
      type: "button",
      class: "text-button",
      title: lang.t("download_layer", { what: title }),
      data: { download: layer.id },
      on: { click: () => downloadLayer(layer) },
      text: lang.t("download"),
    }),
    el("ul", { class: "feature-list", "aria-label": lang.t("list_of", { what: title }) }, layer.features.map((feature) => featureButton(page, feature))),
  );
}

/** @param {any} page @param {import("../model.js").LayerRecord} layer */
export function layerRow(page, layer) {
  const { lang, store, actions } = page;
  const { visible, expanded } = store.get();
  const title = lang.pick(layer.info.title);
  const key = `layer:${layer.id}`;
  const open = expanded.has(key);
  const drawable = layer.info.geometry_type !== "none";
  const box = el("input", {
    type: "checkbox",
    "aria-label": lang.t("show_layer", { what: title }),
    data: { toggle: layer.id },
    on: { change: () => actions.show(layer.id, box.checked) },
  });
  box.checked = drawable && visible.has(layer.id);
  box.disabled = !drawable;
  return el(
    "li",
    { class: `layer-row ${box.checked || !drawable ? "" : "is-off"}`, data: { layer: layer.id } },
    el(
      "div",
      { class: "layer-head" },
      el("label", { class: "layer-label" }, box, layerSwatch(layer), el("span", { class: "layer-name" }, el("span", { class: "layer-title", text: title }), el("span", { class: "count", text: layerCount(layer.info, lang) }))),
      iconButton("list", lang.t("options_of", { what: title }), () => actions.expand(key, !open), { "aria-expanded": String(open), data: { expand: layer.id } }),
    ),
    lang.pick(layer.info.caption) && el("p", { class: "caption", text: lang.pick(layer.info.caption) }),
    open && layerTools(page, layer, title),
  );
}
