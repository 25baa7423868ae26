/**
 * The one door to the drawn map: add, remove, style, pick, highlight. Everything that knows SVG stays behind it,
 * so a canvas can take its place when layers grow.
 *
 * @typedef {{ id: string, shape: import("../geometry.js").Shape, uncertain: boolean, accuracy_m?: number }} Item
 * @typedef {object} DrawLayer
 * @property {string} id
 * @property {number} order higher lies on top
 * @property {Record<string, any>} [symbol] kinds.toml symbol; base layers have a class instead
 * @property {string} [className]
 * @property {number} [size] px across of base map points
 * @property {boolean} [pickable]
 * @property {Item[]} items
 */
import { attrs, svg } from "../dom.js";
import { boxesMeet, distanceTo, metresToWorld } from "../geometry.js";
import { pathData } from "./clip.js";
import { createPaint } from "./paint.js";
import { Sheet } from "./sheet.js";
import { markerPath, passesOf } from "./symbols.js";

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

/** Where the accuracy halo and the outline of selected or hovered features are drawn. */
function createHighlights(root) {
  const groups = { selected: svg("g", { class: "tx-selected" }), hover: svg("g", { class: "tx-hover" }), marked: svg("g", { class: "tx-selected tx-marked" }) };
  root.appendChild(groups.marked);
  root.appendChild(groups.hover);
  root.appendChild(groups.selected);
  /** @type {{ selected: any[], hover: any[], marked: any[] }} */
  const shown = { selected: [], hover: [], marked: [] };

  function paint(view) {
    for (const mode of Object.keys(groups)) {
      while (groups[mode].firstChild) groups[mode].removeChild(groups[mode].firstChild);
      for (const mark of shown[mode]) for (const node of marks(mark, view)) groups[mode].appendChild(node);
    }
  }
  return { shown, paint };
}

/** Nodes of one highlight: accuracy band or circle, white rim, dark line. */
function marks({ shape, accuracy_m: accuracy, size, halo }, view) {
  const middle = (shape.bbox[1] + shape.bbox[3]) / 2;
  const reach = halo && accuracy ? metresToWorld(accuracy, middle) * view.scale : 0;
  if (shape.type === "point") {
    const [x, y] = shape.parts[0][0];
    const at = { cx: x * view.scale - view.ox, cy: y * view.scale - view.oy };
    const r = (size || 12) / 2 + 4;
    const circles = [svg("circle", { class: "rim", ...at, r }), svg("circle", { class: "edge", ...at, r })];
    return reach > r ? [svg("circle", { class: "reach", ...at, r: reach }), ...circles] : circles;
  }
  const d = pathData(shape, view);
  const width = shape.type === "line" ? (size || 3) + 5 : 3;
  const paths = [
    svg("path", { class: "rim", d, "stroke-width": width + 3 }),
    svg("path", { class: "edge", d, "stroke-width": shape.type === "line" ? width - 3 : 2 }),
  ];
  return reach > 3 ? [svg("path", { class: "reach-band", d, "stroke-width": reach * 2 }), ...paths] : paths;
}

export function placeAll(nodes, view) {
  for (const { node, item, pass } of nodes) place(node, item, pass, view);
}

/** Opacity of single features, by id; null makes all of them whole. */
function dimNodes(nodes, share) {
  for (const { node, item } of nodes) {
    const value = share ? share(item.id) : 1;
    if (value < 1) node.setAttribute("opacity", String(value));
    else node.removeAttribute("opacity");
  }
}

/** The sheet with its layer groups and highlights; repainted whenever the view settles. */
function createCanvas({ pane, padding, paint, layers }) {
  /** @type {{ view: import("./sheet.js").View | null }} */
  const state = { view: null };
  const repaint = (view) => {
    state.view = view;
    paint.tune(view.zoom);
    for (const { nodes } of layers.values()) placeAll(nodes, view);
    highlights.paint(view);
  };
  const sheet = new Sheet({ pane, padding, className: "tx-sheet", paint: repaint });
  const body = svg("g");
  sheet.root.appendChild(body);
  const highlights = createHighlights(sheet.root);
  return { sheet, body, highlights, state };
}

