/** Starts the reading worker and talks with it; one file at a time, cancelled by ending the worker. */
import source from "virtual:reader";
import { inflateText } from "../blocks.js";
import { LIMITS } from "./geojson.js";

/** Nobody waits longer for a file that says nothing. */
const MOST_SILENCE = 60000;

/**
 * @param {{ step: (message: any) => void, read: (message: any) => void, converted: (message: any) => void, refused: (word: string, values?: any) => void }} outlet
 * @param {{ bbox: number[], systems: string[] }} home where the atlas has its counties
 */
export function createLoader(outlet, home) {
  let worker = null;
  let url = null;
  let timer = 0;

  function stop() {
    clearTimeout(timer);
    if (worker) worker.terminate();
    if (url) URL.revokeObjectURL(url);
    worker = url = null;
  }

  function refuse(word, values) {
    stop();
    outlet.refused(word, values);
  }

  const watch = () => {
    clearTimeout(timer);
    timer = setTimeout(() => refuse("too_slow"), MOST_SILENCE);
  };

  function start() {
    stop();
    url = URL.createObjectURL(new Blob([inflateText(source)], { type: "text/javascript" }));
    worker = new Worker(url);
    worker.onmessage = ({ data }) => {
      watch();
      if (data.type === "refused") refuse(data.word, data.values);
      else if (data.type !== "step") clearTimeout(timer);
      if (data.type !== "refused") outlet[data.type](data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      refuse("unreadable");
    };
  }

  return {
    stop,
    /** @param {File[]} files @param {string | null} encoding */
    async read(files, encoding) {
      const size = files.reduce((sum, file) => sum + file.size, 0);
      if (size > LIMITS.bytes) return refuse("too_large", { size: (size / 1e6).toFixed(1), n: LIMITS.bytes / 1e6 });
      start();
      const mine = worker;
      outlet.step({ word: "step_read" });
      watch();
      let parts;
      try {
        parts = await Promise.all(files.map(async (file) => ({ name: file.name, bytes: await file.arrayBuffer() })));
      } catch {
        // A folder, or a file that went away meanwhile.
        return refuse("unreadable");
      }
      // Cancelled while the disk was read.
      if (worker !== mine) return undefined;
      return worker.postMessage({ type: "read", files: parts, encoding, home }, parts.map(({ bytes }) => bytes));
    },
    convert(system, swap) {
      watch();
      worker.postMessage({ type: "convert", system, swap, home });
    },
  };
}
