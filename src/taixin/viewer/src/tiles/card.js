/** What the tiles have at the point that was asked: their columns, as text. */
import { el } from "../dom.js";
import { fact } from "../controls/card-parts.js";
import { word } from "./words.js";

const listed = ({ columns }, props) => [...columns, ...Object.keys(props).filter((key) => !columns.includes(key))];

function record(page, tiles, props) {
  const name = tiles.name_field ? props[tiles.name_field] : "";
  const rows = listed(tiles, props).flatMap((key) => fact(key, props[key] === undefined ? "" : String(props[key])));
  return el(
    "article",
    { class: "tx-card", data: { tilesRecord: tiles.id } },
    el("h4", { text: page.lang.pick(tiles.title) }),
    name !== "" && name !== undefined && el("h3", { data: { role: "tiles-name" }, text: String(name) }),
    el("dl", { class: "facts" }, rows, credits(page, tiles)),
  );
}

/** Source and accuracy, as the card and the tree tell them. */
export function credits(page, { attribution, accuracy_m: metres }) {
  return [
    fact(word(page, "source"), attribution || word(page, "unsaid"), "tiles-source"),
    fact(word(page, "accuracy"), metres ? word(page, "within", { n: metres }) : word(page, "unsaid"), "tiles-accuracy"),
  ];
}

/** @param {any} page @param {Array<{ tiles: any, found: any[] }>} hits */
export function tilesCard(page, hits) {
  if (!hits.length) return null;
  const parts = hits.flatMap(({ tiles, found }) => {
    const whole = found.filter((props) => Object.keys(props).length);
    if (whole.length) return whole.map((props) => record(page, tiles, props));
    return [el("p", { class: "quiet", data: { role: "tiles-closer" }, text: `${page.lang.pick(tiles.title)}${page.lang.lang() === "zh" ? "：" : ": "}${word(page, "come_closer")}` })];
  });
  return el("section", { class: "tiles-found", data: { role: "tiles-found" } }, el("h3", { text: word(page, "at_point") }), parts);
}
