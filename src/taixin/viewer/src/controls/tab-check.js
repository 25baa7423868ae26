/**
 * The tab of the site check. `page.checkSite({ geometry, name, source })` starts one from anywhere.
 * Hooks: data-role check-polygon, check-line, check-point-input, check-radius, check-run-point, check-within,
 * check-result, check-message, check-print, check-json; items carry data-feature and data-answer.
 */
import { checkSite } from "../check/answers.js";
import { createReport } from "../check/report.js";
import { el, fill } from "../dom.js";
import { download } from "../download.js";
import { circleRing } from "../measure/geodesy.js";
import { examples, readCoordinates } from "../measure/coordinates.js";
import { crossesItself } from "../measure/crossing.js";
import { CHINA, within } from "../measure/systems.js";
import { checkResult } from "./check-result.js";
import { showGeometry } from "./sketch-list.js";

const NEAR_KM = 5;

const everyPosition = (c, test) => (typeof c[0] === "number" ? test(c[0], c[1]) : c.every((part) => everyPosition(part, test)));

function pointForm(page, say) {
  const { t } = page.lang;
  const place = el("input", { type: "text", maxlength: 200, autocomplete: "off", placeholder: examples(page.manifest.home).degrees, data: { role: "check-point-input" } });
  const radius = el("input", { type: "number", min: 1, max: 200000, data: { role: "check-radius" } });
  const run = (event) => {
    event.preventDefault();
    const read = readCoordinates(place.value, page.manifest.home);
    if (read.error) return say(t(read.error, read.values));
    const centre = [read.lon, read.lat];
    if (!radius.value) return page.checkSite({ geometry: { type: "Point", coordinates: centre }, source: place.value, crs: read.system });
    const metres = Number(radius.value);
    if (!(metres >= 1 && metres <= 200000)) return say(t("check_bad_radius"));
    const geometry = { type: "Polygon", coordinates: [circleRing(centre, metres)] };
    return page.checkSite({ geometry, source: `${place.value},${metres}`, crs: read.system });
  };
  return el(
    "form",
    { class: "check-point", on: { submit: run } },
    el("label", {}, el("span", { text: t("check_point") }), place),
    el("label", {}, el("span", { text: t("check_radius") }), radius, el("button", { type: "submit", class: "text-button", data: { role: "check-run-point" }, text: t("check_run_point") })),
  );
}

/** Runs after the message has been painted; a check of a large site takes a second. */
const afterPaint = (run) => requestAnimationFrame(() => setTimeout(run, 0));

function createRunner(page, say) {
  const { own, lang } = page;
  function answer() {
    const { site } = own.get();
    if (!site) return;
    const record = checkSite(page, site, { withinKm: own.get().withinKm, lang: lang.lang() });
    own.set({ check: { record, geometry: site.geometry, withinKm: own.get().withinKm } });
    say("");
  }
  page.checkSite = (site) => {
    page.actions.panel("tools", true);
    own.set({ tab: "check", check: null });
    if (crossesItself(site.geometry)) return say(lang.t("check_invalid"));
    if (!everyPosition(site.geometry.coordinates, (lon, lat) => within(CHINA, lon, lat))) return say(lang.t("check_not_china"));
    own.set({ site: { source: lang.t("check_drawn"), ...site } });
    showGeometry(page, site.geometry);
    say(lang.t("check_working"));
    return afterPaint(answer);
  };
  return answer;
}

function createTab(page) {
  const { lang, store, own } = page;
  own.set({ withinKm: NEAR_KM, check: null });
  const message = el("p", { class: "tool-message", role: "status", data: { role: "check-message" } });
  const say = (text) => (message.textContent = text);
  const form = el("div");
  const result = el("div");
  const print = createReport(page);
  const again = createRunner(page, say);
  page.drawn("check", (geometry) => page.checkSite({ geometry }));

  const button = (word, role, run) => el("button", { type: "button", class: "text-button", data: { role }, text: lang.t(word), on: { click: run } });

  function renderForm() {
    const near = el("input", { type: "number", min: 0, max: 200, step: "any", data: { role: "check-within" } });
    near.value = own.get().withinKm;
    near.addEventListener("change", () => {
      own.set({ withinKm: Math.max(0, Math.min(200, Number(near.value) || 0)) });
      again();
    });
    fill(
      form,
      el("p", { class: "quiet", text: lang.t("check_hint") }),
      el("div", { class: "tool-buttons" }, ["polygon", "line"].map((kind) => button(`check_draw_${kind}`, `check-${kind}`, () => page.draft.start(kind, "check")))),
      pointForm(page, say),
      el("label", {}, el("span", { text: lang.t("check_within") }), near),
    );
  }

  function renderResult() {
    const { check } = own.get();
    const json = () => download("taixin-check.json", "application/json", `${JSON.stringify(check.record, null, 1)}\n`);
    const clear = () => own.set({ site: null, check: null });
    fill(result, check && [
      el("div", { class: "tool-buttons" }, button("check_print", "check-print", () => print(own.get().check)), button("check_json", "check-json", json), button("check_clear", "check-clear", clear)),
      checkResult(page, check),
    ]);
  }
  own.on(["check"], renderResult);
  store.on(["lang"], () => {
    renderForm();
    again();
  });
  renderForm();
  return [form, message, result];
}

export const checkTab = { id: "check", word: "tab_check", create: createTab };
