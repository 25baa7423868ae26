/** The search box in the band: a combobox with grouped finds, all from the keyboard. */
import { el, fill } from "../dom.js";
import { createIndex } from "../find-index.js";
import { icon } from "../icons.js";
import { showBoxes, showPlace } from "../go.js";
import { showSubject } from "../selection.js";

/** Goes to what was chosen: on the map, and to its card. @type {Record<string, (page: any, entry: any) => void>} */
const OPEN = {
  features(page, { record }) {
    const { actions, store } = page;
    const subject = { type: "feature", id: record.id };
    if (record.shape && !store.get().visible.has(record.layer.id)) actions.show(record.layer.id, true);
    actions.select(subject);
    showSubject(page, subject);
  },
  counties(page, { id }) {
    page.actions.select({ type: "county", id });
    showSubject(page, { type: "county", id });
  },
  places: (page, { record }) => showPlace(page, record),
  documents(page, { id }) {
    page.actions.select({ type: "document", id });
    const boxes = [...page.model.layers.values()].filter(({ system, info }) => system.document === id && info.bbox).map(({ info }) => info.bbox);
    showBoxes(page, boxes);
  },
};

function optionNode(page, entry, number, choose) {
  const { lang } = page;
  const zh = lang.lang() === "zh";
  const lost = entry.group === "features" && !entry.record.shape;
  const data = { found: entry.id, group: entry.group };
  return el(
    "li",
    { id: `taixin-find-${number}`, role: "option", "aria-selected": "false", class: "find-option", data, on: { mousedown: (event) => event.preventDefault(), click: () => choose(entry) } },
    el("span", { class: "find-name", text: zh ? entry.name : entry.other || entry.name }),
    lost && el("span", { class: "tag", text: lang.t("unlocated") }),
    el("span", { class: "find-detail", text: entry.detail[lang.lang()] }),
  );
}

function groupNode(page, { group, all, entries }, from, choose) {
  const { lang } = page;
  const id = `taixin-find-group-${group}`;
  return el(
    "ul",
    { role: "group", "aria-labelledby": id, class: "find-group" },
    el("li", { role: "presentation", id, class: "find-title", text: all > entries.length ? `${lang.t(`find_${group}`)}${lang.aside(`${entries.length} / ${all}`)}` : lang.t(`find_${group}`) }),
    entries.map((entry, i) => optionNode(page, entry, from + i, choose)),
  );
}

/** Marks the option that Enter would take. */
function createCursor(input, list) {
  let at = -1;
  const options = () => [...list.querySelectorAll("[role=option]")];
  function to(next) {
    const all = options();
    at = next < 0 || !all.length ? -1 : next % all.length;
    all.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    if (at >= 0) {
      input.setAttribute("aria-activedescendant", all[at].id);
      all[at].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }
  return { to, step: (delta) => to((at + delta + options().length) % Math.max(1, options().length)), take: () => (at >= 0 ? options()[at].click() : undefined) };
}

/** The parts of the search box; ids are fixed since there is one. */
function parts() {
  const list = el("div", { id: "taixin-find-list", role: "listbox", class: "find-list", hidden: true, data: { role: "find-list" } });
  const input = el("input", {
    type: "search", class: "find-input", role: "combobox", autocomplete: "off", spellcheck: "false",
    "aria-expanded": "false", "aria-controls": "taixin-find-list", "aria-autocomplete": "list", data: { role: "find" },
  });
  const state = el("p", { class: "find-state off-screen", role: "status", data: { role: "find-state" } });
  const none = el("p", { class: "find-none", hidden: true, data: { role: "find-none" } });
  return { list, input, state, none, node: el("div", { class: "find", role: "search" }, icon("search"), input, el("div", { class: "find-drop" }, list, none), state) };
}

/** "/" goes to the search box from anywhere but a field. */
function slashKey(input) {
  document.addEventListener("keydown", (event) => {
    const field = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key !== "/" || field || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.focus();
  });
}

/** @param {any} page */
export function createFind(page) {
  const { lang, store, model } = page;
  const { node, input, list, state, none } = parts();
  const cursor = createCursor(input, list);
  let index = null;

  function close() {
    list.hidden = none.hidden = true;
    input.setAttribute("aria-expanded", "false");
    cursor.to(-1);
    fill(list);
  }
  function choose(entry) {
    input.value = "";
    close();
    OPEN[entry.group](page, entry);
  }
  /** Not before it is wanted: whoever never searches does not wait for it. */
  function prepare() {
    index = index || createIndex(model);
  }
  function show() {
    prepare();
    const q = input.value.trim();
    const { count, groups } = index.find(q);
    let from = 0;
    fill(list, groups.map((group) => {
      from += group.entries.length;
      return groupNode(page, group, from - group.entries.length, choose);
    }));
    list.hidden = !count;
    none.hidden = !q || count > 0;
    none.textContent = lang.t("find_none", { q });
    state.textContent = q ? (count ? lang.t("find_count", { n: count }) : none.textContent) : "";
    input.setAttribute("aria-expanded", String(count > 0));
    cursor.to(count ? 0 : -1);
  }
  const KEYS = { ArrowDown: () => cursor.step(1), ArrowUp: () => cursor.step(-1), Enter: () => cursor.take() };
  input.addEventListener("keydown", (event) => {
    // While an input method composes, its keys are its own.
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      if (list.hidden && none.hidden) input.value = "";
      close();
    } else if (KEYS[event.key] && !list.hidden) {
      event.preventDefault();
      KEYS[event.key]();
    }
  });
  input.addEventListener("input", show);
  input.addEventListener("focus", () => {
    // After the cursor is there, before the first letter is.
    setTimeout(prepare, 60);
    if (input.value) show();
  });
  input.addEventListener("blur", close);
  slashKey(input);

  function write() {
    input.setAttribute("placeholder", lang.t("find_hint"));
    input.setAttribute("aria-label", lang.t("find_label"));
    input.setAttribute("title", `${lang.t("find_label")}${lang.aside("/")}`);
    list.setAttribute("aria-label", lang.t("find_label"));
    close();
  }
  store.on(["lang"], write);
  write();
  return node;
}
