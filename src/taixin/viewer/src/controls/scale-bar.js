/** Metric scale bar in four fields, with the scale as a number. */
import { el, fill, svg } from "../dom.js";
import { number } from "../format.js";

const STEPS = [1, 2, 4, 10];
// CSS defines 96 px to the inch, so a CSS pixel is 0.2646 mm; a screen may differ, hence "about".
const PIXEL_M = 0.0254 / 96;
/** Longest bar, in units of the page's type size. */
const WIDEST = 13;

/** Roundest length in metres that fits, divisible into four fields. */
function niceLength(metresPerPixel) {
  const em = parseFloat(getComputedStyle(document.documentElement).fontSize) || 14;
  const most = WIDEST * em * metresPerPixel;
  const power = 10 ** Math.floor(Math.log10(most));
  const fits = STEPS.map((step) => step * power).concat(STEPS.map((step) => (step * power) / 10));
  return Math.max(...fits.filter((length) => length <= most));
}

function bar(width) {
  const field = width / 4;
  const fields = [0, 1, 2, 3].map((i) => svg("rect", { class: i % 2 ? "light" : "dark", x: 1 + i * field, y: 1, width: field, height: 5 }));
  return svg("svg", { width: width + 2, height: 7, "aria-hidden": "true" }, fields);
}

/** Rounds a scale to two figures: 1:438,211 promises too much. */
function rounded(value) {
  const power = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Math.round(value / power) * power;
}

/** @param {any} page */
export function createScaleBar(page) {
  const { map, lang, store } = page;
  const node = el("div", { class: "scale", data: { role: "scale", covers: "" } });

  function render() {
    const middle = map.getSize().divideBy(2);
    const a = map.containerPointToLatLng(middle.subtract([50, 0]));
    const b = map.containerPointToLatLng(middle.add([50, 0]));
    const metresPerPixel = a.distanceTo(b) / 100;
    if (!(metresPerPixel > 0)) return;
    const length = niceLength(metresPerPixel);
    const width = length / metresPerPixel;
    const [value, unit] = length >= 1000 ? [length / 1000, "km"] : [length, "m"];
    const ticks = el(
      "div",
      { class: "scale-ticks" },
      [0, value / 2, value].map((n, i) => el("span", { text: `${number(n, lang.lang(), 2)}${i === 2 ? ` ${unit}` : ""}` })),
    );
    ticks.style.width = `${Math.round(width) + 2}px`;
    const ratio = lang.t("about_scale", { n: number(rounded(metresPerPixel / PIXEL_M), lang.lang(), 0) });
    fill(node, ticks, bar(width), el("span", { class: "scale-ratio", text: ratio }));
    node.setAttribute("aria-label", `${lang.t("scale")} ${ratio}`);
  }
  // A zoom ends as a move.
  map.on("moveend resize", render);
  store.on(["lang"], render);
  render();
  return node;
}
