/** Going to a layer: on the map, on the screen, and in the tree. */
import L from "leaflet";
import { isCalm } from "./window.js";

/** Moves the map to boxes of degrees: west, south, east, north. */
export function showBoxes(page, boxes) {
  if (!boxes.length) return;
  const bounds = L.latLngBounds([]);
  for (const [w, s, e, n] of boxes) bounds.extend([s, w]).extend([n, e]);
  const size = page.map.getSize();
  const legend = page.map.getContainer().parentNode.querySelector(".legend");
  const right = size.x > 900 && legend ? legend.offsetWidth + 20 : 30;
  // Wide maps have room beside the note of the theme as well.
  const note = size.x > 1000 && page.store.get().theme ? 330 : 30;
  page.map.fitBounds(bounds, { paddingTopLeft: [note, 30], paddingBottomRight: [right, 30], maxZoom: 11, animate: !isCalm() });
}

/** Puts a layer on and shows where it is; one without positions is opened in the tree instead. */
export function showLayer(page, layer) {
  const { actions, store } = page;
  if (layer.info.bbox) {
    if (!store.get().visible.has(layer.id)) actions.show(layer.id, true);
    showBoxes(page, [layer.info.bbox]);
    return;
  }
  store.set({ expanded: new Set([...store.get().expanded, `layer:${layer.id}`]) });
  page.reveal(layer.plan, layer.system);
}
