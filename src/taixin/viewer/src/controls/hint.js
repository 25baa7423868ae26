/** What a newcomer should know, until it is waved away; remembered where the browser has a place for it. */
import { el, fill } from "../dom.js";
import { remember } from "../memory.js";

/** @param {any} page */
export function createHint(page) {
  const { lang, store } = page;
  const node = el("section", { class: "hint", hidden: remember("hint") === "seen", data: { role: "hint", covers: "" } });
  const leave = () => {
    if (node.hidden) return;
    node.hidden = true;
    remember("hint", "seen");
  };
  const done = () => {
    leave();
    page.map.getContainer().focus({ preventScroll: true });
  };
  function render() {
    node.setAttribute("aria-label", lang.t("hint_title"));
    fill(
      node,
      el("h2", { text: lang.t("hint_title") }),
      el("ul", {}, ["hint_1", "hint_2", "hint_3"].map((key) => el("li", { text: lang.t(key) }))),
      el("p", { class: "hint-short", text: lang.t("hint_short") }),
      el("button", { type: "button", class: "solid", data: { role: "hint-done" }, text: lang.t("hint_done"), on: { click: done } }),
    );
  }
  store.on(["lang"], render);
  // Whoever has found the first thing needs no hint.
  store.on(["theme", "selection", "dock"], leave);
  render();
  return node;
}
