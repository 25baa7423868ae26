/**
 * The page's whole state in one observable record. Controls read it, change it through `set` and are told
 * which keys changed; no control talks to another.
 *
 * @typedef {{ type: "feature" | "county" | "document" | "survey", id: string }} Subject what a card is about
 * @typedef {object} State
 * @property {"zh" | "en"} lang
 * @property {Set<string>} visible layer ids that are drawn
 * @property {Record<string, number>} opacity per layer id, 0 to 1
 * @property {Set<string>} expanded tree nodes that are open
 * @property {Subject | null} selection the open card
 * @property {Subject[]} hits everything at the last clicked point, topmost first
 * @property {Subject[]} trail cards visited, oldest first
 * @property {number} step where in the trail we are
 * @property {Record<string, boolean>} panels which panels are open
 * @property {number} scale of symbols and names (see draw/scale.js)
 * @property {{ mode: "swipe" | "side" | "counties", a: string, b: string } | null} compare what is compared
 * @property {number} split where the swipe line stands, 0 to 1 of the map's width
 * @property {number | null} time the year shown; null: all of it
 * @property {boolean} embed map and legend only, for a frame in another page
 */

/** @param {State} initial */
export function createStore(initial) {
  let state = initial;
  /** @type {Set<{ keys: Set<string>, run: (state: State) => void }>} */
  const listeners = new Set();

  return {
    /** @returns {State} */
    get: () => state,
    /** @param {Partial<State>} patch */
    set(patch) {
      const changed = Object.keys(patch).filter((key) => patch[key] !== state[key]);
      if (!changed.length) return;
      state = { ...state, ...patch };
      for (const listener of [...listeners]) {
        if (changed.some((key) => listener.keys.has(key))) listener.run(state);
      }
    },
    /** @param {string[]} keys @param {(state: State) => void} run @returns {() => void} stop listening */
    on(keys, run) {
      const listener = { keys: new Set(keys), run };
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A copy of `set` with `value` put in or taken out. */
export function toggled(set, value, present) {
  const copy = new Set(set);
  if (present) copy.add(value);
  else copy.delete(value);
  return copy;
}
