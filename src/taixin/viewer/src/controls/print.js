/** "Print": options on the left, the very sheet on the right; out through the browser's printing or as a picture. */
import L from "leaflet";
import { bothSides } from "../compare/side-store.js";
import { downloadBlob } from "../download.js";
import { el, fill } from "../dom.js";
import { number } from "../format.js";
import { composeSheet } from "../print/compose.js";
import { setPage } from "../print/page-size.js";
import { divide, MM, PAPERS, paperSize, PIXEL_M, SCALE_LIMITS, SCALES, scaleToFit, TURNS } from "../print/paper.js";
import { toPng } from "../print/png.js";
import { createDialog } from "./dialog.js";

const DPI = 300;
/** Room that legend and notes take from the map, roughly, for the first guess of a scale. */
const TAKEN = 0.78;

/** What to fit: the visible layers as far as the window shows them, else the window itself. */
function extentOf({ map, model, manifest, store }) {
  const window = map.getBounds();
  const { visible } = bothSides({ model, manifest, store }).get();
  const boxes = [...model.layers.values()].filter(({ id, info }) => visible.has(id) && info.bbox).map(({ info }) => info.bbox);
  if (!boxes.length) return window;
  const [w, s, e, n] = boxes.reduce((a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]);
  const west = Math.max(w, window.getWest());
  const south = Math.max(s, window.getSouth());
  const east = Math.min(e, window.getEast());
  const north = Math.min(n, window.getNorth());
  return west < east && south < north ? L.latLngBounds([south, west], [north, east]).pad(0.02) : window;
}

/** Ground width and height of an extent in metres. */
function groundSize(bounds) {
  const { lat } = bounds.getCenter();
  const width = L.latLng(lat, bounds.getWest()).distanceTo([lat, bounds.getEast()]);
  return [width, bounds.getNorthEast().distanceTo(bounds.getSouthEast())];
}

/** @param {number} share of the frame that one map has: half of it where two lie side by side */
function fittingScale(extent, { paper, turn }, share) {
  const { map: frame } = divide({ paper, turn, foot: 20 * MM, legend: "apart", legendSize: 0 });
  const room = turn === "landscape" ? { w: frame.w * TAKEN, h: frame.h } : { w: frame.w, h: frame.h * TAKEN };
  return scaleToFit(...groundSize(extent), { ...room, w: room.w * share });
}

function setPageSize({ paper, turn }) {
  const [w, h] = paperSize(paper, turn);
  setPage(`size: ${w}mm ${h}mm; margin: 0;`);
}

function choice(page, { role, label, value, options, change }) {
  const select = el("select", { data: { role }, on: { change: () => change(select.value) } }, options.map(([id, text]) => el("option", { value: id, text })));
  select.value = String(value);
  return el("label", { class: "print-field" }, el("span", { text: label }), select);
}

/** A state of options, the sheet they make, and what can be done with it. */
function createJob(page, holder) {
  const options = { paper: "A4", turn: "landscape", scale: null, own: false, title: null, centre: null };
  const job = {
    options,
    pages: [],
    prepare() {
      const { lang, manifest } = page;
      const { compare } = page.store.get();
      const extent = extentOf(page);
      options.centre = extent.getCenter();
      options.scale = options.own && options.scale ? options.scale : fittingScale(extent, options, compare && compare.mode === "side" ? 0.5 : 1);
      if (options.title === null) options.title = lang.pick(manifest.title);
    },
    compose() {
      job.pages = composeSheet(page, options);
      fill(holder, job.pages.map((sheet) => el("div", { class: "print-page" }, sheet)));
      setPageSize(options);
    },
    clear() {
      job.pages = [];
      fill(holder);
    },
  };
  return job;
}

function scaleField(page, job, redo) {
  const { lang } = page;
  const { options } = job;
  const own = el("input", { type: "number", min: SCALE_LIMITS[0], max: SCALE_LIMITS[1], step: 1000, value: options.scale, data: { role: "print-scale-own" }, "aria-label": lang.t("own_scale") });
  own.hidden = !options.own;
  own.addEventListener("change", () => {
    const value = Math.round(Number(own.value));
    if (!(value >= SCALE_LIMITS[0] && value <= SCALE_LIMITS[1])) own.value = String(options.scale);
    else {
      options.scale = value;
      redo();
    }
  });
  const select = choice(page, {
    role: "print-scale",
    label: lang.t("scale"),
    value: options.own ? "own" : options.scale,
    options: [...SCALES.map((scale) => [String(scale), `1:${number(scale, lang.lang(), 0)}`]), ["own", lang.t("own_scale")]],
    change: (value) => {
      options.own = value === "own";
      own.hidden = !options.own;
      if (options.own) return own.focus();
      options.scale = Number(value);
      return redo();
    },
  });
  select.appendChild(own);
  return select;
}

