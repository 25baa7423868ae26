/** Amounts and distances of a check in words, as taixin.site.words tells them. */

const UNITS = { zh: ["平方公里", "公里", "米", "处", "公顷"], en: ["km²", "km", "m", "points", "ha"] };
const fixed = (value, digits) => value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** The area, length or number of an answer, whichever it has. */
export function amount(item, lang) {
  const [km2, km, , points, ha] = UNITS[lang];
  if (typeof item.length_km === "number") return item.length_km ? `${fixed(item.length_km, 2)} ${km}` : "–";
  if (typeof item.count === "number") return item.count ? `${item.count} ${item.count === 1 ? points.replace(/s$/, "") : points}` : "–";
  if (!item.area_km2) return "–";
  return item.area_km2 < 0.1 ? `${fixed(item.area_km2 * 100, 2)} ${ha}` : `${fixed(item.area_km2, 3)} ${km2}`;
}

export function metres(value, lang) {
  const [, km, m] = UNITS[lang];
  if (typeof value !== "number") return "–";
  return value >= 10000 ? `${fixed(value / 1000, 1)} ${km}` : `${fixed(value, 0)} ${m}`;
}

export const percent = (share) => (share ? `${fixed(share * 100, 1)}%` : "–");

/** Titles that a record names by id. */
export function createTitles({ manifest, lang }) {
  const plans = new Map(manifest.plans.map((plan) => [plan.id, plan]));
  const document = (planId, id) => {
    const found = plans.get(planId).documents.find((paper) => paper.id === id);
    return found ? lang.pick(found.title) : id || "";
  };
  return {
    plan: (id) => lang.pick(plans.get(id).title),
    issuer: (id) => lang.pick(plans.get(id).issuer),
    kind: (id) => lang.pick((manifest.kinds[id] || {}).label) || id,
    basis: (id) => lang.pick(manifest.basis[id]) || id,
    document,
  };
}
