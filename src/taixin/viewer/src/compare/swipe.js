/** Two sets of layers on one map, parted by a line that can be dragged: the panes are cut, nothing is rastered. */
import { el } from "../dom.js";
import { createSecond } from "./second.js";

const STEP = 0.02;

/** Cuts panes to a stretch of the map's width; panes have no size, so the corners are in layer pixels. */
function cut(map, panes, from, to) {
  const size = map.getSize();
  const nw = map.containerPointToLayerPoint([size.x * from, 0]);
  const se = map.containerPointToLayerPoint([size.x * to, size.y]);
  // Past the window's edges nothing is cut, or a drag would show empty margins.
  const [x0, x1] = [from > 0 ? nw.x : nw.x - size.x, to < 1 ? se.x : se.x + size.x];
  const [y0, y1] = [nw.y - size.y, se.y + size.y];
  const shape = `polygon(${x0}px ${y0}px, ${x1}px ${y0}px, ${x1}px ${y1}px, ${x0}px ${y1}px)`;
  for (const pane of panes) pane.style.clipPath = shape;
}

function createHandle(page) {
  const { actions, store, lang, map } = page;
  const node = el(
    "div",
    { class: "swipe-line", role: "slider", tabindex: 0, "aria-label": lang.t("swipe_line"), "aria-valuemin": 0, "aria-valuemax": 100, data: { role: "swipe-line" } },
    el("span", { class: "swipe-grip" }),
  );
  const move = (event) => {
    const box = map.getContainer().getBoundingClientRect();
    actions.split((event.clientX - box.left) / box.width);
  };
  node.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    node.focus();
    node.setPointerCapture(event.pointerId);
    node.addEventListener("pointermove", move);
  });
  for (const type of ["pointerup", "pointercancel"]) node.addEventListener(type, () => node.removeEventListener("pointermove", move));
  node.addEventListener("keydown", (event) => {
    const { split } = store.get();
    const to = { ArrowLeft: split - STEP, ArrowRight: split + STEP, Home: 0, End: 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    actions.split(to);
  });
  return node;
}

/** @param {any} page @param {HTMLElement} stage */
export function startSwipe(page, stage) {
  const { map, store } = page;
  const second = createSecond(page, map, { covers: page.covers, part: () => [store.get().split, 1] });
  const firstPanes = ["taixin-features", "taixin-labels"].map((name) => map.getPane(name));
  const handle = createHandle(page);
  stage.appendChild(handle);

  function place() {
    const { split } = store.get();
    cut(map, firstPanes, 0, split);
    cut(map, second.panes, split, 1);
    handle.style.left = `${split * 100}%`;
    handle.setAttribute("aria-valuenow", String(Math.round(split * 100)));
  }
  let waiting = 0;
  const stop = store.on(["split"], () => {
    place();
    // Names are laid out anew when the line rests: none is cut through by it.
    clearTimeout(waiting);
    waiting = window.setTimeout(() => [page.labels, second.labels].forEach((labels) => labels.refresh()), 120);
  });
  map.on("move zoom viewreset resize", place);
  place();
  page.labels.refresh();
  return {
    second,
    /** The drawing that lies under a point of the map. */
    drawingAt: (first, point) => (point.x > store.get().split * map.getSize().x ? second.drawing : first),
    destroy() {
      stop();
      clearTimeout(waiting);
      map.off("move zoom viewreset resize", place);
      handle.remove();
      second.destroy();
      for (const pane of firstPanes) pane.style.clipPath = "";
      page.labels.refresh();
    },
  };
}
