/** What a user can do with tree, filters, order, themes and the tables below the map; see actions.js. */
import { NO_FILTERS } from "./filters.js";

/** Layers that are on, lowest first, as they lie on the map. */
export function stackOf(model, { visible, order }) {
  const on = [...model.layers.values()].filter((layer) => visible.has(layer.id) && layer.info.located > 0);
  const rank = (layer) => order[layer.id] ?? layer.kind.order;
  // The sort is stable: equal ranks stay in the order of the plans, as on the map.
  return on.sort((a, b) => rank(a) - rank(b));
}

/** Gives every visible layer a rank of its own, close to that of its kind, so that two can change places. */
function strictRanks(stack, order) {
  const ranks = { ...order };
  let last = -Infinity;
  for (const layer of stack) {
    ranks[layer.id] = Math.max(order[layer.id] ?? layer.kind.order, last + 0.001);
    last = ranks[layer.id];
  }
  return ranks;
}

/** @param {ReturnType<import("./store.js").createStore>} store @param {any} model @param {any} initial first state */
export function createFindActions(store, model, initial) {
  return {
    want: (wish) => store.set({ filters: { ...store.get().filters, ...wish } }),
    group: (treeBy) => store.set({ treeBy }),
    seek: (treeText) => store.set({ treeText }),
    dock: (dock) => store.set({ dock }),
    asked: (asked) => store.set({ asked }),
    /** Puts a layer above (+1) or below (-1) its neighbour among those that are on. */
    move(id, step) {
      const stack = stackOf(model, store.get());
      const at = stack.findIndex((layer) => layer.id === id);
      const other = stack[at + step];
      if (at < 0 || !other) return;
      const order = strictRanks(stack, store.get().order);
      [order[id], order[other.id]] = [order[other.id], order[id]];
      store.set({ order });
    },
    reset() {
      const { visible, expanded } = initial;
      store.set({ visible, expanded, opacity: {}, order: {}, filters: NO_FILTERS, treeText: "", theme: null });
    },
  };
}
