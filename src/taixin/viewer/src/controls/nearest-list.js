/** Below the card of a clicked point: what lies nearest to it. */
import { el } from "../dom.js";
import { accuracyInWords, distance } from "../format.js";
import { showPlace } from "../go.js";
import { nearestTo } from "../nearest.js";
import { baseSwatch, swatch } from "../draw/swatch.js";

const round = (metres, lang) => (metres < 1 ? lang.t("here_zero") : distance(metres, lang.lang()));

function line(page, { feature, distance: metres }, open) {
  const { lang, manifest } = page;
  const title = accuracyInWords(feature.props, manifest, lang.lang());
  const run = () => (feature.place ? showPlace(page, feature.place) : open({ type: "feature", id: feature.id }));
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", class: "hit", title, data: { feature: feature.id, metres: metres.toFixed(1) }, on: { click: run } },
      feature.place ? baseSwatch("base-county-seat", "point") : swatch(feature.layer.kind.symbol, feature.shape.type),
      el("span", { class: "hit-name", text: lang.name(feature.props) }),
      el("span", { class: "hit-kind", text: round(metres, lang) }),
    ),
  );
}

/** @param {any} page @param {(subject: any) => void} open */
export function nearestList(page, open) {
  const { lang, store, model } = page;
  const { asked, hits } = store.get();
  if (!asked || !hits.length) return null;
  return el(
    "section",
    { class: "tx-card-section nearest", data: { role: "nearest" } },
    el("h4", { text: lang.t("nearest") }),
    el("p", { class: "quiet", text: lang.t("nearest_from") }),
    nearestTo(model, asked).map(({ sort, found }) => [el("h5", { text: lang.t(sort) }), el("ul", { data: { nearest: sort } }, found.map((one) => line(page, one, open)))]),
  );
}
