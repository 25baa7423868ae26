/** The other side of a comparison: its own drawing and lettering, on the same map or on a second one. */
import { createDrawing } from "../draw/draw.js";
import { createLabels } from "../labels/layer.js";
import { followStore } from "../plan-layers.js";
import { followTime } from "../time/follow.js";
import { sideStore } from "./side-store.js";

/**
 * @param {any} page @param {import("leaflet").Map} map
 * @param {{ covers: () => Element[], part?: () => [number, number] }} options part: share of the map's width
 */
export function createSecond(page, map, { covers, part }) {
  const { basemap, model } = page;
  const store = sideStore(page, "b");
  const pane = map === page.map ? "taixin-features-b" : "taixin-features-side";
  const names = pane.replace("features", "labels");
  const drawing = createDrawing(map, { pane, zIndex: 351 });
  for (const layer of basemap.layers) drawing.add(layer);
  followStore(drawing, model, store);
  const stopTime = followTime(page, drawing);
  const gather = page.sceneOf({ ...page, store }, basemap);
  const labels = createLabels(map, { pane: names, zIndex: 451, gather, covers, part, scale: () => store.get().scale });
  store.on(["visible", "lang", "panels", "time"], () => labels.refresh());
  return {
    drawing,
    labels,
    panes: [map.getPane(pane), map.getPane(names)],
    destroy() {
      store.stop();
      stopTime();
      // Layer by layer, since each has parts outside its own sheet.
      for (const id of [...basemap.layers, ...model.layers.values()].map((layer) => layer.id)) drawing.remove(id);
      drawing.destroy();
      labels.destroy();
    },
  };
}
