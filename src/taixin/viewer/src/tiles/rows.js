/** The entries of the tiles in the tree: on and off, opacity, source, and why they cannot be shown. */
import { el, fill } from "../dom.js";
import { number } from "../format.js";
import { credits } from "./card.js";
import { word } from "./words.js";

function rowOf(page, entry) {
  const { tiles } = entry;
  const title = page.lang.pick(tiles.title);
  const box = el("input", {
    type: "checkbox", "aria-label": word(page, "show", { what: title }), disabled: entry.isBarred,
    data: { tilesToggle: tiles.id }, on: { change: () => entry.show(box.checked) },
  });
  box.checked = entry.isShown();
  const slider = el("input", {
    type: "range", min: 0.1, max: 1, step: 0.05, value: entry.opacity(), "aria-label": word(page, "opacity"),
    data: { tilesOpacity: tiles.id }, on: { input: () => entry.fade(Number(slider.value)) },
  });
  const count = tiles.features ? word(page, "count", { n: number(tiles.features, page.lang.lang(), 9) }) : "";
  return el(
    "li",
    { class: "layer-row", data: { tiles: tiles.id } },
    el("label", { class: "layer-label" }, box, el("span", { class: "layer-name" }, el("span", { class: "layer-title", text: title }), el("span", { class: "count", text: count }))),
    entry.problem() && el("p", { class: "caption", role: "status", data: { role: "tiles-problem" }, text: entry.problem() }),
    !entry.isBarred && el("label", { class: "opacity" }, el("span", { text: word(page, "opacity") }), slider),
    el("dl", { class: "facts tiles-credits" }, credits(page, tiles)),
  );
}

/** @param {any} page @param {any[]} entries */
export function tileRows(page, entries) {
  const node = el("section", { class: "theme", data: { role: "tiles" } });
  // Below the surveys in the page they are one branch with these, under one heading.
  const heading = () => !page.surveys.all.size && el("h3", { class: "theme-title", text: page.lang.t("surveys") });
  const write = () => fill(node, heading(), el("ul", { class: "layer-list" }, entries.map((entry) => rowOf(page, entry))));
  page.store.on(["lang"], write);
  write();
  return { node, write };
}
