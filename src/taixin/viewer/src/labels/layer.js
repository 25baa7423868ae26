/** The lettering of the map: gathers what is to be named, lays it out whenever the view settles, writes it. */
import { fill, svg } from "../dom.js";
import { Sheet } from "../draw/sheet.js";
import { layout } from "./engine.js";
import { box } from "./space.js";
import { write } from "./write.js";

/**
 * @param {import("leaflet").Map} map
 * @param {{ pane: string, zIndex: number, gather: (zoom: number) => { requests: any[], markers: any[], lines: any[] }, covers: () => Element[], painted?: () => void }} options
 *   covers: page furniture that lies over the map, under which no name should be placed
 */
export function createLabels(map, { pane, zIndex, gather, covers, painted }) {
  const paneNode = map.createPane(pane);
  paneNode.style.zIndex = String(zIndex);
  paneNode.classList.add("tx-label-pane");
  const leaders = svg("g", { class: "leaders" });
  const names = svg("g", { class: "names" });

  function blockedBoxes(view, frame) {
    const origin = map.getContainer().getBoundingClientRect();
    return covers()
      .map((node) => node.getBoundingClientRect())
      .filter((rect) => rect.width > 0 && rect.height > 0)
      .map((rect) => {
        const x = rect.left - origin.left + frame.minX - 4;
        const y = rect.top - origin.top + frame.minY - 4;
        return box(x - 3, y - 3, x + rect.width + 3, y + rect.height + 3);
      });
  }

  function paint(view) {
    const min = map.containerPointToLayerPoint([0, 0]);
    const size = map.getSize();
    const frame = box(min.x + 4, min.y + 4, min.x + size.x - 4, min.y + size.y - 4);
    const scene = gather(view.zoom);
    const placed = layout(scene.requests, view, { frame, blocked: blockedBoxes(view, frame), ...scene });
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
  };
}
