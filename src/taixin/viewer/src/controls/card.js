/** The right panel: what lies at the clicked point, and the card of the one that is open. */
import { el, fill } from "../dom.js";
import { openSubject } from "../selection.js";
import { swatch } from "../draw/swatch.js";
import { surveyCard } from "../surveys/card.js";
import { nameOfSpot } from "../surveys/surveys.js";
import { iconButton } from "./button.js";
import { countyCard } from "./county-card.js";
import { documentCard } from "./document-card.js";
import { featureCard } from "./feature-card.js";
import { nearestList } from "./nearest-list.js";

function hitButton(page, subject) {
  const { lang, model, store } = page;
  const { selection } = store.get();
  const current = selection && selection.type === subject.type && selection.id === subject.id;
  if (subject.type === "survey") return surveyHit(page, subject, current);
  const feature = subject.type === "feature" ? model.features.get(subject.id) : null;
  const county = feature ? null : model.counties.get(subject.id);
  const name = lang.name(feature ? feature.props : county.props);
  const kind = feature ? lang.pick(feature.layer.kind.label) : lang.t("county");
  return el(
    "li",
    {},
    el(
      "button",
      {
        type: "button",
        class: "hit",
        "aria-current": current ? "true" : null,
        data: feature ? { feature: subject.id } : { county: subject.id },
        on: { click: () => page.actions.select(subject) },
      },
      feature && swatch(feature.layer.kind.symbol, feature.shape ? feature.shape.type : feature.layer.kind.geometry),
      el("span", { class: "hit-name", text: name }),
      el("span", { class: "hit-kind", text: kind }),
    ),
  );
}

function surveyHit(page, subject, current) {
  const { lang, surveys, actions } = page;
  const spot = surveys.at(subject.id);
  const { about } = spot.survey;
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", class: "hit", "aria-current": current ? "true" : null, data: { survey: about.id }, on: { click: () => actions.select(subject) } },
      swatch(spot.set.symbol, about.type),
      el("span", { class: "hit-name", text: nameOfSpot(spot, lang) }),
      el("span", { class: "hit-kind", text: lang.pick(about.title) }),
    ),
  );
}

function hitList(page) {
  const { lang, store } = page;
  const { hits } = store.get();
  if (hits.length < 2) return null;
  return el(
    "section",
    { class: "hits", data: { role: "hits" } },
    el("h3", { text: lang.t("here", { n: hits.length }) }),
    el("ul", {}, hits.map((subject) => hitButton(page, subject))),
  );
}

function body(page, selection) {
  if (!selection) return el("p", { class: "quiet", text: page.lang.t("nothing_here") });
  const open = (subject) => openSubject(page, subject);
  if (selection.type === "survey") return surveyCard(page, selection.id);
  if (selection.type === "document") return documentCard(page, selection.id);
  if (selection.type === "county") return countyCard(page, page.model.counties.get(selection.id), open);
  return featureCard(page, page.model.features.get(selection.id), open);
}

/** @param {any} page */
export function createCard(page) {
  const { lang, store, actions, map } = page;
  const node = el("aside", { class: "panel-card", data: { role: "card", covers: "" } });

  function render() {
    const { selection, panels, trail, step } = store.get();
    const role = node.contains(document.activeElement) ? document.activeElement.dataset.role || "body" : null;
    node.classList.toggle("is-closed", !panels.card);
    node.setAttribute("aria-label", lang.t("card"));
    fill(
      node,
      el(
        "div",
        { class: "panel-head" },
        iconButton("back", lang.t("back"), actions.back, { disabled: step <= 0, data: { role: "card-back" } }),
        iconButton("forward", lang.t("forward"), actions.forward, { disabled: step >= trail.length - 1, data: { role: "card-forward" } }),
        el("h2", { text: lang.t("card") }),
        iconButton("close", lang.t("close_panel", { what: lang.t("card") }), () => actions.panel("card", false), { data: { role: "card-close" } }),
      ),
      el("div", { class: "panel-body", tabindex: 0, "aria-live": "polite", data: { role: "card-body" } }, hitList(page), page.tiles && page.tiles.card(), body(page, selection), selection && nearestList(page, (subject) => openSubject(page, subject))),
    );
    // The card is written anew; who walks through it by keyboard stays in it.
    if (role) (node.querySelector(`button[data-role="${role}"]:not(:disabled)`) || node.querySelector("[data-role=card-body]")).focus();
  }
  store.on(["selection", "hits", "lang", "step", "palette"], render);
  store.on(["panels"], ({ panels }) => node.classList.toggle("is-closed", !panels.card));
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    actions.panel("card", false);
    map.getContainer().focus();
  });
  render();
  return node;
}
