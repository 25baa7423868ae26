/** Has packs and the chunks of a survey read by a worker. */
import source from "virtual:survey-reader";
import { blockText, inflateFast, inflateText } from "../blocks.js";
import { readPack } from "../shapes/unpack.js";

/** A text of so many characters is worth a worker's start. */
const LARGE = 1.5e6;

/** @param {(data: any) => void} answered @param {(error: Error) => void} failed the worker has ended then */
function startReader(answered, failed) {
  const url = URL.createObjectURL(new Blob([inflateText(source)], { type: "text/javascript" }));
  const worker = new Worker(url);
  const stop = () => {
    worker.terminate();
    URL.revokeObjectURL(url);
  };
  const fail = (why) => {
    stop();
    failed(new Error(why));
  };
  worker.onmessage = ({ data }) => (data.failed ? fail(data.failed) : answered(data));
  worker.onerror = (event) => {
    event.preventDefault();
    fail(event.message);
  };
  return { ask: (message) => worker.postMessage(message), stop };
}

/**
 * Reads chunks one after the other.
 * @param {string} block what the blocks are called before their numbers @param {number} count
 * @param {(chunk: import("./read.js").Chunk, number: number) => void} arrived
 * @param {(error: Error) => void} failed
 */
export function loadChunks(block, count, arrived, failed) {
  const reader = startReader(({ number, chunk }) => {
    if (number + 1 < count) ask(number + 1);
    else reader.stop();
    arrived(chunk, number);
  }, failed);
  const ask = (number) => reader.ask({ number, text: blockText(`${block}-${number}`) });
  ask(0);
}

/**
 * Reads a pack; a large one beside whatever else the page has to do.
 * @param {string} text its block @returns {Promise<import("../shapes/unpack.js").Packed>}
 */
export function loadPack(text) {
  const here = async () => readPack(await inflateFast(text));
  if (text.length < LARGE) return here();
  return new Promise((done) => {
    const reader = startReader(({ pack }) => {
      reader.stop();
      done(pack);
    }, () => done(here()));
    reader.ask({ text, isPack: true });
  });
}
