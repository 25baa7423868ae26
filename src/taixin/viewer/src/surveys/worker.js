/** Reads chunks of surveys in a worker of its own, so that a million parcels do not hold up the page. */
import { inflateFast } from "../blocks.js";
import { buffersOf, readChunk } from "./read.js";

self.onmessage = async ({ data: { number, text } }) => {
  try {
    const chunk = readChunk(await inflateFast(text));
    self.postMessage({ number, chunk }, /** @type {any} */ (buffersOf(chunk)));
  } catch (error) {
    self.postMessage({ failed: String(error) });
  }
};
