/** Outlines of what is selected, pointed at or marked, over the drawing. */
import { svg } from "../dom.js";
import { metresToWorld } from "../geometry.js";
import { pathData } from "./clip.js";
import { Sheet } from "./sheet.js";

/** Nodes of one highlight: accuracy band or circle, white rim, dark line. */
function marks({ shape, accuracy_m: accuracy, size, halo }, view) {
  const middle = (shape.bbox[1] + shape.bbox[3]) / 2;
  const reach = halo && accuracy ? metresToWorld(accuracy, middle) * view.scale : 0;
  if (shape.type === "point") {
    const [x, y] = shape.parts[0][0];
    const at = { cx: x * view.scale - view.ox, cy: y * view.scale - view.oy };
    const r = (size || 12) / 2 + 4;
    const circles = [svg("circle", { class: "rim", ...at, r }), svg("circle", { class: "edge", ...at, r })];
    return reach > r ? [svg("circle", { class: "reach", ...at, r: reach }), ...circles] : circles;
  }
  const d = pathData(shape, view);
  const width = shape.type === "line" ? (size || 3) + 5 : 3;
  const paths = [
    svg("path", { class: "rim", d, "stroke-width": width + 3 }),
    svg("path", { class: "edge", d, "stroke-width": shape.type === "line" ? width - 3 : 2 }),
  ];
  return reach > 3 ? [svg("path", { class: "reach-band", d, "stroke-width": reach * 2 }), ...paths] : paths;
}

/** @param {import("leaflet").Map} map @param {{ pane: string }} options */
export function createHighlights(map, { pane }) {
  const groups = { marked: svg("g", { class: "tx-selected tx-marked" }), hover: svg("g", { class: "tx-hover" }), selected: svg("g", { class: "tx-selected" }) };
  /** @type {Record<"selected" | "hover" | "marked", any[]>} */
  const shown = { selected: [], hover: [], marked: [] };

  function paint(view, modes = Object.keys(groups)) {
    for (const mode of modes) {
      while (groups[mode].firstChild) groups[mode].removeChild(groups[mode].firstChild);
      for (const mark of shown[mode]) for (const node of marks(mark, view)) groups[mode].appendChild(node);
    }
  }
  const sheet = new Sheet({ pane, padding: 0.15, className: "tx-sheet", paint });
  for (const group of Object.values(groups)) sheet.root.appendChild(group);
  sheet.addTo(map);
  return {
    /** @param {"selected" | "hover" | "marked"} mode */
    show(mode, list) {
      shown[mode] = list;
      if (sheet._bounds) paint(sheet.view(), [mode]);
    },
    destroy: () => sheet.remove(),
  };
}
