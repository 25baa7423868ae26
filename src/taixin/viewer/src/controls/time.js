/** The year shown: a slider over the phases of the plans, with play where motion is welcome, else step by step. */
import { el, fill } from "../dom.js";
import { icon } from "../icons.js";
import { countStates } from "../time/follow.js";
import { yearsOf } from "../time/dates.js";
import { isCalm } from "../window.js";
import { iconButton, rename } from "./button.js";

const PACE = 900;

/** First year and ends of phases of the plans that are shown: where something changes. */
function marksOf({ model, store }) {
  const { visible } = store.get();
  const plans = new Set([...model.layers.values()].filter(({ id }) => visible.has(id)).map(({ plan }) => plan));
  const phases = [...plans].flatMap((plan) => plan.phases).filter(({ from, to }) => from && to);
  const years = [...new Set([Math.min(...phases.map(({ from }) => from)), ...phases.map(({ to }) => to)])].filter(Number.isFinite).sort((a, b) => a - b);
  // Years that touch could not be read.
  return years.filter((year, i) => i === years.length - 1 || years[i + 1] - year > 1);
}

/** Where to begin: the year of the newest document, up to which anything is known. */
function firstYear({ manifest }, { from, to }) {
  const year = Number(String(manifest.date || "").slice(0, 4)) || from;
  return Math.max(from, Math.min(to, year));
}

function phaseLine(page, year) {
  const { lang, model, store } = page;
  const { visible } = store.get();
  const plans = new Set([...model.layers.values()].filter(({ id }) => visible.has(id)).map(({ plan }) => plan));
  const named = [...plans].flatMap((plan) =>
    plan.phases.filter(({ from, to }) => from <= year && year <= to).map((phase) => `${lang.pick(plan.short)} · ${lang.pick(phase.title)}`),
  );
  return named.join(lang.lang() === "zh" ? "；" : "; ");
}

/** Plays year by year; for those who want no motion, one press is one step. */
function createPlayer(page, span, changed) {
  const { store, actions } = page;
  let timer = 0;
  const player = {
    playing: () => timer !== 0,
    stop() {
      clearInterval(timer);
      timer = 0;
      changed();
    },
    step() {
      const { time } = store.get();
      if (time === null || time >= span.to) return player.stop();
      return actions.time(time + 1);
    },
    toggle() {
      if (timer) return player.stop();
      if (store.get().time >= span.to) actions.time(span.from);
      if (isCalm()) return player.step();
      timer = window.setInterval(player.step, PACE);
      player.step();
      return changed();
    },
  };
  return player;
}

/** The years that matter, under the track of the slider. */
function markNodes(page, span) {
  return marksOf(page).map((at) => {
    const mark = el("span", { class: "time-mark", text: at });
    mark.style.left = `${((at - span.from) / (span.to - span.from)) * 100}%`;
    return mark;
  });
}

/** The parts of the bar, put together. @param {{ from: number, to: number }} span */
function parts(span, { slide, play, close }) {
  const slider = el("input", { type: "range", min: span.from, max: span.to, step: 1, data: { role: "time-slider" }, on: { input: () => slide(Number(slider.value)) } });
  const year = el("output", { class: "time-year", data: { role: "time-year" } });
  const said = el("p", { class: "time-said", data: { role: "time-said" } });
  const phases = el("p", { class: "time-phases quiet", data: { role: "time-phases" } });
  const marks = el("div", { class: "time-marks", "aria-hidden": "true", data: { role: "time-marks" } });
  const line = el("div", { class: "time-line" }, play, year, el("div", { class: "time-track" }, slider, marks), close);
  return { slider, year, said, phases, marks, node: el("section", { class: "time-bar", hidden: true, data: { role: "time-bar", covers: "" } }, line, said, phases) };
}

/** @param {any} page */
export function createTime(page) {
  const { lang, store, actions, model } = page;
  const span = yearsOf(model);
  const player = createPlayer(page, span, () => label());
  const play = iconButton("play", "", player.toggle, { data: { role: "time-play" } });
  const close = iconButton("close", "", () => end(), { data: { role: "time-end" } });
  const { node, slider, year, said, phases, marks } = parts(span, { slide: actions.time, play, close });

  function end() {
    player.stop();
    actions.time(null);
    page.map.getContainer().focus();
  }
  function label() {
    rename(play, lang.t(player.playing() ? "time_pause" : isCalm() ? "time_step" : "time_play"));
    rename(close, lang.t("time_end"));
    fill(play, icon(player.playing() ? "pause" : "play"));
    node.setAttribute("aria-label", lang.t("time"));
    slider.setAttribute("aria-label", lang.t("time_slider"));
  }
  function render() {
    const { time, visible } = store.get();
    const opened = node.hidden && time !== null;
    node.hidden = time === null;
    if (time === null) return player.playing() && player.stop();
    if (opened) label();
    slider.value = String(time);
    slider.setAttribute("aria-valuetext", lang.t("time_year", { year: time }));
    year.textContent = lang.t("time_year", { year: time });
    said.textContent = lang.t("time_counts", countStates(model, visible, time));
    phases.textContent = phaseLine(page, time);
    return fill(marks, markNodes(page, span));
  }
  page.time = () => (store.get().time === null ? actions.time(firstYear(page, span)) : end());
  store.on(["time", "visible"], render);
  store.on(["lang"], () => {
    label();
    render();
  });
  label();
  render();
  return node;
}
