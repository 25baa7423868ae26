/** One layer in the tree: checkbox, symbol, title, count; below it, when opened, what can be known and done about it. */
import { layerCount } from "../counts.js";
import { el } from "../dom.js";
import { isUncertain } from "../draw/symbols.js";
import { swatch } from "../draw/swatch.js";
import { wantedOf } from "../filters.js";
import { iconButton } from "./button.js";
import { layerTools } from "./layer-tools.js";

/** The symbol as most of the layer's features are drawn. */
export function layerSwatch(layer, opacity = 1) {
  const located = layer.features.filter((feature) => feature.shape);
  const type = layer.info.geometry_type === "none" ? layer.kind.geometry : layer.info.geometry_type;
  const uncertain = located.filter((feature) => isUncertain(feature.props)).length * 2 > located.length;
  return swatch(layer.kind.symbol, type, { uncertain, opacity });
}

/** "11 处", or with filters "7 / 11 处". */
function countText(page, layer) {
  const { lang, store } = page;
  const { length } = wantedOf(layer, store.get().filters);
  const all = layerCount(layer.info, lang);
  return length === layer.features.length ? all : `${length} / ${all}`;
}

function headOf(page, layer, title, box, count) {
  const { lang, store, actions } = page;
  const key = `layer:${layer.id}`;
  const flip = () => actions.expand(key, !store.get().expanded.has(key));
  const open = iconButton("list", lang.t("options_of", { what: title }), flip, { "aria-expanded": "false", data: { expand: layer.id } });
  const names = el("span", { class: "layer-name" }, el("span", { class: "layer-title", text: title }), count);
  return { open, node: el("div", { class: "layer-head" }, el("label", { class: "layer-label" }, box, layerSwatch(layer), names), open) };
}

/** @param {any} page @param {import("../model.js").LayerRecord} layer */
export function layerRow(page, layer) {
  const { lang, store, actions } = page;
  const title = lang.pick(layer.info.title);
  const drawable = layer.info.geometry_type !== "none";
  const data = { toggle: layer.id };
  const box = el("input", { type: "checkbox", "aria-label": lang.t("show_layer", { what: title }), data, disabled: !drawable, on: { change: () => actions.show(layer.id, box.checked) } });
  const count = el("span", { class: "count" });
  const head = headOf(page, layer, title, box, count);
  const caption = lang.pick(layer.info.caption);
  const node = el("li", { class: "layer-row", data: { layer: layer.id } }, head.node, caption && el("p", { class: "caption", text: caption }));
  let tools = null;

  function update() {
    const { visible, expanded } = store.get();
    const open = expanded.has(`layer:${layer.id}`);
    box.checked = drawable && visible.has(layer.id);
    node.classList.toggle("is-off", drawable && !box.checked);
    count.textContent = countText(page, layer);
    head.open.setAttribute("aria-expanded", String(open));
    if (open && !tools) {
      tools = layerTools(page, layer, title);
      node.appendChild(tools.node);
    }
    if (!tools) return;
    tools.node.hidden = !open;
    if (open) tools.update();
  }
  function show(present) {
    node.hidden = !present;
    update();
  }
  update();
  return { node, update, show };
}
