/** What can lie on one side of a comparison: what is on the map now, one plan, or one theme over all plans. */

/** @returns {string[]} "now", "plan:…", "theme:…" */
export const setIds = (manifest) => [
  "now",
  ...manifest.plans.map(({ id }) => `plan:${id}`),
  ...manifest.groups.map(({ id }) => `theme:${id}`),
];

export const isSet = (manifest, id) => setIds(manifest).includes(id);

/** The name of a set for people. */
export function setTitle(page, id) {
  const { manifest, lang } = page;
  const [type, name] = id.split(":");
  if (type === "now") return lang.t("compare_now");
  const list = type === "plan" ? manifest.plans : manifest.groups;
  const found = list.find((one) => one.id === name);
  return lang.pick(found.short || found.title);
}

/**
 * A plan brings the layers it opens with; a theme brings those layers of all plans. Where none opens by itself, all
 * that can be drawn come: an empty side would compare nothing.
 * @returns {Set<string>}
 */
export function layersOf(page, id) {
  const { manifest, store } = page;
  const [type, name] = id.split(":");
  if (type === "now") return store.get().visible;
  const found = new Set();
  const all = new Set();
  for (const plan of manifest.plans) {
    for (const system of plan.systems) {
      if (type === "plan" ? plan.id !== name : system.group !== name) continue;
      for (const layer of system.layers) {
        if (!layer.located) continue;
        all.add(layer.id);
        if (layer.visible !== false) found.add(layer.id);
      }
    }
  }
  return found.size ? found : all;
}
