/** Two maps beside each other that move together. */
import L from "leaflet";
import { el } from "../dom.js";
import { followIdentify, followSelection } from "../selection.js";
import { createSecond } from "./second.js";

const OPTIONS = ["zoomSnap", "zoomDelta", "wheelPxPerZoomLevel", "minZoom", "maxZoom"];

/** Each map follows the other; who is being moved does not answer. */
function join(one, other) {
  let leader = null;
  const follow = (from, to) => () => {
    if (leader && leader !== from) return;
    leader = from;
    to.setView(from.getCenter(), from.getZoom(), { animate: false });
    leader = null;
  };
  const there = follow(one, other);
  const back = follow(other, one);
  one.on("move zoomend", there);
  other.on("move zoomend", back);
  there();
  return () => one.off("move zoomend", there);
}

/** @param {any} page @param {HTMLElement} stage */
export function startSide(page, stage) {
  const { map, lang } = page;
  const node = el("div", { class: "side-map", role: "application", "aria-label": lang.t("map_help"), tabindex: 0, data: { role: "side-map" } });
  stage.insertBefore(node, map.getContainer().nextSibling);
  stage.classList.add("is-side");
  map.invalidateSize({ pan: true, animate: false });
  const options = Object.fromEntries(OPTIONS.map((key) => [key, map.options[key]]));
  const other = L.map(node, { ...options, zoomControl: false, attributionControl: false });
  other.setView(map.getCenter(), map.getZoom(), { animate: false });
  const second = createSecond(page, other, { covers: page.covers });
  const part = join(map, other);
  const offset = () => [node.offsetLeft, node.offsetTop];
  const own = { ...page, map: other, hover: (subjects, point) => page.hover(subjects, point && point.add(offset())) };
  followIdentify(own, second.drawing);
  const listening = followSelection(own, second.drawing);
  second.drawing.highlight("selected", []);
  const resized = () => other.invalidateSize({ pan: false });
  map.on("resize", resized);
  return {
    second,
    drawingAt: (first) => first,
    destroy() {
      if (listening) listening();
      part();
      map.off("resize", resized);
      second.destroy();
      other.remove();
      node.remove();
      stage.classList.remove("is-side");
      map.invalidateSize({ pan: true, animate: false });
      page.labels.refresh();
    },
  };
}
