/** Icon buttons with a name for everyone: visible as a title, spoken as a label. */
import { el } from "../dom.js";
import { icon } from "../icons.js";

/**
 * @param {keyof typeof import("../icons.js")} name icon
 * @param {string} label
 * @param {(event: Event) => void} run
 * @param {Record<string, any>} [more] further attributes
 */
export const iconButton = (name, label, run, more = {}) =>
  el("button", { type: "button", class: "icon-button", title: label, "aria-label": label, on: { click: run }, ...more }, icon(name));

/** Renames a button when the language changes. */
export function rename(button, label) {
  button.setAttribute("title", label);
  button.setAttribute("aria-label", label);
}
