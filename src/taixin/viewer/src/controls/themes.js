/** The start: themes as one-click views, and the note that says what the chosen one shows. */
import { el, fill } from "../dom.js";
import { isNamed, THEMES, themeLayers } from "../themes.js";
import { showBoxes } from "../go.js";
import { iconButton } from "./button.js";
import { valueText } from "./audit-text.js";

/** Puts a theme's layers on, all others off, and shows where they lie. */
function openTheme(page, theme) {
  const { store, model, actions } = page;
  const layers = themeLayers(theme, model);
  // A card of something that is no longer drawn would only be in the way.
  actions.select(null);
  actions.panel("card", false);
  store.set({ visible: new Set(layers.map(({ id }) => id)), theme: theme.id });
  showBoxes(page, layers.map(({ info }) => info.bbox).filter(Boolean));
}

/** @param {any} page the row of buttons below the band */
export function createThemes(page) {
  const { lang, store, model } = page;
  const node = el("nav", { class: "themes", data: { role: "themes" } });
  const themes = THEMES.filter((theme) => themeLayers(theme, model).length > 0);

  function render() {
    node.setAttribute("aria-label", lang.t("themes"));
    const button = (theme) => el("button", { type: "button", class: "theme-button", "aria-pressed": "false", data: { theme: theme.id }, text: lang.pick(theme.title), on: { click: () => openTheme(page, theme) } });
    fill(node, themes.map(button));
    press();
  }
  function press() {
    const { theme } = store.get();
    for (const button of node.children) button.setAttribute("aria-pressed", String(button.dataset.theme === theme));
  }
  store.on(["lang"], render);
  store.on(["theme"], press);
  render();
  return node;
}

function figureRow(page, id) {
  const finding = (page.manifest.findings || []).find((one) => one.id === id);
  if (!finding) return [];
  const { lang } = page;
  const found = finding.found === null ? [] : [el("span", { class: "quiet", text: `${lang.t("found_value")} ${valueText(finding.found, finding.unit, page)}` })];
  return [el("dt", { text: lang.pick(finding.claim) }), el("dd", {}, el("strong", { text: valueText(finding.stated, finding.unit, page) }), " ", found)];
}

/** @param {any} page the note on the map */
export function createThemeNote(page) {
  const { lang, store, model } = page;
  const node = el("section", { class: "theme-note", hidden: true, data: { role: "theme-note", covers: "" } });

  function render() {
    const theme = THEMES.find(({ id }) => id === store.get().theme);
    node.hidden = !theme;
    if (!theme) return;
    const layers = themeLayers(theme, model);
    const located = layers.reduce((sum, { info }) => sum + info.located, 0);
    node.setAttribute("aria-label", lang.t("theme_button", { what: lang.pick(theme.title) }));
    fill(
      node,
      el("div", { class: "note-head" }, el("h2", { text: lang.pick(theme.title) }), iconButton("close", lang.t("close"), () => store.set({ theme: null }))),
      isNamed(theme, model) && el("p", { data: { role: "theme-caption" }, text: lang.pick(theme.caption) }),
      el("p", { class: "quiet", text: lang.t("theme_layers", { layers: layers.length, located }) }),
      isNamed(theme, model) && theme.figures.length > 0 && el("dl", { data: { role: "theme-figures" } }, theme.figures.map((id) => figureRow(page, id))),
    );
  }
  store.on(["theme", "lang"], render);
  render();
  return node;
}
