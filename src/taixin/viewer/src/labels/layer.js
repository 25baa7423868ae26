/** The lettering of the map: gathers what is to be named, lays it out whenever the view settles, writes it. */
import { fill, svg } from "../dom.js";
import { Sheet } from "../draw/sheet.js";
import { layout } from "./engine.js";
import { box } from "./space.js";
import { write } from "./write.js";

const MARGIN = 4;
const LENGTHS = ["size", "marker", "lineWidth"];

/** A request for a larger sheet. */
export function enlarged(request, k) {
  const out = { ...request };
  for (const key of LENGTHS) if (out[key]) out[key] *= k;
  if (out.fallback) out.fallback = enlarged(out.fallback, k);
  return out;
}

/** Boxes, in layer pixels, of page furniture over the map. */
function blockedBoxes(map, covers) {
  const origin = map.getContainer().getBoundingClientRect();
  const corner = map.containerPointToLayerPoint([0, 0]);
  return covers()
    .map((node) => node.getBoundingClientRect())
    .filter((rect) => rect.width > 0 && rect.height > 0)
    .map((rect) => {
      const x = rect.left - origin.left + corner.x;
      const y = rect.top - origin.top + corner.y;
      return box(x - 3, y - 3, x + rect.width + 3, y + rect.height + 3);
    });
}

/** The visible part of the sheet, a little inside the window's edge; a comparison has only a share of its width. */
function frameOf(map, [from, to]) {
  const { x, y } = map.containerPointToLayerPoint([0, 0]);
  const size = map.getSize();
  return box(x + from * size.x + MARGIN, y + MARGIN, x + to * size.x - MARGIN, y + size.y - MARGIN);
}

/**
 * @param {import("leaflet").Map} map
 * @param {{ pane: string, zIndex: number, gather: (zoom: number) => { requests: any[], markers: any[], lines: any[] }, covers: () => Element[], scale: () => number, painted?: () => void, part?: () => [number, number] }} options
 *   covers: page furniture that lies over the map, under which no name should be placed
 */
export function createLabels(map, { pane, zIndex, gather, covers, scale, painted, part = () => [0, 1] }) {
  const paneNode = map.getPane(pane) || map.createPane(pane);
  paneNode.style.zIndex = String(zIndex);
  paneNode.classList.add("tx-label-pane");
  const leaders = svg("g", { class: "leaders" });
  const names = svg("g", { class: "names" });

  function paint(view) {
    const frame = frameOf(map, part());
    const scene = gather(view.zoom);
    const k = scale();
    const requests = k === 1 ? scene.requests : scene.requests.map((request) => enlarged(request, k));
    const placed = layout(requests, view, { ...scene, frame, blocked: blockedBoxes(map, covers) });
    const written = placed.map(write);
    fill(leaders, written.map(({ leader }) => leader));
    // Written in reverse, so that the most important name is painted last.
    fill(names, written.map(({ text }) => text).reverse());
    if (painted) painted();
  }

  const sheet = new Sheet({ pane, padding: 0.02, className: "tx-labels", paint });
  sheet.root.appendChild(leaders);
  sheet.root.appendChild(names);
  sheet.addTo(map);
  // Names do not grow with the zoom animation; they fade and come back where they belong.
  map.on("zoomstart", () => paneNode.classList.add("is-zooming"));
  map.on("zoomend", () => paneNode.classList.remove("is-zooming"));

  let waiting = 0;
  return {
    /** Lays out anew at the next frame; many calls cost one. */
    refresh() {
      if (waiting) return;
      waiting = requestAnimationFrame(() => {
        waiting = 0;
        sheet.repaint();
      });
    },
    root: sheet.root,
    destroy() {
      cancelAnimationFrame(waiting);
      sheet.remove();
    },
  };
}
