/** The band at the top: title, one-line explanation, panel switches, language, about. */
import { el, fill } from "../dom.js";
import { icon } from "../icons.js";
import { createFind } from "./find.js";

const PANELS = [["tree", "layers", "layers"], ["legend", "legend", "legend"], ["card", "card", "card"], ["tools", "tools", "tools"]];

function panelButton({ store, actions, lang }, [panel, glyph, word]) {
  const flip = () => actions.panel(panel, !store.get().panels[panel]);
  const pressed = String(Boolean(store.get().panels[panel]));
  return el(
    "button",
    { type: "button", class: "band-button panel-switch", data: { panel }, "aria-pressed": pressed, on: { click: flip } },
    icon(glyph),
    el("span", { text: lang.t(word) }),
  );
}

function tools(page) {
  const { lang, store, actions } = page;
  const other = store.get().lang === "zh" ? "en" : "zh";
  return el(
    "div",
    { class: "band-tools" },
    PANELS.map((panel) => panelButton(page, panel)),
    el("button", { type: "button", class: "band-button", data: { role: "audit-open" }, on: { click: () => actions.dock({ view: "audit" }) } }, icon("check"), el("span", { text: lang.t("self_check") })),
    el("button", { type: "button", class: "band-button", data: { role: "about-open" }, on: { click: () => page.about() } }, icon("info"), el("span", { text: lang.t("about") })),
    el("button", {
      type: "button",
      class: "band-button language",
      data: { role: "language" },
      lang: other === "zh" ? "zh-CN" : "en",
      text: lang.t("switch_language"),
      on: { click: () => actions.speak(other) },
    }),
  );
}

/** Pressed states change often; writing the band anew would drop the focus. */
function followPanels(node, panels) {
  for (const button of node.querySelectorAll("[data-panel]")) {
    const open = Boolean(panels[button.dataset.panel]);
    const closed = button.getAttribute("aria-pressed") === "true" && !open;
    button.setAttribute("aria-pressed", String(open));
    // The close button has just gone out of sight with its panel: the focus comes here.
    const { activeElement } = document;
    if (closed && activeElement && activeElement.closest(`[data-role="${button.dataset.panel}"]`)) button.focus();
  }
}

/** @param {any} page */
export function createHeader(page) {
  const { lang, store, manifest, map } = page;
  const node = el("header", { class: "band", data: { role: "header" } });
  const find = createFind(page);

  function focusMap(event) {
    event.preventDefault();
    map.getContainer().focus();
  }

  function render() {
    const title = lang.pick(manifest.title);
    const refocus = node.contains(document.activeElement);
    document.title = title;
    fill(
      node,
      el("a", { class: "skip", href: "#taixin-stage", text: lang.t("skip_map"), on: { click: focusMap } }),
      el("div", { class: "titles" }, el("h1", { text: title }), el("p", { text: lang.pick(manifest.subtitle) })),
      find,
      tools(page),
    );
    if (refocus) node.querySelector(".language").focus();
  }

  store.on(["lang"], render);
  store.on(["panels"], ({ panels }) => followPanels(node, panels));
  render();
  return node;
}
