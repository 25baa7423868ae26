/** The map of a report: the site, the affected features with the atlas's own symbols, counties, scale and north. */
import { svg, attrs } from "../dom.js";
import { isUncertain, markerPath, passesOf } from "../draw/symbols.js";
import { createPaint } from "../draw/paint.js";
import { planarOf } from "./planar.js";

const [W, H] = [760, 470];
const TYPES = ["point", "line", "polygon"];

/** The window around the site, widened so that a parcel is seen in its surroundings. */
function windowOf({ bbox: [w, s, e, n] }) {
  const half = Math.max((e - w) / 2, ((n - s) / 2) * (W / H), 4000) * 1.6;
  const [x, y] = [(w + e) / 2, (s + n) / 2];
  const scale = W / (2 * half);
  return { scale, at: (px, py) => [(px - x) * scale + W / 2, (y - py) * scale + H / 2], box: [x - half, y - half * (H / W), x + half, y + half * (H / W)] };
}

const meets = (a, b) => a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1];

function pathOf(planar, view) {
  let d = "";
  for (const run of planar.runs) {
    let [lx, ly] = [Infinity, Infinity];
    for (let i = 0; i < run.length; i += 2) {
      const [x, y] = view.at(run[i], run[i + 1]);
      if (i && i < run.length - 2 && Math.abs(x - lx) < 0.5 && Math.abs(y - ly) < 0.5) continue;
      d += `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
      [lx, ly] = [x, y];
    }
    if (planar.dimension === 2) d += "Z";
  }
  return d;
}

/** Passes of one feature; clipping and softness are left to the screen. */
function featureNodes(feature, view, paint) {
  const planar = planarOf(feature.raw.geometry);
  const { symbol } = feature.kind;
  const type = TYPES[planar.dimension];
  // Many areas lie over each other here, so each is only a breath of colour.
  const look0 = type === "polygon" ? { ...symbol, casing: null, fill_opacity: (symbol.fill_opacity ?? 0.4) * 0.25 } : symbol;
  const passes = passesOf(look0, type, isUncertain(feature.raw.properties));
  return passes.filter(({ name }) => name !== "halo").flatMap((pass) => {
    const look = { ...pass.attrs, "stroke-dasharray": pass.dash ?? null, "fill-rule": "evenodd" };
    if (pass.hatch) look.fill = paint.hatch(pass.hatch, symbol.stroke || symbol.fill, false);
    if (type !== "point") return [attrs(svg("path", { d: pathOf(planar, view) }), look)];
    return planar.runs.map(([x, y]) => {
      const [px, py] = view.at(x, y);
      return attrs(svg("path", { d: markerPath(symbol.marker, symbol.size || 12), transform: `translate(${px.toFixed(1)} ${py.toFixed(1)})` }), look);
    });
  });
}

function siteNodes(geometry, view) {
  const planar = planarOf(geometry);
  const look = { fill: planar.dimension === 2 ? "#c2185b" : "none", "fill-opacity": 0.2, "fill-rule": "evenodd", stroke: "#c2185b", "stroke-width": 2.6 };
  if (planar.dimension > 0) return [svg("path", { d: pathOf(planar, view), ...look })];
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
    const path = svg("path", { d: pathOf(planar, view), fill: "none", stroke: "#8d8d8d", "stroke-width": 1.1, "stroke-dasharray": "7 3 1.5 3" });
    const [w, s, e, n] = planar.bbox.map((value, i) => (i < 2 ? Math.max(value, view.box[i]) : Math.min(value, view.box[i])));
    const [x, y] = view.at((w + e) / 2, (s + n) / 2);
    if ((e - w) * view.scale < 70 || (n - s) * view.scale < 40) return [path];
    const label = svg("text", { x, y, "font-size": 15, fill: "#6f6f6f", "text-anchor": "middle", stroke: "#fdfcf8", "stroke-width": 3, "paint-order": "stroke", text: name(raw.properties) });
    return [path, label];
  });
}

/** @param {any} page @param {any} geometry of the site @param {any} record its check */
export function reportMap(page, geometry, record) {
  const { model, lang } = page;
  const view = windowOf(planarOf(geometry));
  const paint = createPaint("taixin-report");
  const ids = new Set(record.plans.flatMap((plan) => plan.affected.map((item) => item.id)));
  const features = [];
  for (const layer of model.layers.values()) {
    for (const raw of layer.collection.features) if (ids.has(raw.properties.id)) features.push({ raw, kind: layer.kind });
  }
  features.sort((a, b) => a.kind.order - b.kind.order);
  const root = svg(
    "svg",
    { class: "report-map", viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": lang.t("check_map") },
    svg("clipPath", { id: "taixin-report-frame" }, svg("rect", { width: W, height: H })),
    svg(
      "g",
      { "clip-path": "url(#taixin-report-frame)" },
      features.flatMap((feature) => featureNodes(feature, view, paint)),
      countyNodes(model.base.counties.features, view, lang.name),
      siteNodes(geometry, view),
    ),
    scaleBar(view, lang.lang()),
    svg("path", { d: "M28 14L36 46L28 40L20 46Z", fill: "#222222" }),
    svg("text", { x: 28, y: 62, "font-size": 13, "text-anchor": "middle", fill: "#222222", text: lang.t("north_letter") }),
  );
  return root;
}
