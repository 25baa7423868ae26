/** A layer as a table: the same content without a map, to sort, filter, copy and take away. */
import { el, fill } from "../dom.js";
import { download, downloadLayer } from "../download.js";
import { wantedOf } from "../filters.js";
import { icon } from "../icons.js";
import { openSubject } from "../selection.js";
import { columnsOf, csvText, rowsOf, tsvText } from "./table-data.js";

/** Through the clipboard where the browser allows it, else through a text field. */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (refused) {
    const field = el("textarea", { class: "off-screen", readonly: true });
    field.value = text;
    document.body.appendChild(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

function cellOf(page, column, feature) {
  const text = column.text(feature);
  if (column.key === "name") {
    const open = () => openSubject(page, { type: "feature", id: feature.id });
    const mark = !feature.shape && el("span", { class: "tag", text: page.lang.t("unlocated") });
    return el("th", { scope: "row" }, el("button", { type: "button", class: "link", data: { feature: feature.id }, text, on: { click: open } }), mark);
  }
  const chinese = /[\u4e00-\u9fff]/.test(text) && page.lang.lang() === "en";
  return el("td", { class: typeof column.value(feature) === "number" ? "value" : null, lang: chinese ? "zh-CN" : null, text });
}

/** Arrow keys go from row to row, as in a list. */
function walkRows(event, body) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const buttons = [...body.querySelectorAll("th .link")];
  const at = buttons.indexOf(document.activeElement);
  if (!step || at < 0) return;
  event.preventDefault();
  const next = buttons[at + step];
  if (next) next.focus();
}

function headCell(column, view, sortBy) {
  const current = view.sort === column.key;
  const title = column.unit ? `${column.title} (${column.unit})` : column.title;
  return el(
    "th",
    { scope: "col", "aria-sort": current ? (view.down ? "descending" : "ascending") : "none" },
    el("button", { type: "button", class: "sort", data: { sort: column.key }, on: { click: () => sortBy(column.key) } }, title, current && icon(view.down ? "fall" : "up")),
  );
}

function takeAway(page, layer, columns, rows, state) {
  const { lang } = page;
  const name = layer.id.replace(/[^\w\u4e00-\u9fff-]+/g, "_");
  const button = (role, text, run) => el("button", { type: "button", class: "text-button", data: { role }, text, on: { click: run } });
  const copy = async () => {
    const list = rows();
    const done = await copyText(tsvText(columns, list));
    state.textContent = done ? lang.t("copied", { n: list.length }) : lang.t("copy_failed");
  };
  return [
    button("table-copy", lang.t("copy"), copy),
    button("table-csv", "CSV", () => download(`${name}.csv`, "text/csv;charset=utf-8", csvText(columns, rows()))),
    button("table-geojson", "GeoJSON", () => downloadLayer(layer)),
  ];
}

/** @param {any} page @param {{ layer: string }} dock */
export function tableView(page, { layer: id }) {
  const { lang, model, store } = page;
  const layer = model.layers.get(id);
  const columns = columnsOf(page, layer);
  const view = { text: "", sort: null, down: false };
  const features = wantedOf(layer, store.get().filters);
  const rows = () => rowsOf(columns, features, view, lang.lang());
  const state = el("p", { class: "quiet", role: "status", data: { role: "table-state" } });
  const head = el("tr", {});
  const body = el("tbody", { on: { keydown: (event) => walkRows(event, body) } });

  function write() {
    const list = rows();
    fill(body, list.map((feature) => el("tr", { data: { row: feature.id } }, columns.map((column) => cellOf(page, column, feature)))));
    state.textContent = lang.t("rows_n", { n: list.length, all: layer.features.length });
  }
  function sortBy(key) {
    view.down = view.sort === key && !view.down;
    view.sort = key;
    writeHead();
    write();
    head.querySelector(`[data-sort="${key}"]`).focus();
  }
  const writeHead = () => fill(head, columns.map((column) => headCell(column, view, sortBy)));
  const filter = () => {
    view.text = text.value;
    write();
  };
  const text = el("input", { type: "search", placeholder: lang.t("filter_rows"), "aria-label": lang.t("filter_rows"), data: { role: "table-text" }, on: { input: filter } });
  writeHead();
  write();
  const title = lang.t("table_of", { what: lang.pick(layer.info.title) });
  return {
    title,
    tools: [el("div", { class: "dock-filters" }, text, takeAway(page, layer, columns, rows, state)), state],
    body: el("div", { class: "dock-body", tabindex: 0, role: "group", "aria-label": title, data: { role: "table", layer: id } }, el("table", { class: "rows" }, el("thead", {}, head), body)),
  };
}
