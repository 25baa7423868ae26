/** Has the chunks of a survey read by a worker, one after the other. */
import source from "virtual:survey-reader";
import { blockText, inflateText } from "../blocks.js";

/**
 * @param {string} block what the blocks are called before their numbers @param {number} count
 * @param {(chunk: import("./read.js").Chunk, number: number) => void} arrived
 * @param {(error: Error) => void} failed
 */
export function loadChunks(block, count, arrived, failed) {
  const url = URL.createObjectURL(new Blob([inflateText(source)], { type: "text/javascript" }));
  const worker = new Worker(url);
  const stop = () => {
    worker.terminate();
    URL.revokeObjectURL(url);
  };
  const ask = (number) => worker.postMessage({ number, text: blockText(`${block}-${number}`) });
  worker.onmessage = ({ data: { number, chunk, failed: why } }) => {
    if (why) {
      stop();
      failed(new Error(why));
      return;
    }
    if (number + 1 < count) ask(number + 1);
    else stop();
    arrived(chunk, number);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    stop();
    failed(new Error(event.message));
  };
  ask(0);
}
