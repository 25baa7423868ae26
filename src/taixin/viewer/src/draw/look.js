/** What a layer looks like, as passes for the canvas: from its symbol, or for the base map from the page's style sheet. */
import { svg } from "../dom.js";
import { hatchOf } from "./hatch.js";
import { passesOf } from "./symbols.js";

/** Passes from bottom to top: all casings of a layer lie under all its lines. */
const ORDER = ["body", "hatch", "band", "casing", "under", "halo", "base", "outline", "line", "marker"];

const rank = ({ name }) => ORDER.indexOf(name);
const painted = (colour) => (colour && colour !== "none" ? colour : null);
const lengths = (text) => (text && text !== "none" ? text.split(/[\s,]+/).map(parseFloat) : []);

/** @param {import("./symbols.js").Pass} pass */
function brushOf(pass) {
  const { attrs } = pass;
  return {
    ...pass,
    fill: painted(attrs.fill),
    fillOpacity: Number(attrs["fill-opacity"] ?? 1),
    stroke: painted(attrs.stroke),
    width: Number(attrs["stroke-width"] ?? 1),
    strokeOpacity: Number(attrs["stroke-opacity"] ?? 1),
    opacity: Number(attrs.opacity ?? 1),
    dash: lengths(pass.dash),
    cap: attrs["stroke-linecap"] || "butt",
  };
}

/**
 * Reads classes of the style sheet; they may depend on what lies under the map, so they are asked inside of it, all at
 * once: each time anew would have the browser work out all styles anew.
 * @param {string[]} names @param {HTMLElement} within @returns {Map<string, import("./symbols.js").Pass[]>}
 */
function stylesOf(names, within) {
  const probes = names.map((name) => svg("path", { class: name }));
  const holder = svg("svg", { class: "tx-defs", width: 0, height: 0 }, ...probes);
  within.appendChild(holder);
  const found = new Map(names.map((name, i) => [name, styleOf(getComputedStyle(probes[i]))]));
  holder.remove();
  return found;
}

function styleOf(style) {
  const read = (name) => style.getPropertyValue(name);
  if (read("display") === "none") return [];
  const attrs = Object.fromEntries(
    ["fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-linecap"].map((name) => [name, read(name)]),
  );
  return [{ name: "base", attrs: { ...attrs, "stroke-width": parseFloat(read("stroke-width")) }, dash: read("stroke-dasharray") }];
}

/** The passes of a layer from bottom to top, for features drawn as sure and as uncertain. */
function lookOf(layer, styles) {
  const { type } = layer.geometries;
  if (type === "none") return [];
  if (!layer.symbol) return [{ uncertain: false, passes: styles.get(layer.className).map(brushOf) }];
  return [false, true].map((uncertain) => ({
    uncertain,
    passes: passesOf(layer.symbol, type, uncertain).map(brushOf).sort((a, b) => rank(a) - rank(b)),
  }));
}

/**
 * What some layers look like.
 * @param {import("./draw.js").DrawLayer[]} layers @param {HTMLElement} within
 */
export function looksOf(layers, within) {
  const names = layers.filter(({ symbol }) => !symbol).map(({ className }) => className);
  const styles = names.length ? stylesOf(names, within) : new Map();
  return layers.map((layer) => lookOf(layer, styles));
}

/** Every pass of a look in drawing order, with whom it is for. */
export function inOrder(look) {
  return look.flatMap(({ uncertain, passes }) => passes.map((pass) => ({ uncertain, pass }))).sort((a, b) => rank(a.pass) - rank(b.pass));
}

/** @type {Map<string, HTMLCanvasElement>} */
const cells = new Map();

function cellOf(hatch, colour, ratio) {
  const key = `${hatch.d.length}|${colour}|${ratio}`;
  if (!cells.has(key)) {
    const cell = document.createElement("canvas");
    Object.assign(cell, { width: Math.round(hatch.width * ratio), height: Math.round(hatch.height * ratio) });
    const context = cell.getContext("2d");
    context.scale(cell.width / hatch.width, cell.height / hatch.height);
    context.strokeStyle = context.fillStyle = colour;
    context.lineWidth = hatch.stroke || 1;
    context.lineCap = "round";
    if (hatch.stroke) context.stroke(new Path2D(hatch.d));
    else context.fill(new Path2D(hatch.d));
    cells.set(key, cell);
  }
  return cells.get(key);
}

/** A hatch that runs on from piece to piece. @param {import("./canvas.js").View} view */
export function hatchFill(context, { kind, soft, colour }, { ox, oy }) {
  const hatch = hatchOf(kind, soft);
  const ratio = context.getTransform().a;
  const cell = cellOf(hatch, colour, ratio);
  const pattern = context.createPattern(cell, "repeat");
  const [sx, sy] = [hatch.width / cell.width, hatch.height / cell.height];
  pattern.setTransform(new DOMMatrix([sx, 0, 0, sy, -(ox % hatch.width), -(oy % hatch.height)]));
  return pattern;
}
