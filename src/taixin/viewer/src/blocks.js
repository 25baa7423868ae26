/** Reads the data blocks that the page carries: gzip as base64, which no text can end or turn into markup. */
import { gunzipSync } from "fflate";

/** @param {string} base64 @returns {Uint8Array} what was compressed */
export function inflate(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return gunzipSync(bytes);
}

/** @param {string} base64 @returns {string} */
export const inflateText = (base64) => new TextDecoder().decode(inflate(base64));

/** @param {string} id @returns {Uint8Array} */
export function readBytes(id) {
  const node = document.getElementById(id);
  if (!node) throw new Error(`The page has no data block "${id}"; build it again with "taixin build".`);
  return inflate(node.textContent || "");
}

/** @param {string} id @returns {any} */
export const readBlock = (id) => JSON.parse(new TextDecoder().decode(readBytes(id)));
