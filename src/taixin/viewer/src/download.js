/** Files made in the page: a Blob and a link, no server. */
import { el } from "./dom.js";

/** @param {string} name @param {Blob} blob */
export function downloadBlob(name, blob) {
  const url = URL.createObjectURL(blob);
  const link = el("a", { href: url, download: name, hidden: true });
  document.body.appendChild(link);
  link.click();
  link.remove();
  // Old browsers start the download late; the URL must outlive the click.
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

/** @param {string} name @param {string} type @param {string} text */
export const download = (name, type, text) => downloadBlob(name, new Blob([text], { type }));

/** A collection as text with one feature per line, like the files under layers/. */
export function geojsonText(collection) {
  const { features, ...head } = collection;
  const start = JSON.stringify(head).slice(0, -1);
  const lines = features.map((feature) => JSON.stringify(feature)).join(",\n");
  return `${start}${start.length > 1 ? "," : ""}"features":[\n${lines}\n]}\n`;
}

/** @param {import("./model.js").LayerRecord} layer */
export function downloadLayer(layer) {
  const name = `${layer.id.replace(/[^\w\u4e00-\u9fff-]+/g, "_")}.geojson`;
  download(name, "application/geo+json", geojsonText(layer.collection));
}
