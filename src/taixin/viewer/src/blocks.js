/** Reads the data blocks that the page carries: gzip as base64, which no text can end or turn into markup. */
import { gunzipSync } from "fflate";

function bytesOf(base64) {
  // Newer browsers have a way of their own, which is several times faster.
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** @param {string} base64 @returns {Uint8Array} what was compressed */
export const inflate = (base64) => gunzipSync(bytesOf(base64));

/** The browser's own decompression is several times faster; older ones have none. @returns {Promise<Uint8Array>} */
export async function inflateFast(base64) {
  if (!self.DecompressionStream) return inflate(base64);
  const { readable, writable } = new self.DecompressionStream("gzip");
  const writer = writable.getWriter();
  const written = writer.write(bytesOf(base64)).then(() => writer.close());
  const [buffer] = await Promise.all([new Response(readable).arrayBuffer(), written]);
  return new Uint8Array(buffer);
}

/** @param {string} base64 @returns {string} */
export const inflateText = (base64) => new TextDecoder().decode(inflate(base64));

/** A block as it stands in the page. @param {string} id */
export function blockText(id) {
  const node = document.getElementById(id);
  if (!node) throw new Error(`The page has no data block "${id}"; build it again with "taixin build".`);
  return node.textContent || "";
}

const parsed = (bytes) => JSON.parse(new TextDecoder().decode(bytes));

/** @param {string} id @returns {Uint8Array} */
export const readBytes = (id) => inflate(blockText(id));

/** @param {string} id @returns {any} */
export const readBlock = (id) => parsed(readBytes(id));

/** Contents of blocks, unpacked side by side. @param {string[]} ids */
export const readAll = (ids) => Promise.all(ids.map(async (id) => parsed(await inflateFast(blockText(id)))));
