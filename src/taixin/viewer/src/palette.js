/**
 * Colours that readers with any colour vision tell apart: the eight of Okabe and Ito with their grey, one a theme.
 * Kinds of one theme differ by marker, dash and lightness, as they do in the plan's own colours.
 */
import { THEMES, themeOf } from "./themes.js";

const SAFE = {
  structure: "#d55e00", ecology: "#009e73", startup: "#cc79a7", industry: "#e69f00", transport: "#1a1a1a",
  water_energy: "#0072b2", tourism_heritage: "#f0e442", services: "#56b4e9", projects: "#999999",
};
/** Steps of lightness for kinds of one theme and geometry: towards black or white. */
const STEPS = [0, -0.4, 0.4, -0.6, 0.6, -0.2, 0.2];
/** Areas lie under everything: their fills stay light. */
const TINTS = [0.6, 0.8, 0.45, 0.7, 0.5, 0.85, 0.35];
const PAPER = "#f7f1e0";

const channels = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
const hexOf = (rgb) => `#${rgb.map((value) => Math.round(value).toString(16).padStart(2, "0")).join("")}`;

/** @param {number} step -1 black, 0 as it is, 1 white */
const shade = (hex, step) => hexOf(channels(hex).map((value) => (step < 0 ? value * (1 + step) : value + (255 - value) * step)));

/** Relative luminance after WCAG 2. */
function luminance(hex) {
  const [r, g, b] = channels(hex).map((value) => value / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
const contrast = (a, b) => {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
};

/** The colour, darkened until its letters can be read on the map's paper. */
function inkOf(hex) {
  let ink = hex;
  for (let step = -0.1; contrast(ink, PAPER) < 4.5 && step > -1; step -= 0.1) ink = shade(hex, step);
  return ink;
}

/** The theme that most layers of each kind belong to. */
function themesOfKinds(model) {
  const counts = new Map();
  for (const { info, system } of model.layers.values()) {
    const own = counts.get(info.kind) || new Map();
    own.set(themeOf(system), (own.get(themeOf(system)) || 0) + 1);
    counts.set(info.kind, own);
  }
  return new Map([...counts].map(([kind, own]) => [kind, [...own].sort((a, b) => b[1] - a[1])[0][0]]));
}

function safeSymbol(symbol, geometry, colour, tint) {
  if (geometry === "line") return { ...symbol, stroke: colour };
  if (geometry === "polygon") {
    return { ...symbol, fill: symbol.fill && tint, stroke: symbol.stroke && inkOf(colour), casing: symbol.casing && colour };
  }
  // A white point with a coloured rim stays one, as does a coloured point with a white rim.
  const hollow = symbol.marker === "ring" || (symbol.fill || "").toLowerCase() === "#ffffff";
  return hollow ? { ...symbol, stroke: colour } : { ...symbol, fill: colour };
}

const original = new WeakMap();

/** Gives every kind of the page its own colours, or the safe ones. @param {"plan" | "safe"} palette */
export function applyPalette(model, palette) {
  const themes = themesOfKinds(model);
  const used = {};
  const { kinds } = model.manifest;
  const order = THEMES.map(({ id }) => id);
  for (const [id, theme] of [...themes].sort((a, b) => order.indexOf(a[1]) - order.indexOf(b[1]))) {
    const kind = kinds[id];
    if (!kind) continue;
    if (!original.has(kind)) original.set(kind, { symbol: kind.symbol, text: kind.text });
    const own = original.get(kind);
    const key = `${theme}${kind.geometry}`;
    used[key] = (used[key] ?? -1) + 1;
    const hue = SAFE[theme] || SAFE.projects;
    const colour = shade(hue, STEPS[used[key] % STEPS.length]);
    const tint = shade(hue, TINTS[used[key] % TINTS.length]);
    kind.symbol = palette === "safe" ? safeSymbol(own.symbol, kind.geometry, colour, tint) : own.symbol;
    kind.text = palette === "safe" ? { ...own.text, colour: inkOf(colour) } : own.text;
  }
}
