/** North arrow and zoom buttons. */
import { el, fill, svg } from "../dom.js";
import { iconButton } from "./button.js";
import { viewTools } from "./view-tools.js";

function northArrow(lang) {
  return el(
    "div",
    { class: "north", role: "img", "aria-label": lang.t("north"), title: lang.t("north"), data: { role: "north" } },
    svg(
      "svg",
      { width: 30, height: 46, viewBox: "0 0 30 46", "aria-hidden": "true" },
      svg("text", { class: "north-letter", x: 15, y: 11, "text-anchor": "middle", text: lang.t("north_letter") }),
      svg("path", { class: "north-dark", d: "M15 15L6.5 44L15 37.5Z" }),
      svg("path", { class: "north-light", d: "M15 15L23.5 44L15 37.5Z" }),
    ),
  );
}

/** @param {any} page */
export function createMapTools(page) {
  const { lang, store, map } = page;
  const node = el("div", { class: "map-tools", data: { role: "map-tools", covers: "" } });
  const render = () =>
    fill(
      node,
      northArrow(lang),
      el(
        "div",
        { class: "zoom-buttons" },
        iconButton("plus", lang.t("zoom_in"), () => map.zoomIn(), { data: { role: "zoom-in" } }),
        iconButton("minus", lang.t("zoom_out"), () => map.zoomOut(), { data: { role: "zoom-out" } }),
        iconButton("whole", lang.t("whole"), page.whole, { data: { role: "whole" } }),
      ),
      viewTools(page),
    );
  store.on(["lang"], render);
  render();
  return node;
}
