/** Keeps the address bar in step with the page, and the page with the address bar. */
import { decode, encode, fieldsOf } from "./codec.js";

/** Long enough to write a drag once, short enough that a copied address is the current one. */
const PAUSE = 250;
/** Panels that open with a link change the map's size; until they have, its view is set again. */
const SETTLING = 1200;

/** Sets the view that a link asks for, and again while panels that open with it change the map's size. */
function look(map, view) {
  const set = () => map.setView([view.lat, view.lng], view.zoom, { animate: false });
  set();
  map.on("resize", set);
  window.setTimeout(() => map.off("resize", set), SETTLING);
}

/** Puts the state of a link into the store. */
function takeState({ store, actions }, { selection, ...patch }) {
  store.set(patch);
  // A card comes through the actions, so that it joins the cards visited.
  const { trail, step } = store.get();
  const same = (a) => Boolean(a && selection && a.type === selection.type && a.id === selection.id);
  if (same(trail[step - 1]) && !same(trail[step])) actions.back();
  else if (selection || store.get().selection) actions.select(selection);
  if (!selection && store.get().panels.card) actions.panel("card", false);
}

/** The first state is what an empty hash means. @param {any} page */
export function startShare(page) {
  const { map, store } = page;
  const first = store.get();
  const fields = fieldsOf(first);
  let known = { hash: null, values: {} };
  let waiting = 0;
  let seen = location.hash;
  let asked = null;

  function apply() {
    const { view, patch } = decode(page, location.hash, first);
    takeState(page, patch);
    asked = view || asked;
    if (view) look(map, view);
    else if (location.hash.length < 2 || patch.embed) page.whole();
    seen = location.hash;
    known = encode(page, first, { asked });
  }

  function write() {
    waiting = 0;
    if (store.get().embed) return;
    const next = encode(page, first, { asked });
    if (next.hash === known.hash) return;
    const step = fields.some(({ key, push }) => push && next.values[key] !== known.values[key]);
    known = next;
    record(next.hash, step);
    seen = location.hash;
  }
  const later = () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(write, PAUSE);
  };

  if (location.hash.length > 1) apply();
  else known = encode(page, first);
  map.on("moveend", later);
  store.on([...fields.flatMap(({ on }) => on), "panels"], later);
  for (const type of ["popstate", "hashchange"]) {
    window.addEventListener(type, () => location.hash !== seen && arrive());
  }

  function arrive() {
    clearTimeout(waiting);
    apply();
  }

  page.link = (options) => location.href.replace(/#.*$/, "") + encode(page, first, { asked, ...options }).hash;
}

/** Some browsers refuse to rewrite the address of a page opened from a file: there the plain hash does. */
function record(hash, step) {
  try {
    window.history[step ? "pushState" : "replaceState"](null, "", hash);
  } catch {
    location.replace(hash);
  }
}
