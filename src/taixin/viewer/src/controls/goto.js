/** "Go to coordinates": a typed place in any usual system; shown, marked, or used as a corner of what is drawn. */
import { el, fill } from "../dom.js";
import { examples, readCoordinates } from "../measure/coordinates.js";
import { SYSTEMS } from "../measure/systems.js";
import { coordinateList } from "./coordinate-list.js";

/** @param {any} page @param {string} role hook @param {{ auto?: boolean, value?: string }} [options] */
export function systemSelect({ lang, manifest }, role, { auto = false, value = "auto" } = {}) {
  const index = lang.lang() === "zh" ? 0 : 1;
  const near = manifest.home.systems;
  const others = Object.keys(SYSTEMS).filter((id) => !SYSTEMS[id].degrees && !near.includes(id));
  const option = (id) => el("option", { value: id, text: SYSTEMS[id].title[index] });
  const select = el(
    "select",
    { data: { role }, "aria-label": lang.t("system_label") },
    auto && el("option", { value: "auto", text: lang.t("system_auto") }),
    ["EPSG:4326", "EPSG:4490", ...near, "GCJ-02"].map(option),
    others.length > 0 && el("optgroup", { label: lang.t("system_others") }, others.map(option)),
  );
  select.value = value;
  return select;
}

/** @param {any} page */
export function createGoto(page) {
  const { lang, store } = page;
  const node = el("section", { class: "tool-section", data: { role: "goto" } });
  const answer = el("div", { class: "goto-answer", role: "status", data: { role: "goto-answer" } });

  function read(input, select) {
    const place = readCoordinates(input.value, page.manifest.home, select.value);
    if (place.error) {
      fill(answer, el("p", { class: "warning", data: { role: "goto-error" }, text: lang.t(place.error, place.values) }));
      return null;
    }
    fill(answer, place.note && el("p", { class: "warning", text: lang.t(place.note.word, place.note.values) }), coordinateList(page, [place.lon, place.lat]));
    return [place.lon, place.lat];
  }

  function render() {
    const old = node.querySelector("input");
    const input = el("input", { type: "text", maxlength: 200, autocomplete: "off", spellcheck: "false", placeholder: examples(page.manifest.home).degrees, data: { role: "goto-input" }, "aria-describedby": "taixin-goto-help" });
    input.value = old ? old.value : "";
    const select = systemSelect(page, "goto-system", { auto: true });
    const act = (run) => (event) => {
      event.preventDefault();
      const place = read(input, select);
      if (place) run(place);
    };
    const mark = (place) => {
      page.draft.go(place);
      if (!page.draft.active()) page.keep({ type: "Point", coordinates: place });
    };
    fill(
      node,
      el("h3", { text: lang.t("goto") }),
      el(
        "form",
        { class: "goto-form", on: { submit: act((place) => page.draft.go(place)) } },
        el("label", {}, el("span", { text: lang.t("goto_label") }), input),
        el("label", {}, el("span", { text: lang.t("system_label") }), select),
        el("p", { class: "quiet", id: "taixin-goto-help", text: lang.t("goto_help", examples(page.manifest.home)) }),
        el("div", { class: "tool-buttons" },
          el("button", { type: "submit", class: "text-button", data: { role: "goto-go" }, text: lang.t("goto_go") }),
          el("button", { type: "button", class: "text-button", data: { role: "goto-mark" }, text: lang.t("goto_mark"), on: { click: act(mark) } }),
        ),
      ),
      answer,
    );
    fill(answer);
  }
  store.on(["lang"], render);
  render();
  return node;
}