/** The group before which a layer of this order belongs; null on top. */
function groupAbove(layers, order) {
  const above = [...layers.values()].filter((other) => other.layer.order > order);
  return above.length ? above.reduce((a, b) => (b.layer.order < a.layer.order ? b : a)).group : null;
}

/**
 * @param {import("leaflet").Map} map
 * @param {{ pane: string, zIndex: number, padding?: number }} options
 */
export function createDrawing(map, { pane, zIndex, padding = 0.15 }) {
  if (!map.getPane(pane)) map.createPane(pane).style.zIndex = String(zIndex);
  /** @type {Map<string, { layer: DrawLayer, group: SVGElement, nodes: any[] }>} */
  const layers = new Map();
  const paint = createPaint(pane);
  /** @type {((id: string) => number) | null} */
  let share = null;
  const { sheet, body, highlights, state } = createCanvas({ pane, padding, paint, layers });
  sheet.addTo(map);

  return {
    root: sheet.root,
    destroy: () => sheet.remove(),
    /** @param {DrawLayer} layer */
    add(layer) {
      this.remove(layer.id);
      const built = { layer, ...buildLayer(layer, paint) };
      body.insertBefore(built.group, groupAbove(layers, layer.order));
      layers.set(layer.id, built);
      if (share && layer.pickable) dimNodes(built.nodes, share);
      if (state.view) placeAll(built.nodes, state.view);
    },
    remove(id) {
      const found = layers.get(id);
      if (!found) return;
      body.removeChild(found.group);
      for (const { node } of found.nodes) if (node.clip) paint.defs.removeChild(node.clip.parentNode);
      layers.delete(id);
    },
    has: (id) => layers.has(id),
    /** Fades single features of plan layers, now and of layers yet to come. @param {((id: string) => number) | null} test */
    dim(test) {
      share = test;
      for (const { layer, nodes } of layers.values()) if (layer.pickable) dimNodes(nodes, share);
    },
    /** @param {string} id @param {{ opacity?: number }} change */
    style(id, { opacity }) {
      const found = layers.get(id);
      if (found && opacity !== undefined) found.group.setAttribute("opacity", String(opacity));
    },
    /**
     * Everything at a point, topmost first.
     * @param {number} x world units @param {number} y @param {number} tolerance px
     * @returns {Array<{ layer: string, id: string, distance: number }>} distance in px, 0 inside polygons
     */
    pick: (x, y, tolerance) => pickFrom(layers, x, y, tolerance, 256 * 2 ** map.getZoom()),
    /** @param {"selected" | "hover" | "marked"} mode */
    highlight(mode, list) {
      highlights.shown[mode] = list;
      if (state.view) highlights.paint(state.view);
    },
  };
}

/** What lies at a point of some layers, topmost first. */
export function pickFrom(layers, x, y, tolerance, scale) {
  const hits = [];
  const slack = (tolerance + 16) / scale;
  const box = [x - slack, y - slack, x + slack, y + slack];
  for (const { layer } of layers.values()) {
    if (!layer.pickable) continue;
    // A broad line or marker is hit on its own body, not only on its axis.
    const body = layer.symbol ? Math.max(layer.symbol.size || 0, layer.symbol.width || 0) / 2 : 0;
    for (const item of layer.items) {
      if (!boxesMeet(item.shape.bbox, box)) continue;
      const distance = distanceTo(item.shape, x, y) * scale;
      if (distance > Math.max(tolerance, body)) continue;
      hits.push({ layer: layer.id, id: item.id, distance, order: rankOf(layer, item), area: sizeOf(item.shape) });
    }
  }
  return hits.sort((a, b) => b.order - a.order || a.distance - b.distance || a.area - b.area);
}

/** Drawing order, except that a mere outline is the last thing somebody points at who points inside it. */
function rankOf(layer, item) {
  const hollow = item.shape.type === "polygon" && layer.symbol && !(layer.symbol.fill_opacity > 0);
  return hollow ? layer.order - 10000 : layer.order;
}

const sizeOf = ({ bbox }) => (bbox[2] - bbox[0]) * (bbox[3] - bbox[1]);
