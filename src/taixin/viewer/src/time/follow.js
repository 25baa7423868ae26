/** Fades what is not yet there in the year shown: on the page's drawing, on that of a comparison, and on sheets. */
import { stateAt } from "./dates.js";

/** What is within its phase is half there; what its plan puts later is only a trace. */
const SHARE = { there: 1, coming: 0.45, later: 0.13 };

/** @returns {(id: string) => number} opacity share of a feature in the year of the store */
export function faintness(page) {
  const { model, store } = page;
  const { time } = store.get();
  return (id) => {
    const feature = model.features.get(id);
    return feature ? SHARE[stateAt(feature, time)] : 1;
  };
}

/** Names of what its plan puts later are left out: a trace needs none. */
export const isNamed = (feature, time) => stateAt(feature, time) !== "later";

/** @param {any} page @param {any} drawing */
export function followTime(page, drawing) {
  const dim = () => drawing.dim(page.store.get().time === null ? null : faintness(page));
  const stop = page.store.on(["time"], dim);
  dim();
  return stop;
}

/** How many of the visible located features are in which state. */
export function countStates(model, visible, year) {
  const counts = { there: 0, coming: 0, later: 0 };
  for (const feature of model.features.values()) {
    if (feature.shape && visible.has(feature.layer.id)) counts[stateAt(feature, year)]++;
  }
  return counts;
}
