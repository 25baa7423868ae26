/** Buttons under the zoom buttons: compare, time, print, share. */
import { el } from "../dom.js";
import { iconButton } from "./button.js";

const TOOLS = [["compare", "compare"], ["time", "clock"], ["print", "print"], ["share", "share"]];

/** @param {any} page whose functions of these names open the tools */
export const viewTools = (page) =>
  el(
    "div",
    { class: "zoom-buttons view-tools", role: "group", "aria-label": page.lang.t("view_tools") },
    TOOLS.map(([name, glyph]) => iconButton(glyph, page.lang.t(name), () => page[name](), { data: { role: `open-${name}` } })),
  );
