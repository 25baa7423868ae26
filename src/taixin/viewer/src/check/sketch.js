/** The map of a report: the site, the affected features with the atlas's own symbols, counties, scale and north. */
import { svg, attrs } from "../dom.js";
import { isUncertain, markerPath, passesOf } from "../draw/symbols.js";
import { mapItems, nameSpot, pathIn } from "./map-items.js";
import { planarOf } from "./planar.js";

const [W, H] = [760, 470];
const TYPES = ["point", "line", "polygon"];

/** The window around the site, widened so that a parcel is seen in its surroundings. */
function windowOf({ bbox: [w, s, e, n] }) {
  const half = Math.max((e - w) / 2, ((n - s) / 2) * (W / H), 4000) * 1.6;
  const [x, y] = [(w + e) / 2, (s + n) / 2];
  const scale = W / (2 * half);
  return { scale, frame: [0, 0, W, H], at: (px, py) => [(px - x) * scale + W / 2, (y - py) * scale + H / 2], box: [x - half, y - half * (H / W), x + half, y + half * (H / W)] };
}

const meets = (a, b) => a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1];

/** Passes of one feature; softness is left to the screen, hatches to the legend. */
function featureNodes({ raw, kind, planar, d }, view) {
  const { symbol } = kind;
  const type = TYPES[planar.dimension];
  // Many areas lie over each other here, so each is only a breath of colour.
  const look0 = type === "polygon" ? { ...symbol, casing: null, fill_opacity: (symbol.fill_opacity ?? 0.4) * 0.35 } : symbol;
  const passes = passesOf(look0, type, isUncertain(raw.properties));
  return passes.filter(({ name, hatch }) => name !== "halo" && !hatch).flatMap((pass) => {
    const look = { ...pass.attrs, "stroke-dasharray": pass.dash ?? null, "fill-rule": "evenodd" };
    if (type !== "point") return [attrs(svg("path", { d }), look)];
    return planar.runs.flatMap(([x, y]) => {
      const [cx, cy] = view.at(x, y);
      const band = { cx, cy, r: (raw.properties.accuracy_m || 0) * view.scale, fill: "none", stroke: symbol.fill || symbol.stroke, "stroke-dasharray": "3 3" };
      return [svg("circle", band), attrs(svg("path", { d: markerPath(symbol.marker, symbol.size || 12), transform: `translate(${cx.toFixed(1)} ${cy.toFixed(1)})` }), look)];
    });
  });
}

const badgeNodes = ({ x, y, half, text }) => [
  svg("rect", { x: x - half, y: y - 9, width: 2 * half, height: 18, rx: 9, fill: "#ffffff", stroke: "#444444" }),
  svg("text", { x, y: y + 3.8, "font-size": 10.5, "text-anchor": "middle", fill: "#222222", text }),
];

function siteNodes(geometry, view) {
  const planar = planarOf(geometry);
  const look = { fill: planar.dimension === 2 ? "#c2185b" : "none", "fill-opacity": 0.2, "fill-rule": "evenodd", stroke: "#c2185b", "stroke-width": 2.6 };
  if (planar.dimension > 0) return [svg("path", { d: pathIn(planar, view), ...look })];
  return planar.runs.map(([x, y]) => {
    const [cx, cy] = view.at(x, y);
    return svg("circle", { cx, cy, r: 6, fill: "#c2185b", stroke: "#ffffff", "stroke-width": 2 });
  });
}

function scaleBar(view, lang) {
  const most = 160 / view.scale;
  const power = 10 ** Math.floor(Math.log10(most));
  const length = [5, 2, 1].map((n) => n * power).find((n) => n <= most) || power;
  const width = length * view.scale;
  const text = length >= 1000 ? `${length / 1000} ${lang === "zh" ? "公里" : "km"}` : `${length} ${lang === "zh" ? "米" : "m"}`;
  return svg(
    "g",
    { transform: `translate(16 ${H - 16})` },
    svg("rect", { x: -8, y: -18, width: width + 84, height: 28, fill: "#ffffff", "fill-opacity": 0.85 }),
    svg("path", { d: `M0 -6V0H${width.toFixed(1)}V-6`, fill: "none", stroke: "#222222", "stroke-width": 1.6 }),
    svg("text", { x: width + 6, y: 3, "font-size": 13, fill: "#222222", text: `${text}` }),
  );
}

function countyNodes(counties, view, name) {
  return counties.flatMap((raw) => {
    const planar = planarOf(raw.geometry);
    if (!meets(planar.bbox, view.box)) return [];
    const path = svg("path", { d: pathIn(planar, view), fill: "none", stroke: "#8d8d8d", "stroke-width": 1.1, "stroke-dasharray": "7 3 1.5 3" });
    const spot = nameSpot(planar, view, 60);
    if (!spot) return [path];
    const [x, y] = spot;
    const label = svg("text", { x, y, "font-size": 15, fill: "#6f6f6f", "text-anchor": "middle", stroke: "#fdfcf8", "stroke-width": 3, "paint-order": "stroke", text: name(raw.properties) });
    return [path, label];
  });
}

/**
 * @param {any} page @param {any} geometry of the site
 * @param {Array<{ raw: any, kind: any, number: number }>} features affected, with their numbers in the report
 * @returns {{ node: SVGElement, around: number[], alike: Array<{ number: number, same: number[] }> }}
 */
export function reportMap({ model, lang }, geometry, features) {
  const view = windowOf(planarOf(geometry));
  const sorted = [...features].sort((a, b) => a.kind.order - b.kind.order || a.number - b.number);
  const { items, badges, around } = mapItems(sorted, view);
  const node = svg(
    "svg",
    { class: "report-map", viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": lang.t("check_map") },
    svg("clipPath", { id: "taixin-report-frame" }, svg("rect", { width: W, height: H })),
    svg(
      "g",
      { "clip-path": "url(#taixin-report-frame)" },
      items.flatMap((item) => featureNodes(item, view)),
      countyNodes(model.base.counties.features, view, lang.name),
      siteNodes(geometry, view),
      badges.flatMap(badgeNodes),
    ),
    scaleBar(view, lang.lang()),
    svg("path", { d: "M28 14L36 46L28 40L20 46Z", fill: "#222222" }),
    svg("text", { x: 28, y: 62, "font-size": 13, "text-anchor": "middle", fill: "#222222", text: lang.t("north_letter") }),
  );
  return { node, around, alike: items.filter(({ same }) => same.length).sort((a, b) => a.number - b.number) };
}
