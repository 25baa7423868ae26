/**
 * Which features are wanted at all: by plan, phase, kind and accuracy. Map, names, tree, legend and tables ask here.
 *
 * @typedef {{ plan: string, phase: string, kind: string, accuracy: string }} Filters empty text: no wish;
 *   phase is "plan/phase", accuracy the largest error in metres or "unlocated"
 */

/** @type {Filters} */
export const NO_FILTERS = Object.freeze({ plan: "", phase: "", kind: "", accuracy: "" });

/** Steps of accuracy to choose from, in metres. */
export const ACCURACY_STEPS = [500, 1000, 2000, 5000, 10000];

/** @param {Filters} filters how many wishes there are */
export const wishes = (filters) => Object.values(filters).filter(Boolean).length;

const exactEnough = (feature, wish) =>
  wish === "unlocated" ? !feature.shape : Boolean(feature.shape) && (feature.props.accuracy_m || 0) <= Number(wish);

/** @param {import("./model.js").Feature} feature @param {Filters} filters */
export function wanted(feature, filters) {
  const { plan } = feature.layer;
  if (filters.plan && filters.plan !== plan.id) return false;
  if (filters.phase && filters.phase !== `${plan.id}/${feature.props.phase}`) return false;
  if (filters.kind && filters.kind !== feature.props.kind) return false;
  return !filters.accuracy || exactEnough(feature, filters.accuracy);
}

/** Features of a layer that are wanted. @param {import("./model.js").LayerRecord} layer */
export const wantedOf = (layer, filters) =>
  wishes(filters) ? layer.features.filter((feature) => wanted(feature, filters)) : layer.features;
