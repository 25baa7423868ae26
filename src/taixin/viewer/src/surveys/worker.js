/** Reads chunks of surveys in a worker of its own, so that a million parcels do not hold up the page. */
import { buffersOf, readChunk } from "./read.js";

self.onmessage = ({ data: { number, text } }) => {
  const chunk = readChunk(text);
  self.postMessage({ number, chunk }, /** @type {any} */ (buffersOf(chunk)));
};
