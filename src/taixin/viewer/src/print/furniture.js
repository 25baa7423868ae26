/** What stands around the map of a sheet: title, frame with degrees, scale bar, north arrow, notes. */
import { svg } from "../dom.js";
import { date, number } from "../format.js";
import { widthOf } from "../labels/text.js";
import { MM, PIXEL_M } from "./paper.js";
import { breakLines, setLines } from "./text.js";

const INK = "#2b2721";
const STEPS = [1, 2, 4, 10];

export function titleBlock({ head, title, subtitle, paper }) {
  let size = paper === "A3" ? 30 : 22;
  const wide = () => widthOf(title, { size, weight: 700, font: "serif" }) > head.w;
  while (size > 11 && wide()) size -= 1;
  const middle = head.x + head.w / 2;
  // A title too long for one line at the smallest size keeps its beginning in full and goes on below.
  const lines = breakLines(title, head.w, { size, weight: 700, font: "serif" });
  return svg(
    "g",
    {},
    setLines(lines, { x: middle, y: head.y, size, weight: 700, font: "serif", anchor: "middle", leading: 1.15, role: "sheet-title" }),
    subtitle && lines.length === 1 && setLines([subtitle], { x: middle, y: head.y + size * 1.35, size: paper === "A3" ? 12 : 9.5, anchor: "middle", colour: "#5f5646" }),
  );
}

export const frame = ({ x, y, w, h }) =>
  svg(
    "g",
    { fill: "none", stroke: INK, "pointer-events": "none" },
    svg("rect", { x, y, width: w, height: h, "stroke-width": 0.8, data: { role: "sheet-frame" } }),
    svg("rect", { x: x - 3, y: y - 3, width: w + 6, height: h + 6, "stroke-width": 1.6 }),
  );

/** Roundest ground length whose bar takes at most a fifth of the frame. */
function barLength(scale, w) {
  const most = Math.min(w * 0.24, 75 * MM) * PIXEL_M * scale;
  const power = 10 ** Math.floor(Math.log10(most));
  return Math.max(...STEPS.flatMap((step) => [step * power, (step * power) / 10]).filter((length) => length <= most));
}

/** The bar is drawn to the scale itself, so it holds for any paper as long as nobody shrinks the page. */
export function scaleBar(page, { scale, x, y, w, k }) {
  const { lang } = page;
  const length = barLength(scale, w);
  const width = length / (PIXEL_M * scale);
  const unit = length >= 1000 ? "km" : "m";
  const value = length >= 1000 ? length / 1000 : length;
  const size = 10.5 * k;
  const field = width / 4;
  const bars = [0, 1, 2, 3].map((i) => svg("rect", { x: x + i * field, y: y + size * 1.5, width: field, height: 5 * k, fill: i % 2 ? "#fffdf6" : INK, stroke: INK, "stroke-width": 0.7 }));
  const ticks = [0, 0.5, 1].map((share) => setLines([`${number(value * share, lang.lang(), 2)}${share === 1 ? ` ${unit}` : ""}`], { x: x + width * share, y, size, anchor: "middle" }));
  const ratio = setLines([lang.t("sheet_scale", { n: number(scale, lang.lang(), 0) })], { x: x + width + 9 * k + widthOf(unit, { size, weight: 400, font: "sans" }), y: y + size * 1.02, size: size * 1.15, weight: 700, role: "sheet-ratio" });
  const said = lang.t("sheet_scale", { n: number(scale, lang.lang(), 0) });
  const block = width + 16 * k + widthOf(said, { size: size * 1.15, weight: 700, font: "sans" }) + size * 2;
  return {
    node: svg("g", { data: { role: "sheet-scale", metres: length, pixels: width.toFixed(3) } }, ticks, bars, ratio),
    width: block,
    height: size * 1.5 + 6 * k,
  };
}

