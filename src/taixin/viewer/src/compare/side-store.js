/** The store as one side of a comparison sees it: everything the same, except which layers are visible. */
import { layersOf } from "./sets.js";

const isMap = (compare) => Boolean(compare) && compare.mode !== "counties";

/** Whether two sets of layers share the map. */
export const comparesMaps = ({ compare }) => isMap(compare);

/** @param {(state: any) => Set<string>} pick visible layers */
function derived(store, pick) {
  const stops = [];
  const view = (state) => ({ ...state, visible: pick(state) });
  return {
    get: () => view(store.get()),
    set: store.set,
    on(keys, run) {
      const stop = store.on(keys.includes("visible") ? [...keys, "compare"] : keys, (state) => run(view(state)));
      stops.push(stop);
      return stop;
    },
    /** Ends everything that listens through it. */
    stop: () => stops.splice(0).forEach((stop) => stop()),
  };
}

/** @param {any} page @param {"a" | "b"} side */
export const sideStore = (page, side) =>
  derived(page.store, (state) => {
    if (isMap(state.compare)) return layersOf(page, state.compare[side]);
    return side === "a" ? state.visible : new Set();
  });

/** Both sides together: what the legend must explain. */
export const bothSides = (page) =>
  derived(page.store, (state) => {
    if (!isMap(state.compare)) return state.visible;
    return new Set([...layersOf(page, state.compare.a), ...layersOf(page, state.compare.b)]);
  });
