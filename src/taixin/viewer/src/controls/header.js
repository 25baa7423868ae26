/** The band at the top: title, one-line explanation, panel switches, language, about. */
import { el, fill } from "../dom.js";
import { icon } from "../icons.js";

/** @param {any} page */
export function createHeader(page) {
  const { lang, store, actions, manifest } = page;
  const node = el("header", { class: "band", data: { role: "header" } });

  const panelButton = (panel, glyph) =>
    el(
      "button",
      {
        type: "button",
        class: "band-button panel-switch",
        data: { panel },
        "aria-pressed": String(Boolean(store.get().panels[panel])),
        on: { click: () => actions.panel(panel, !store.get().panels[panel]) },
      },
      icon(glyph),
      el("span", { text: lang.t(panel === "tree" ? "layers" : panel) }),
    );

  function render() {
    const title = lang.pick(manifest.title);
    document.title = title;
    fill(
      node,
      el("a", { class: "skip", href: "#taixin-stage", text: lang.t("skip_map"), on: { click: focusMap } }),
      el("div", { class: "titles" }, el("h1", { text: title }), el("p", { text: lang.pick(manifest.subtitle) })),
      el(
        "div",
        { class: "band-tools" },
        panelButton("tree", "layers"),
        panelButton("legend", "legend"),
        panelButton("card", "card"),
        el("button", { type: "button", class: "band-button", data: { role: "about-open" }, text: lang.t("about"), on: { click: () => page.about() } }),
        el("button", {
          type: "button",
          class: "band-button language",
          data: { role: "language" },
          lang: store.get().lang === "zh" ? "en" : "zh-CN",
          text: lang.t("switch_language"),
          on: { click: () => actions.speak(store.get().lang === "zh" ? "en" : "zh") },
        }),
      ),
    );
  }

  function focusMap(event) {
    event.preventDefault();
    page.map.getContainer().focus();
  }

  store.on(["lang"], () => {
    const refocus = node.contains(document.activeElement);
    render();
    if (refocus) node.querySelector(".language").focus();
  });
  // Pressed states change often; rendering anew would drop the focus.
  store.on(["panels"], ({ panels }) => {
    for (const button of node.querySelectorAll("[data-panel]")) {
      button.setAttribute("aria-pressed", String(Boolean(panels[button.dataset.panel])));
    }
  });
  render();
  return node;
}
