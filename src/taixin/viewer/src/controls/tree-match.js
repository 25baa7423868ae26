/** Which systems and layers the tree shows: those whose names hold the text and that have wanted features. */
import { wantedOf, wishes } from "../filters.js";

const plain = (text) => String(text || "").toLowerCase();

/** @param {any} page @returns {{ forced: boolean, layer: (layer: any) => boolean, system: (plan: any, system: any) => boolean }} */
export function matcher({ store, model }) {
  const { filters, treeText } = store.get();
  const text = plain(treeText.trim());
  const limited = wishes(filters) > 0;
  const holds = (title) => plain(title.zh).includes(text) || plain(title.en).includes(text);
  /** The name of a system stands for all its layers. */
  const named = (layer) => !text || holds(layer.info.title) || holds(layer.system.title);
  const layer = (record) => named(record) && (!limited || wantedOf(record, filters).length > 0);
  return {
    // A search is of no use if its finds stay folded away.
    forced: Boolean(text),
    layer,
    system: (plan, system) => system.layers.some((info) => layer(model.layers.get(info.id))),
  };
}