function titleField(page, job, redo) {
  const { options } = job;
  const input = el("input", { type: "text", maxlength: 80, data: { role: "print-title" } });
  input.value = options.title;
  input.addEventListener("input", () => {
    options.title = input.value;
    redo();
  });
  return el("label", { class: "print-field" }, el("span", { text: page.lang.t("sheet_title") }), input);
}

function form(page, job, redo, refit) {
  const { lang } = page;
  const { options } = job;
  const said = el("p", { class: "quiet", role: "status", data: { role: "print-said" } });
  const picture = async () => {
    said.textContent = lang.t("png_working");
    try {
      for (const [i, sheet] of job.pages.entries()) {
        const blob = await toPng(sheet, DPI);
        downloadBlob(`${fileName(options.title)}${i ? `-${i + 1}` : ""}.png`, blob);
      }
      said.textContent = lang.t("png_done", { n: job.pages.length, dpi: DPI });
    } catch {
      said.textContent = lang.t("png_failed");
    }
  };
  const field = (key, role, values, word) => choice(page, { role, label: lang.t(word), value: options[key], options: values, change: (value) => refit({ [key]: value }) });
  return el(
    "form",
    { class: "print-form", on: { submit: (event) => event.preventDefault() } },
    titleField(page, job, redo),
    field("paper", "print-paper", PAPERS.map((name) => [name, name]), "paper"),
    field("turn", "print-turn", TURNS.map((name) => [name, lang.t(name)]), "paper_turn"),
    scaleField(page, job, redo),
    el("p", { class: "quiet", text: lang.t("print_help") }),
    el("button", { type: "button", class: "tool-button is-main", data: { role: "print-now" }, text: lang.t("print_now"), on: { click: () => window.print() } }),
    el("button", { type: "button", class: "tool-button", data: { role: "print-png" }, text: lang.t("print_png"), on: { click: picture } }),
    said,
  );
}

const fileName = (title) => title.replace(/[^\w\u4e00-\u9fff -]+/g, "_").trim() || "taixin";

/** Dragging the sheet moves the map under its frame. */
function letDrag(page, job, preview, redo) {
  let start = null;
  preview.addEventListener("pointerdown", (event) => {
    const plate = event.target.closest(".print-preview svg");
    if (!plate || !job.pages.length) return;
    start = { x: event.clientX, y: event.clientY, factor: job.pages[0].viewBox.baseVal.width / plate.getBoundingClientRect().width };
    preview.setPointerCapture(event.pointerId);
  });
  preview.addEventListener("pointerup", (event) => {
    if (!start) return;
    const [dx, dy] = [event.clientX - start.x, event.clientY - start.y].map((d) => d * start.factor * PIXEL_M * job.options.scale);
    start = null;
    if (Math.hypot(dx, dy) < job.options.scale * PIXEL_M * 3) return;
    const { lat, lng } = job.options.centre;
    const perDegree = 111320;
    job.options.centre = { lat: lat + dy / perDegree, lng: lng - dx / (perDegree * Math.cos((lat * Math.PI) / 180)) };
    redo();
  });
}

/** @param {any} page */
export function createPrint(page) {
  const { lang, store } = page;
  const holder = el("div", { class: "print-sheets", data: { role: "print-sheets" } });
  document.body.appendChild(holder);
  const job = createJob(page, holder);
  const preview = el("div", { class: "print-preview", tabindex: 0, data: { role: "print-preview" } });
  let waiting = 0;

  function show() {
    job.compose();
    fill(preview, job.pages.map((sheet) => sheet.cloneNode(true)));
  }
  const redo = () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(show, 120);
  };
  const dialog = createDialog(page, {
    role: "print",
    wide: true,
    title: () => lang.t("print_sheet"),
    body: () => {
      show();
      preview.setAttribute("aria-label", lang.t("preview"));
      const refit = (change) => {
        Object.assign(job.options, change);
        job.prepare();
        dialog.render();
      };
      return el("div", { class: "print-body" }, form(page, job, redo, refit), preview);
    },
    closed: () => job.clear(),
  });
  letDrag(page, job, preview, redo);
  page.print = () => {
    if (!job.options.own) job.options.scale = null;
    job.prepare();
    dialog.open();
  };
  // Printing straight from the browser's menu gives a sheet as well, not a picture of the window; the report of a
  // check, named in data-print, is printed instead of it.
  window.addEventListener("beforeprint", () => {
    if (job.pages.length || document.documentElement.dataset.print) return;
    job.prepare();
    job.compose();
  });
  window.addEventListener("afterprint", () => !dialog.isOpen() && job.clear());
  store.on(["lang"], () => (job.options.title = null));
  return dialog.node;
}
