/** A planning system in the tree: a box for all its layers, its summary, its layers, and what is stated but not named. */
import { el, fill } from "../dom.js";
import { statedCounts } from "../counts.js";
import { icon } from "../icons.js";
import { layerRow } from "./tree-layer.js";

/** A line that opens and closes what lies under it. */
export function branch(page, key, content, className) {
  const { store, actions } = page;
  const flip = () => actions.expand(key, !store.get().expanded.has(key));
  const node = el(
    "button",
    { type: "button", class: `branch ${className}`, "aria-expanded": "false", data: { branch: key }, on: { click: flip } },
    el("span", { class: "twist" }, icon("down")),
    content,
  );
  return { node, update: (open) => node.setAttribute("aria-expanded", String(Boolean(open))) };
}

/** A checkbox for many layers: on, off, or in between. */
function manyBox(page, layers, label) {
  const box = el("input", { type: "checkbox", "aria-label": label, on: { change: () => page.actions.showMany(layers, box.checked) } });
  const update = () => {
    const { visible } = page.store.get();
    const on = layers.filter((id) => visible.has(id)).length;
    box.checked = on === layers.length && on > 0;
    box.indeterminate = on > 0 && on < layers.length;
  };
  return { node: box, update };
}

function countLines(system, lang) {
  const lines = statedCounts(system, lang).filter(({ short }) => short);
  return lines.length > 0 && el("ul", { class: "stated" }, lines.map(({ text }) => el("li", { text })));
}

/** The nodes under a system's name, made when it is opened for the first time. */
function bodyOf(page, system, rows) {
  const { lang } = page;
  const summary = lang.pick(system.summary);
  return [
    summary && el("p", { class: "system-summary", text: summary }),
    el("ul", { class: "layer-list" }, rows.map((row) => row.node)),
    countLines(system, lang),
  ];
}

/** @param {any} page @param {any} plan @param {any} system */
export function systemNode(page, plan, system) {
  const { lang, model, store } = page;
  const key = `${plan.id}/${system.id}`;
  const title = lang.pick(system.title);
  const layers = system.layers.map((info) => model.layers.get(info.id));
  const drawable = layers.filter((layer) => layer.info.geometry_type !== "none").map((layer) => layer.id);
  const box = drawable.length > 0 && manyBox(page, drawable, lang.t("show_system", { what: title }));
  const head = branch(page, key, el("span", { class: "system-title", text: title }), "system-branch");
  const body = el("div", { class: "system-body" });
  const node = el("li", { class: "system", data: { system: key } }, el("div", { class: "system-head" }, box && box.node, head.node), body);
  const rows = new Map();

  function update(match) {
    const any = match.system(plan, system);
    const open = any && (store.get().expanded.has(key) || match.forced);
    node.hidden = !any;
    head.update(open);
    body.hidden = !open;
    if (open && !rows.size) {
      for (const layer of layers) rows.set(layer.id, layerRow(page, layer));
      fill(body, bodyOf(page, system, [...rows.values()]));
    }
    if (open) for (const layer of layers) rows.get(layer.id).show(match.layer(layer));
    if (box) box.update();
    return any;
  }
  /** Something about these layers has changed; null means about any. */
  function changed(ids) {
    if (box && (!ids || drawable.some((id) => ids.has(id)))) box.update();
    for (const [id, row] of rows) if (!ids || ids.has(id)) row.update();
  }
  return { node, update, changed };
}
