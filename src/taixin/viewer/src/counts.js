/** Counts in words, for tree and legend. */
import { wantedOf } from "./filters.js";

const UNIT = { point: "place", line: "line", polygon: "area_unit", none: "item" };

/** "11 处，3 处未定位" @param {any} info a layer's entry in the manifest */
export function layerCount(info, lang) {
  const unit = UNIT[info.geometry_type] || "item";
  const all = lang.t(info.features === 1 ? `${unit}_one` : `${unit}_many`, { n: info.features });
  if (info.features && info.unlocated === info.features) return lang.t("all_unlocated", { all });
  if (!info.unlocated) return all;
  return [all, lang.t("unlocated_n", { n: info.unlocated })].join(lang.lang() === "zh" ? "，" : ", ");
}

/** What is on the map of a layer: "7 条", with filters fewer than the layer has. */
export function shownCount(layer, filters, lang) {
  const located = wantedOf(layer, filters).filter((feature) => feature.shape).length;
  return layerCount({ ...layer.info, features: located, unlocated: 0 }, lang);
}

/** "自然保护区：文件称 5 个，点名 1 个", only where the two numbers differ or are asked for. */
export const statedCounts = (system, lang) =>
  (system.counts || []).map(({ what, stated, named }) => ({
    text: lang.t("stated_named", { what: lang.pick(what), stated, named }),
    short: named < stated,
  }));
