/** Puts a sheet together: one SVG a page, in CSS pixels, which are exact on paper. */
import { bothSides } from "../compare/side-store.js";
import { svg } from "../dom.js";
import { box } from "../labels/space.js";
import { frame, northArrow, noteTexts, scaleBar, setNotes, titleBlock } from "./furniture.js";
import { drawColumns, flow, heightFor, legendGroups, legendMeasures } from "./legend.js";
import { divide, MM, paperSize, symbolScale } from "./paper.js";
import { clearPlates, createPlate } from "./plate.js";
import { planeAt } from "./project.js";
import { partMarks, partsOf } from "./sides.js";
import { setLines } from "./text.js";

/**
 * @typedef {{ paper: "A4" | "A3", turn: "landscape" | "portrait", scale: number, title: string,
 *   centre: { lng: number, lat: number } }} Options
 */

function blankPage(paper, turn, label) {
  const [w, h] = paperSize(paper, turn);
  const [width, height] = [w * MM, h * MM];
  return svg(
    "svg",
    { class: "sheet-page", width: `${w}mm`, height: `${h}mm`, viewBox: `0 0 ${width.toFixed(3)} ${height.toFixed(3)}`, role: "img", "aria-label": label, data: { role: "sheet-page" } },
    svg("rect", { width, height, fill: "#ffffff" }),
  );
}

/** Draws the map into its box, with scale bar and arrow inside, and says what came into the frame. */
function drawMap(page, plane, { centre, scale }, area, k) {
  const bar = scaleBar(page, { scale, x: area.x + 22 * k, y: area.y + area.h - 30 * k, w: area.w, k });
  const arrow = { x: area.x + 30 * k, y: area.y + 38 * k };
  const pad = { x: area.x + 7 * k, y: area.y + area.h - bar.height - 17 * k, w: bar.width + 14 * k, h: bar.height + 11 * k };
  const blocked = [
    box(pad.x - area.x, pad.y - area.y, pad.x - area.x + pad.w, area.h),
    box(0, 0, 62 * k, 72 * k),
  ];
  const parts = partsOf(page, area);
  clearPlates();
  const plates = parts.map(({ x, w, shift, store }) => {
    const moved = blocked.map(({ minX, minY, maxX, maxY }) => box(minX - x + area.x, minY, maxX - x + area.x, maxY));
    const named = box(0, 0, parts.length > 1 ? w : 0, parts.length > 1 ? 26 * k : 0);
    return createPlate(page, { plane, centre, scale, x, y: area.y, w, h: area.h, k, blocked: [...moved, named], store, shift });
  });
  const nodes = [
    plates.map(({ node }) => node),
    partMarks(parts, area, k),
    svg("rect", { x: pad.x, y: pad.y, width: pad.w, height: pad.h, fill: "#fbf7ec", "fill-opacity": 0.88 }),
    bar.node,
    northArrow(page, { ...arrow, k, turn: plane.convergence(centre.lng, centre.lat) }),
    frame(area),
  ];
  return { nodes: nodes.flat(), shown: shownOf(plates) };
}

/** What came into any of the plates, every layer once. */
function shownOf(plates) {
  const all = new Map();
  for (const one of plates.flatMap(({ layers }) => layers)) if (!all.has(one.layer.id)) all.set(one.layer.id, one);
  return [...all.values()];
}

/** As many columns as fit side by side, widened to fill the width. */
function acrossWidth(measures, width) {
  const count = Math.max(1, Math.floor((width + measures.gap) / (measures.column + measures.gap)));
  return { count, measures: { ...measures, column: (width - (count - 1) * measures.gap) / count } };
}

/** Tries a place for the legend; null when it does not fit there. */
function place(page, plane, options, how, footHeight) {
  const { paper, turn } = options;
  const k = symbolScale(paper);
  const narrow = legendMeasures(k);
  const room = divide({ paper, turn, foot: footHeight, legend: how, legendSize: how === "beside" ? narrow.column : 1 });
  const across = acrossWidth(narrow, room.inner.w);
  const measures = how === "below" ? across.measures : narrow;
  const map = (parts) => ({ parts, measures, ...drawMap(page, plane, options, parts.map, k) });
  if (how === "apart") return { ...map(room), columns: null };
  const first = map(room);
  const groups = legendGroups(page, first.shown);
  if (how === "beside") {
    const columns = flow(groups, measures, room.legend.h);
    return columns.length === 1 ? { ...first, columns } : null;
  }
  const height = heightFor(groups, measures, across.count);
  if (height > room.inner.h * 0.32) return null;
  const parts = divide({ paper, turn, foot: footHeight, legend: how, legendSize: height });
  const again = map(parts);
  return { ...again, columns: flow(groups, measures, height) };
}

function legendPages(page, { paper, turn, title }, shown) {
  const k = symbolScale(paper);
  const { inner, head } = divide({ paper, turn, foot: 0, legend: "apart", legendSize: 0 });
  const height = inner.h - head.h;
  const { measures, count: perPage } = acrossWidth(legendMeasures(k), inner.w);
  const columns = flow(legendGroups(page, shown), measures, height);
  const pages = [];
  for (let i = 0; i < columns.length; i += perPage) {
    const sheet = blankPage(paper, turn, page.lang.t("legend"));
    const label = `${title} · ${page.lang.t("legend")}`;
    sheet.appendChild(titleBlock({ head, title: label, subtitle: "", paper }));
    sheet.appendChild(drawColumns(columns.slice(i, i + perPage), { x: inner.x, y: inner.y + head.h }, measures));
    pages.push(sheet);
  }
  return pages;
}

/** @param {any} page @param {Options} options @returns {SVGElement[]} pages, the map first */
export function composeSheet(page, options) {
  const { paper, turn, centre, title, scale } = options;
  const plane = planeAt(centre.lng);
  const k = symbolScale(paper);
  const { inner } = divide({ paper, turn, foot: 0, legend: "apart", legendSize: 0 });
  const { visible } = bothSides(page).get();
  const all = [...page.model.layers.values()].filter(({ id }) => visible.has(id)).map((layer) => ({ layer, shown: [] }));
  // The most that the notes can take; what is really on the sheet may need less, never more.
  const room = setNotes(noteTexts(page, { shown: all, plane, scale, pages: 2 }), inner.w, k).height;
  const where = turn === "landscape" ? "beside" : "below";
  const made = place(page, plane, options, where, room) || place(page, plane, options, "apart", room);
  const extra = made.columns ? [] : legendPages(page, options, made.shown);
  const sheet = blankPage(paper, turn, title);
  const { parts, measures } = made;
  sheet.appendChild(titleBlock({ head: parts.head, title, subtitle: page.lang.pick(page.manifest.subtitle), paper }));
  for (const node of made.nodes) sheet.appendChild(node);
  if (made.columns) sheet.appendChild(drawColumns(made.columns, parts.legend, measures));
  else sheet.appendChild(apartNote(page, parts, k));
  const notes = setNotes(noteTexts(page, { shown: made.shown, plane, scale, pages: 1 + extra.length }), inner.w, k);
  sheet.appendChild(notes.draw({ x: parts.foot.x, y: parts.foot.y + 1.2 * MM }));
  return [sheet, ...extra];
}

/** Says on the map where its legend is. */
function apartNote(page, { map }, k) {
  return setLines([page.lang.t("sheet_legend_apart")], { x: map.x + map.w - 8, y: map.y + map.h - 18 * k, size: 11 * k, anchor: "end", weight: 700 });
}
