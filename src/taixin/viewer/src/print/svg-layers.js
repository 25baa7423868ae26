/** Layers as SVG, for sheets: what is printed stays lines and letters. The passes are those of the screen. */
import { attrs, svg } from "../dom.js";
import { pathData } from "../draw/clip.js";
import { markerPath, passesOf } from "../draw/symbols.js";
import { metresToWorld } from "../geometry.js";

const MAIN = new Set(["body", "outline", "line", "marker"]);

// Clip paths need ids that no two drawings of a page share.
let serial = 0;

function createNode(pass, item, main, layer, paint) {
  const tag = pass.name === "halo" ? "circle" : "path";
  const node = svg(tag, { "stroke-dasharray": item.dash ?? pass.dash ?? null });
  if (main) node.dataset.feature = item.id;
  if (pass.inside) {
    const clip = svg("path");
    const id = `taixin-clip-${serial++}`;
    paint.defs.appendChild(svg("clipPath", { id }, clip));
    node.setAttribute("clip-path", `url(#${id})`);
    node.clip = clip;
  }
  if (pass.name === "marker") node.setAttribute("d", markerPath(layer.symbol.marker, layer.symbol.size || 12));
  if (pass.name === "base" && item.shape.type === "point") node.setAttribute("d", markerPath("circle", layer.size || 5));
  return node;
}

/** Builds the groups of one layer: one <g> per pass, so all casings lie under all lines. */
export function buildLayer(layer, paint) {
  const group = svg("g", { class: `tx-layer ${layer.className || ""}`, data: { layer: layer.id } });
  const nodes = [];
  const groups = new Map();
  for (const item of layer.items) {
    const passes = layer.symbol
      ? passesOf(layer.symbol, item.shape.type, item.uncertain)
      : [{ name: "base", attrs: {} }];
    // The name goes on one path per feature: the last of the main passes, which lies on top.
    const main = passes.filter((pass) => MAIN.has(pass.name)).pop();
    for (const pass of passes) {
      const key = `${pass.name}${item.shape.type}`;
      if (!groups.has(key)) groups.set(key, passGroup(pass, layer, paint));
      const node = createNode(pass, item, pass === main, layer, paint);
      groups.get(key).appendChild(node);
      nodes.push({ node, item, pass });
    }
  }
  const order = ["body", "hatch", "band", "casing", "under", "halo", "base", "outline", "line", "marker"];
  const rank = (key) => order.findIndex((name) => key.startsWith(name));
  for (const key of [...groups.keys()].sort((a, b) => rank(a) - rank(b))) group.appendChild(groups.get(key));
  return { group, nodes };
}

function passGroup(pass, layer, paint) {
  const g = svg("g", { class: `tx-pass-${pass.name}` });
  attrs(g, pass.attrs);
  if (pass.hatch) {
    g.setAttribute("fill", paint.hatch(pass.hatch, layer.symbol.stroke || layer.symbol.fill, pass.soft > 0));
    if (pass.soft) g.setAttribute("opacity", "0.5");
  } else if (pass.soft) g.setAttribute("filter", paint.soft(pass.soft));
  return g;
}

function place(node, item, pass, view) {
  const { shape } = item;
  if (shape.type !== "point") {
    const d = pathData(shape, view);
    node.setAttribute("d", d);
    if (node.clip) node.clip.setAttribute("d", d);
    return;
  }
  const [x, y] = shape.parts[0][0];
  const px = x * view.scale - view.ox;
  const py = y * view.scale - view.oy;
  if (pass.name === "halo") {
    // Views in a plane of metres say so; on the screen the scale changes with the latitude.
    const perMetre = view.perMetre || metresToWorld(1, y) * view.scale;
    const radius = (item.accuracy_m || 2000) * perMetre;
    attrs(node, { cx: px.toFixed(1), cy: py.toFixed(1), r: radius.toFixed(1) });
  } else node.setAttribute("transform", `translate(${px.toFixed(1)} ${py.toFixed(1)})`);
}

export function placeAll(nodes, view) {
  for (const { node, item, pass } of nodes) place(node, item, pass, view);
}
