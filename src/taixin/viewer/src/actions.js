/** What a user can do, as changes of the store; every control and later the URL hash goes through here. */
import { toggled } from "./store.js";
import { isNarrow } from "./window.js";

const same = (a, b) => Boolean(a && b && a.type === b.type && a.id === b.id);

/** @param {ReturnType<import("./store.js").createStore>} store */
export function createActions(store) {
  /** Panels after opening or closing one; on a phone only one is open at a time. */
  const panelsWith = (name, open) =>
    open && isNarrow() ? { [name]: true } : { ...store.get().panels, [name]: open };

  /** @param {import("./store.js").Subject | null} subject */
  function select(subject) {
    const { trail, step, selection, hits } = store.get();
    if (!subject) return store.set({ selection: null, hits: [] });
    // A card from elsewhere ends the list of what lay at the last click.
    const keep = hits.some((hit) => same(hit, subject)) ? hits : [];
    if (keep !== hits && hits.length) store.set({ hits: keep });
    if (same(subject, selection)) return store.set({ panels: panelsWith("card", true) });
    const kept = same(trail[step], subject) ? trail.slice(0, step + 1) : [...trail.slice(0, step + 1), subject];
    return store.set({
      selection: subject,
      trail: kept,
      step: kept.length - 1,
      panels: panelsWith("card", true),
    });
  }

  function walk(delta) {
    const { trail, step } = store.get();
    const next = step + delta;
    if (next < 0 || next >= trail.length) return;
    store.set({ step: next, selection: trail[next] });
  }

  return {
    select,
    /** All things at a clicked point; the first becomes the card. */
    identify(hits) {
      store.set({ hits });
      select(hits[0] ?? null);
    },
    back: () => walk(-1),
    forward: () => walk(1),
    show: (layer, present) => store.set({ visible: toggled(store.get().visible, layer, present) }),
    showMany(layers, present) {
      const visible = new Set(store.get().visible);
      for (const layer of layers) present ? visible.add(layer) : visible.delete(layer);
      store.set({ visible });
    },
    fade: (layer, value) => store.set({ opacity: { ...store.get().opacity, [layer]: value } }),
    expand: (node, present) => store.set({ expanded: toggled(store.get().expanded, node, present) }),
    panel: (name, open) => store.set({ panels: panelsWith(name, open) }),
    speak: (lang) => store.set({ lang }),
    compare: (compare) => store.set({ compare }),
    split: (at) => store.set({ split: Math.max(0, Math.min(1, at)) }),
    time: (year) => store.set({ time: year }),
  };
}
