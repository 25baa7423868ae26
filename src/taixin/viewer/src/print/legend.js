/** The legend of a sheet: entries of what is in the frame, set in columns that never lose one. */
import { BASE_LEGEND } from "../basemap.js";
import { layerSwatch } from "../controls/tree-layer.js";
import { shownCount } from "../counts.js";
import { svg } from "../dom.js";
import { baseSwatch } from "../draw/swatch.js";
import { isUncertain } from "../draw/symbols.js";
import { widthOf } from "../labels/text.js";
import { MM } from "./paper.js";
import { breakLines, setLines } from "./text.js";

const SWATCH = { w: 34, h: 20 };

/** Measures of the legend at a symbol scale. */
export const legendMeasures = (k) => ({ k, size: 11.5 * k, group: 11 * k, column: 60 * MM * (0.4 + 0.6 * k), gap: 4 * MM, leading: 1.3 });

function notes(shown, lang) {
  const doubtful = shown.flatMap((entry) => entry.shown.filter((feature) => isUncertain(feature.props)));
  const has = (type) => doubtful.some((feature) => feature.shape.type === type);
  return [
    has("line") && { swatch: () => baseSwatch("note-line", "line"), text: lang.t("uncertain_line") },
    has("point") && { swatch: () => baseSwatch("note-ring", "ring"), text: lang.t("uncertain_point") },
  ].filter(Boolean);
}

/** Groups of rows, in the order of themes; the base map last. With several plans shown, rows say whose they are. */
export function legendGroups(page, shown) {
  const { lang, manifest, store } = page;
  const { opacity, filters } = store.get();
  const plans = new Set(shown.map(({ layer }) => layer.plan.id));
  const row = ({ layer }) => ({
    layer: layer.id,
    swatch: () => layerSwatch(layer, opacity[layer.id] ?? 1),
    text: lang.pick(layer.info.title) + (plans.size > 1 ? ` · ${lang.pick(layer.plan.short)}` : ""),
    count: shownCount(layer, filters, lang),
  });
  const groups = manifest.groups.map((group) => ({ title: lang.pick(group.title), rows: shown.filter(({ layer }) => layer.system.group === group.id).map(row) }));
  const base = BASE_LEGEND.map(([word, className, form]) => ({ swatch: () => baseSwatch(className, form), text: lang.t(word) }));
  const all = [...groups, { title: lang.t("base_map"), rows: base }, { title: lang.t("note"), rows: notes(shown, lang) }];
  return [{ main: lang.t("legend"), rows: [] }, ...all.filter(({ rows }) => rows.length)];
}

/** Entries with their heights, for a column width. */
function measure(groups, { size, group, column, k, leading }) {
  const room = column - SWATCH.w * k - 8 * k;
  const entries = [];
  for (const { main, title, rows } of groups) {
    if (main) entries.push({ main, heading: main, h: group * 2.4 });
    if (title) entries.push({ heading: title, h: group * 2.1 });
    for (const row of rows) {
      const count = row.count || "";
      const countWidth = count ? widthOf(count, { size: size * 0.88, weight: 400, font: "sans" }) + 8 * k : 0;
      // A long count goes under its title, where it would leave no room for it.
      const below = countWidth > room * 0.42;
      const lines = breakLines(row.text, room - (below ? 0 : countWidth), { size, weight: 400, font: "sans" });
      const under = below ? breakLines(count, room, { size: size * 0.88, weight: 400, font: "sans" }) : [];
      const text = (lines.length + under.length * 0.9) * size * leading;
      entries.push({ row, lines, under, count: below ? "" : count, h: Math.max(SWATCH.h * k, text) + 2.5 * k });
    }
  }
  return entries;
}

const size = (entries, i) => (entries[i] ? entries[i].h : 0);

/** Entries into columns of a height; a heading never stands last in a column. */
export function flow(groups, measures, height) {
  const columns = [[]];
  let used = 0;
  const entries = measure(groups, measures);
  entries.forEach((entry, i) => {
    const next = entries[i + 1];
    const needed = entry.heading && next ? entry.h + next.h + (next.heading ? size(entries, i + 2) : 0) : entry.h;
    if (used + needed > height && columns[columns.length - 1].length) {
      columns.push([]);
      used = 0;
    }
    columns[columns.length - 1].push(entry);
    used += entry.h;
  });
  return columns;
}

/** Lowest height at which everything fits into `count` columns. */
export function heightFor(groups, measures, count) {
  const total = measure(groups, measures).reduce((sum, { h }) => sum + h, 0);
  let height = total / count;
  while (flow(groups, measures, height).length > count) height += 3;
  return height;
}

function drawEntry(entry, x, y, { size, group, column, k, leading }) {
  if (entry.main) return setLines([entry.main], { x, y, size: group * 1.4, weight: 700, font: "serif" });
  if (entry.heading) return setLines([entry.heading], { x, y: y + group * 0.7, size: group, weight: 700, colour: "#a3321b" });
  const picture = entry.row.swatch();
  for (const [key, value] of Object.entries({ x, y: y + (SWATCH.h * k * 0.05), width: SWATCH.w * k, height: SWATCH.h * k })) picture.setAttribute(key, value);
  const left = x + SWATCH.w * k + 8 * k;
  const block = (entry.lines.length + entry.under.length * 0.9) * size * leading;
  const top = y + Math.max(0, (SWATCH.h * k - block) / 2);
  const quiet = { size: size * 0.88, leading, colour: "#5f5646" };
  return svg(
    "g",
    { data: { role: "sheet-legend-row", ...(entry.row.layer ? { layer: entry.row.layer } : {}) } },
    picture,
    setLines(entry.lines, { x: left, y: top, size, leading }),
    entry.under.length > 0 && setLines(entry.under, { x: left, y: top + entry.lines.length * size * leading, ...quiet }),
    entry.count && setLines([entry.count], { x: x + column, y: top + size * 0.06, anchor: "end", ...quiet }),
  );
}

/** @param {any[][]} columns from `flow` @param {{ x: number, y: number }} at */
export function drawColumns(columns, at, measures) {
  return svg("g", { data: { role: "sheet-legend" } }, columns.map((entries, i) => {
    let y = at.y;
    return entries.map((entry) => {
      const node = drawEntry(entry, at.x + i * (measures.column + measures.gap), y, measures);
      y += entry.h;
      return node;
    });
  }));
}
