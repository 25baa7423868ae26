/**
 * The left panel: plan > theme > system > layers, or theme > plan > system > layers.
 * Hundreds of rows: branches are written when they are first opened, and afterwards changed in place.
 */
import { el, fill } from "../dom.js";
import { surveyBranch } from "../surveys/tree.js";
import { THEMES, themeOf } from "../themes.js";
import { iconButton } from "./button.js";
import { matcher } from "./tree-match.js";
import { branch, systemNode } from "./tree-system.js";
import { treeTools } from "./tree-tools.js";

/** Branches of the tree: who stands above whom. */
function outline({ manifest, store }) {
  const pairs = manifest.plans.flatMap((plan) => plan.systems.map((system) => ({ plan, system })));
  const plans = manifest.plans.map((plan) => ({ key: plan.id, title: plan.title, short: plan.short, has: (pair) => pair.plan === plan }));
  const themes = THEMES.map(({ id, title }) => ({ key: `theme:${id}`, title, short: title, theme: id, has: (pair) => themeOf(pair.system) === id }));
  const [outer, inner] = store.get().treeBy === "theme" ? [themes, plans] : [plans, themes];
  return outer
    .map((top) => {
      const own = pairs.filter(top.has);
      const sections = inner.map((part) => ({ ...part, systems: own.filter(part.has) })).filter(({ systems }) => systems.length);
      return { ...top, sections };
    })
    .filter(({ sections }) => sections.length);
}

function sectionNode(page, part, match) {
  const nodes = part.systems.map(({ plan, system }) => systemNode(page, plan, system));
  const node = el(
    "section",
    { class: "theme", data: { group: part.theme || part.key } },
    el("h3", { class: "theme-title", text: page.lang.pick(part.short) }),
    el("ul", { class: "system-list" }, nodes.map((system) => system.node)),
  );
  const update = (found) => {
    const any = nodes.map((system) => system.update(found)).some(Boolean);
    node.hidden = !any;
    return any;
  };
  update(match);
  return { node, update, changed: (ids) => nodes.forEach((system) => system.changed(ids)) };
}

/** A plan or theme with what lies under it. */
function topNode(page, top) {
  const { lang, store } = page;
  const head = branch(page, top.key, el("span", { class: "plan-title", text: lang.pick(top.title) }), "plan-branch");
  const body = el("div", { class: "plan-body" });
  const node = el("li", { class: "plan", data: top.theme ? { theme: top.theme } : { plan: top.key } }, head.node, body);
  let parts = null;
  const systems = top.sections.flatMap((section) => section.systems);

  function update(match) {
    const any = systems.some(({ system, plan }) => match.system(plan, system));
    const open = store.get().expanded.has(top.key) || match.forced;
    node.hidden = !any;
    head.update(open);
    body.hidden = !open;
    if (open && !parts) {
      parts = top.sections.map((part) => sectionNode(page, part, match));
      fill(body, parts.map((part) => part.node));
    } else if (open) parts.forEach((part) => part.update(match));
    return any;
  }
  return { node, update, changed: (ids) => (parts || []).forEach((part) => part.changed(ids)) };
}

const differing = (a, b) => new Set([...[...a].filter((id) => !b.has(id)), ...[...b].filter((id) => !a.has(id))]);

/** Listens to the store and hands each change to the rows that it is about. */
function follow(page, tree) {
  const { store } = page;
  let { visible } = store.get();
  store.on(["visible"], (state) => {
    const ids = differing(visible, state.visible);
    visible = state.visible;
    tree.changed(ids);
  });
  store.on(["opacity", "order", "selection"], () => tree.changed(null));
  store.on(["expanded", "filters", "treeText"], () => tree.update());
  store.on(["treeBy", "palette"], () => tree.regroup());
  store.on(["lang"], () => tree.write());
  store.on(["panels"], ({ panels }) => tree.node.classList.toggle("is-closed", !panels.tree));
}

/** Opens the way to a system and brings it into sight: from the self-check and from layer names elsewhere. */
function reveal(page, node, plan, system) {
  const { actions, store } = page;
  const key = `${plan.id}/${system.id}`;
  actions.panel("tree", true);
  store.set({ treeText: "", expanded: new Set([...store.get().expanded, plan.id, `theme:${themeOf(system)}`, key]) });
  const found = node.querySelector(`[data-system="${key}"]`);
  if (!found) return;
  found.scrollIntoView({ block: "center" });
  const button = found.querySelector(".branch");
  if (button) button.focus({ preventScroll: true });
}

/** @param {any} page */
export function createTree(page) {
  const { lang, store, actions } = page;
  const node = el("nav", { class: "panel panel-tree", data: { role: "tree" } });
  const list = el("ul", { class: "plan-list" });
  const empty = el("p", { class: "quiet", data: { role: "tree-empty" }, hidden: true });
  const tools = treeTools(page);
  const surveys = surveyBranch(page);
  const body = el("div", { class: "panel-body" }, tools.node, list, empty, surveys.node);
  let tops = [];

  function update() {
    const match = matcher(page);
    const any = tops.map((top) => top.update(match)).some(Boolean);
    empty.hidden = any;
    tools.update();
  }
  function regroup() {
    tops = outline(page).map((top) => topNode(page, top));
    fill(list, tops.map((top) => top.node));
    update();
  }
  function write() {
    node.setAttribute("aria-label", lang.t("layers"));
    node.classList.toggle("is-closed", !store.get().panels.tree);
    const close = iconButton("close", lang.t("close_panel", { what: lang.t("layers") }), () => actions.panel("tree", false));
    tools.write();
    surveys.write();
    empty.textContent = lang.t("no_layers");
    fill(node, el("div", { class: "panel-head" }, el("h2", { text: lang.t("layers") }), close), body);
    regroup();
  }
  function changed(ids) {
    tops.forEach((top) => top.changed(ids));
    tools.update();
  }
  page.reveal = (plan, system) => reveal(page, node, plan, system);
  write();
  follow(page, { node, write, regroup, update, changed });
  return node;
}
