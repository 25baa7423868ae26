/** Reads what is packed in a worker of its own, so that a million parcels do not hold up the page. */
import { inflateFast } from "../blocks.js";
import { readPack } from "../shapes/unpack.js";
import { buffersOf, packBuffers, readChunk } from "./read.js";

/** Posts what a text holds: a chunk of a survey, or a pack. */
async function answer({ number, text, isPack }) {
  const content = await inflateFast(text);
  if (isPack) {
    const pack = readPack(content);
    self.postMessage({ pack }, /** @type {any} */ (packBuffers(pack)));
    return;
  }
  const chunk = readChunk(content);
  self.postMessage({ number, chunk }, /** @type {any} */ (buffersOf(chunk)));
}

self.onmessage = async ({ data }) => {
  try {
    await answer(data);
  } catch (error) {
    self.postMessage({ failed: String(error) });
  }
};
