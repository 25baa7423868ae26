/** Going to a layer: on the map, on the screen, and in the tree. */
import L from "leaflet";
import { isCalm, isNarrow } from "./window.js";

/** Goes to a place of the base map, a seat, station or river, marks it, and opens the card of its county. */
export function showPlace(page, record) {
  const { geometry, properties, bbox, shape } = record;
  const county = page.model.counties.get(String(properties.adcode));
  if (county) page.actions.select({ type: "county", id: county.id });
  if (geometry.type === "Point") page.map.setView([geometry.coordinates[1], geometry.coordinates[0]], 10);
  else showBoxes(page, [bbox]);
  if (shape) page.mark([{ shape, halo: false }]);
}

/** Moves the map to boxes of degrees: west, south, east, north. */
export function showBoxes(page, boxes) {
  if (!boxes.length) return;
  const bounds = L.latLngBounds([]);
  for (const [w, s, e, n] of boxes) bounds.extend([s, w]).extend([n, e]);
  const size = page.map.getSize();
  const legend = page.map.getContainer().parentNode.querySelector(".legend");
  const right = size.x > 900 && legend ? legend.offsetWidth + 20 : 30;
  // Wide maps have room beside the note of the theme, phones below it.
  const note = page.map.getContainer().parentNode.querySelector("[data-role=theme-note]");
  const shown = note && !note.hidden;
  const left = shown && size.x > 1000 ? note.offsetWidth + 30 : 30;
  const top = shown && isNarrow() && size.y > 500 ? Math.min(note.offsetHeight + 20, size.y / 2) : 30;
  page.map.fitBounds(bounds, { paddingTopLeft: [left, top], paddingBottomRight: [right, 30], maxZoom: 11, animate: !isCalm() });
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
