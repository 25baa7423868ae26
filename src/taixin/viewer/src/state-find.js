/** The part of the page's state that belongs to search, themes, tree and tables. */
import { NO_FILTERS } from "./filters.js";
import { remember } from "./memory.js";

/**
 * @typedef {object} FindState
 * @property {import("./filters.js").Filters} filters which features are wanted
 * @property {Record<string, number>} order drawing order per layer id, where the user changed it
 * @property {"plan" | "theme"} treeBy how the tree is grouped
 * @property {string} treeText what layer names must hold
 * @property {string | null} theme the view that was chosen last
 * @property {"plan" | "safe"} palette colours of kinds.toml, or those that colour-blind readers tell apart
 * @property {{ view: "audit" } | { view: "table", layer: string } | null} dock what lies open below the map
 * @property {[number, number] | null} asked lon and lat of the last click
 */

/** @returns {FindState} */
export const findState = () => ({
  filters: NO_FILTERS,
  order: {},
  treeBy: "plan",
  treeText: "",
  theme: null,
  palette: remember("palette") === "safe" ? "safe" : "plan",
  dock: null,
  asked: null,
});
