/**
 * The panel of the user's own tools, in tabs. Each tab is a control of its own: { id, word, create(page) }.
 * Hooks: data-role="tools" (panel), data-tab (tab button), data-role="tab-<id>" (its body).
 */
import { el, fill } from "../dom.js";
import { iconButton } from "./button.js";

function tabButton(page, tab, current) {
  const { lang, own } = page;
  const chosen = tab.id === current;
  return el("button", {
    type: "button",
    role: "tab",
    id: `taixin-tab-${tab.id}`,
    class: "tool-tab",
    tabindex: chosen ? 0 : -1,
    "aria-selected": String(chosen),
    "aria-controls": `taixin-tool-${tab.id}`,
    data: { tab: tab.id },
    text: lang.t(tab.word),
    on: { click: () => own.set({ tab: tab.id }) },
  });
}

/** Left and right walk along the tabs, as everywhere. */
function walkTabs(event, tabs, own) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const at = tabs.findIndex(({ id }) => id === own.get().tab);
  own.set({ tab: tabs[(at + step + tabs.length) % tabs.length].id });
  event.currentTarget.querySelector("[aria-selected=true]").focus();
}

/** @param {any} page @param {Array<{ id: string, word: string, create: (page: any) => any }>} tabs */
export function createTools(page, tabs) {
  const { lang, store, actions, own, map } = page;
  const node = el("aside", { class: "panel-tools", data: { role: "tools", covers: "" } });
  const title = el("h2");
  const head = el("div", { class: "panel-head" });
  const strip = el("div", { class: "tool-tabs", role: "tablist", on: { keydown: (event) => walkTabs(event, tabs, own) } });
  const bodies = tabs.map((tab) =>
    el("div", { class: "panel-body tool-body", role: "tabpanel", id: `taixin-tool-${tab.id}`, "aria-labelledby": `taixin-tab-${tab.id}`, data: { role: `tab-${tab.id}` } }, tab.create(page)),
  );
  fill(node, head, strip, bodies);

  function render() {
    const { tab } = own.get();
    title.textContent = lang.t("tools");
    node.setAttribute("aria-label", lang.t("tools"));
    fill(head, title, iconButton("close", lang.t("close_panel", { what: lang.t("tools") }), () => actions.panel("tools", false)));
    const focused = strip.contains(document.activeElement);
    fill(strip, tabs.map((item) => tabButton(page, item, tab)));
    if (focused) strip.querySelector("[aria-selected=true]").focus();
    bodies.forEach((body, i) => (body.hidden = tabs[i].id !== tab));
  }

  const follow = ({ panels }) => node.classList.toggle("is-closed", !panels.tools);
  store.on(["lang"], render);
  store.on(["panels"], follow);
  own.on(["tab"], render);
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    actions.panel("tools", false);
    map.getContainer().focus();
  });
  render();
  follow(store.get());
  return node;
}
