/**
 * Files that the user has loaded, as layers of the page's memory.
 *
 * @typedef {{ id: string, name: string, features: Array<{ geometry: any, properties: Record<string, any> }>, visible: boolean, system: string }} OwnLayer
 */

/** @param {ReturnType<import("../store.js").createStore>} own */
export function createOwnLayers(own) {
  let serial = 0;
  const all = () => own.get().layers;
  return {
    all,
    /** @param {Omit<OwnLayer, "id" | "visible">} layer */
    add(layer) {
      const added = { ...layer, id: `own-${++serial}`, visible: true };
      own.set({ layers: [...all(), added] });
      return added;
    },
    show: (id, visible) => own.set({ layers: all().map((layer) => (layer.id === id ? { ...layer, visible } : layer)) }),
    remove: (id) => own.set({ layers: all().filter((layer) => layer.id !== id), picked: [] }),
    /** A feature by the id under which it is drawn. */
    feature(key) {
      const [id, index] = key.split("#");
      const layer = all().find((item) => item.id === id);
      return layer ? { layer, index: Number(index), ...layer.features[Number(index)] } : null;
    },
  };
}
