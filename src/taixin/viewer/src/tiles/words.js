/** Words of the tiles: [Chinese, English]. */
const WORDS = {
  show: ["显示图层：{what}", "Show layer: {what}"],
  opacity: ["不透明度", "Opacity"],
  count: ["{n} 个", "{n} features"],
  source: ["来源", "Source"],
  unsaid: ["未说明", "not stated"],
  accuracy: ["位置精度", "Accuracy of position"],
  within: ["约 ±{n} 米", "about ±{n} m"],
  from_file: [
    "此图层按需分块读取，直接打开的网页文件读不到。请运行：taixin serve 网页所在文件夹，再打开它给出的地址。",
    "This layer is read piece by piece, which a page opened as a file cannot do. Run: taixin serve FOLDER, and open the address it gives.",
  ],
  failed: [
    "读不到此图层的瓦片：{href}。它应与网页一同存放，并由支持分段读取的服务（如 taixin serve）提供。",
    "The tiles of this layer cannot be read: {href}. They belong beside the page, behind a server that gives out byte ranges, such as taixin serve.",
  ],
  at_point: ["此处的现状数据", "Existing data at this point"],
  come_closer: ["放大后可查询此图层的属性。", "Zoom in to read the columns of this layer."],
};

/** @param {any} page @param {string} key @param {Record<string, any>} [values] */
export function word({ lang }, key, values = {}) {
  const text = WORDS[key][lang.lang() === "zh" ? 0 : 1];
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}
