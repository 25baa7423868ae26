/** Starts and ends the comparison that the store asks for, and says which drawing lies under the pointer. */
import { startSide } from "./side.js";
import { startSwipe } from "./swipe.js";

const STARTERS = { swipe: startSwipe, side: startSide };

/**
 * @param {any} page @param {any} first the page's own drawing @param {HTMLElement} stage
 * @returns {any} a drawing for pointing at the map: it asks the side that lies there
 */
export function startCompare(page, first, stage) {
  let running = null;
  let mode = null;

  function sync() {
    const { compare } = page.store.get();
    const wanted = compare && STARTERS[compare.mode] ? compare.mode : null;
    stage.classList.toggle("is-comparing", Boolean(wanted));
    if (wanted === mode) return;
    if (running) running.destroy();
    mode = wanted;
    running = wanted ? STARTERS[wanted](page, stage) : null;
  }
  page.store.on(["compare"], sync);
  sync();

  return {
    pick(x, y, tolerance) {
      const { map } = page;
      const zoom = 256 * 2 ** map.getZoom();
      const point = map.layerPointToContainerPoint(map.getPixelOrigin().multiplyBy(-1).add([x * zoom, y * zoom]));
      return (running ? running.drawingAt(first, point) : first).pick(x, y, tolerance);
    },
    highlight(kind, list) {
      first.highlight(kind, list);
      if (running) running.second.drawing.highlight(kind, list);
    },
  };
}