/** Points to true north, which on a Gauss-Kruger sheet is not quite straight up. */
export function northArrow(page, { x, y, k, turn }) {
  const s = 1.15 * k;
  return svg(
    "g",
    { transform: `translate(${x} ${y}) rotate(${turn.toFixed(2)}) scale(${s})`, data: { role: "sheet-north", turn: turn.toFixed(2) } },
    svg("circle", { r: 25, fill: "#fbf7ec", "fill-opacity": 0.8 }),
    svg("path", { d: "M0 -8L-8.5 21L0 14.5Z", fill: INK }),
    svg("path", { d: "M0 -8L8.5 21L0 14.5Z", fill: "#fbf7ec", stroke: INK, "stroke-width": 0.8 }),
    svg("text", { y: -11, "text-anchor": "middle", "font-size": 12, "font-weight": 700, fill: INK, "font-family": "sans-serif", text: page.lang.t("north_letter") }),
  );
}

/** What a licence or a map number obliges us to print; mere remarks on a source are on the "about" page. */
const OBLIGES = /GS\s*\(|GS（|CC[ -]|CC0|LGPL|ODbL|©|MIT/;

const unique = (list) => [...new Set(list.filter(Boolean))];

/** Sources of what is on the sheet: of its layers, and of the base map. */
function sourceWords(page, shown) {
  const { manifest, lang, model } = page;
  const { counties, rivers, places } = model.base;
  const used = new Set([counties, rivers, places].flatMap((collection) => (collection ? collection.features : [])).map(({ properties }) => properties.source));
  const ids = new Set(shown.map(({ layer }) => layer.id));
  const list = manifest.sources.filter((source) => used.has(source.id) || (source.used_by || []).some((id) => ids.has(id)));
  return unique(list.map(({ title, attribution }) => {
    const words = lang.pick(title);
    if (!OBLIGES.test(attribution || "") || attribution === words) return words;
    return lang.lang() === "zh" ? `${words}（${attribution}）` : `${words} (${attribution})`;
  }));
}

function documentWords(page, shown) {
  const { lang } = page;
  const plans = unique(shown.map(({ layer }) => layer.plan));
  return plans.map((plan) => {
    const [first] = plan.documents;
    const when = first && first.date ? date(first.date, lang.lang()) : "";
    return `${lang.pick(plan.title)}${when ? (lang.lang() === "zh" ? `（${when}）` : ` (${when})`) : ""}`;
  });
}

const today = () => {
  const now = new Date();
  const two = (n) => String(n).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
};

/** The notes under the map as [label, text] pairs. */
export function noteTexts(page, { shown, plane, scale, pages }) {
  const { lang, manifest, store } = page;
  const join = lang.lang() === "zh" ? "；" : "; ";
  const { time } = store.get();
  return [
    ["sheet-review", `${lang.pick(manifest.review)}${lang.lang() === "zh" ? "。" : ". "}${lang.t("sheet_date", { date: date(today(), lang.lang()) })}${time === null ? "" : lang.t("sheet_time", { year: time })}${pages > 1 ? lang.t("sheet_pages", { n: pages }) : ""}`],
    ["sheet-crs", lang.t("sheet_crs", { cm: plane.meridian, epsg: plane.epsg, n: number(scale, lang.lang(), 0) })],
    ["sheet-accuracy", lang.t("accuracy_statement")],
    ["sheet-documents", `${lang.t("documents")}${lang.t("colon")}${documentWords(page, shown).join(join)}`],
    ["sheet-sources", `${lang.t("sources")}${lang.t("colon")}${sourceWords(page, shown).join(join)}`],
  ];
}

/** Notes broken to the width; tells how high they are before they are drawn. */
export function setNotes(texts, width, k) {
  const size = 8.6 * (0.35 + 0.65 * k);
  const leading = 1.36;
  const blocks = texts.map(([role, text]) => ({ role, lines: breakLines(text, width, { size, weight: role === "sheet-review" ? 700 : 400, font: "sans" }) }));
  const height = blocks.reduce((sum, { lines }) => sum + lines.length * size * leading, 0);
  const draw = ({ x, y }) => {
    let top = y;
    return svg("g", { data: { role: "sheet-notes" } }, blocks.map(({ role, lines }) => {
      const review = role === "sheet-review";
      const node = setLines(lines, { x, y: top, size, leading, role, weight: review ? 700 : 400, colour: review ? "#a3321b" : "#4a4336" });
      top += lines.length * size * leading;
      return node;
    }));
  };
  return { height, draw };
}
