/** The left panel: plan > theme > system > layers, each with its symbol, count, opacity and download. */
import { el, fill } from "../dom.js";
import { statedCounts } from "../counts.js";
import { icon } from "../icons.js";
import { iconButton } from "./button.js";
import { layerRow } from "./tree-layer.js";

/** A checkbox for many layers: on, off, or in between. */
function manyBox(page, layers, label) {
  const { visible } = page.store.get();
  const on = layers.filter((id) => visible.has(id)).length;
  const box = el("input", { type: "checkbox", "aria-label": label, on: { change: () => page.actions.showMany(layers, box.checked) } });
  box.checked = on === layers.length && on > 0;
  box.indeterminate = on > 0 && on < layers.length;
  return box;
}

function branchButton(page, key, content, className) {
  const open = page.store.get().expanded.has(key);
  return el(
    "button",
    {
      type: "button",
      class: `branch ${className}`,
      "aria-expanded": String(open),
      data: { branch: key },
      on: { click: () => page.actions.expand(key, !page.store.get().expanded.has(key)) },
    },
    el("span", { class: "twist" }, icon("down")),
    content,
  );
}

function systemNode(page, plan, system) {
  const { lang, model, store } = page;
  const key = `${plan.id}/${system.id}`;
  const open = store.get().expanded.has(key);
  const title = lang.pick(system.title);
  const layers = system.layers.map((info) => model.layers.get(info.id));
  const drawable = layers.filter((layer) => layer.info.geometry_type !== "none").map((layer) => layer.id);
  return el(
    "li",
    { class: "system", data: { system: key } },
    el(
      "div",
      { class: "system-head" },
      drawable.length > 0 && manyBox(page, drawable, lang.t("show_system", { what: title })),
      branchButton(page, key, el("span", { class: "system-title", text: title }), "system-branch"),
    ),
    open && lang.pick(system.summary) && el("p", { class: "system-summary", text: lang.pick(system.summary) }),
    open && el("ul", { class: "layer-list" }, layers.map((layer) => layerRow(page, layer))),
    open && countLines(system, lang),
  );
}

function countLines(system, lang) {
  const lines = statedCounts(system, lang).filter(({ short }) => short);
  return lines.length > 0 && el("ul", { class: "stated" }, lines.map(({ text }) => el("li", { text })));
}

function planNode(page, plan) {
  const { lang, manifest, store } = page;
  const open = store.get().expanded.has(plan.id);
  const themes = manifest.groups
    .map((group) => ({ group, systems: plan.systems.filter((system) => system.group === group.id) }))
    .filter(({ systems }) => systems.length);
  return el(
    "li",
    { class: "plan", data: { plan: plan.id } },
    branchButton(page, plan.id, el("span", { class: "plan-title", text: lang.pick(plan.title) }), "plan-branch"),
    open &&
      themes.map(({ group, systems }) =>
        el(
          "section",
          { class: "theme", data: { group: group.id } },
          el("h3", { class: "theme-title", text: lang.pick(group.title) }),
          el("ul", { class: "system-list" }, systems.map((system) => systemNode(page, plan, system))),
        ),
      ),
  );
}

/** Puts the focus back on the control that was used, since the tree is drawn anew. */
function keepFocus(node, render) {
  const active = node.contains(document.activeElement) ? document.activeElement : null;
  const index = active ? [...node.querySelectorAll("button,input")].indexOf(active) : -1;
  const scroll = node.querySelector(".panel-body") ? node.querySelector(".panel-body").scrollTop : 0;
  render();
  const body = node.querySelector(".panel-body");
  if (body) body.scrollTop = scroll;
  const again = index >= 0 ? node.querySelectorAll("button,input")[index] : null;
  if (again) again.focus({ preventScroll: true });
}

/** @param {any} page */
export function createTree(page) {
  const { lang, store, actions, manifest } = page;
  const node = el("nav", { class: "panel panel-tree", data: { role: "tree" } });

  function render() {
    node.setAttribute("aria-label", lang.t("layers"));
    node.classList.toggle("is-closed", !store.get().panels.tree);
    fill(
      node,
      el("div", { class: "panel-head" }, el("h2", { text: lang.t("layers") }), iconButton("close", lang.t("close_panel", { what: lang.t("layers") }), () => actions.panel("tree", false))),
      el("div", { class: "panel-body" }, el("ul", { class: "plan-list" }, manifest.plans.map((plan) => planNode(page, plan)))),
    );
  }
  store.on(["lang", "visible", "expanded", "selection"], () => keepFocus(node, render));
  store.on(["panels"], ({ panels }) => node.classList.toggle("is-closed", !panels.tree));
  render();
  return node;
}
