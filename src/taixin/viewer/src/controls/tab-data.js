/**
 * The tab of the user's own files. Hooks: data-role data-file (input), data-progress, data-stop, data-form,
 * data-system, data-encoding, data-swap, data-add, data-message; loaded layers carry data-own-layer.
 */
import { el, fill } from "../dom.js";
import { number } from "../format.js";
import { toWorld } from "../geometry.js";
import { createLoader } from "../own/loader.js";
import { createOwnLayers } from "../own/layers.js";
import { dataForm } from "./data-form.js";
import { iconButton } from "./button.js";
import { showGeometry } from "./sketch-list.js";

const ACCEPT = ".geojson,.json,.kml,.kmz,.gpx,.zip,.csv,.tsv,.txt,.shp,.shx,.dbf,.prj,.cpg";
const SHOWN = 60;

/** All features of a layer as one geometry, to show where they lie. */
const extentOf = ({ features }) => {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const walk = (c) => {
    if (typeof c[0] !== "number") return c.forEach(walk);
    [box[0], box[1]] = [Math.min(box[0], c[0]), Math.min(box[1], c[1])];
    [box[2], box[3]] = [Math.max(box[2], c[0]), Math.max(box[3], c[1])];
    return undefined;
  };
  for (const { geometry } of features) walk(geometry.coordinates);
  return { type: "LineString", coordinates: [[box[0], box[1]], [box[2], box[3]]] };
};

const NAMES = ["name", "Name", "NAME", "名称", "title"];
const nameOf = (properties) => String(NAMES.map((key) => properties[key]).find((value) => value) ?? "").slice(0, 120);

function layerRow(page, layer) {
  const { lang, ownLayers: layers } = page;
  const box = el("input", { type: "checkbox", on: { change: () => layers.show(layer.id, box.checked) } });
  box.checked = layer.visible;
  return el(
    "li",
    { class: "own-layer", data: { ownLayer: layer.id } },
    el("label", { class: "check-line" }, box, el("span", { class: "own-name", text: layer.name })),
    el("span", { class: "count", text: `${number(layer.features.length, lang.lang(), 0)} · ${layer.system}` }),
    iconButton("target", lang.t("sketch_zoom"), () => showGeometry(page, extentOf(layer))),
    iconButton("close", lang.t("sketch_delete"), () => layers.remove(layer.id), { data: { role: "own-remove" } }),
  );
}

/** Attributes of what was clicked; every value as plain text. */
function pickedCard(page, key) {
  const { lang, ownLayers: layers } = page;
  const found = layers.feature(key);
  if (!found) return null;
  const { layer, geometry, properties } = found;
  const entries = Object.entries(properties).filter(([, value]) => value !== null && value !== "");
  const check = () => page.checkSite({ geometry, name: nameOf(properties), source: layer.name, number: found.index + 1, crs: layer.system });
  return el(
    "article",
    { class: "own-feature", data: { role: "own-feature" } },
    el("h4", { text: `${layer.name} #${found.index + 1}` }),
    el("dl", { class: "own-facts" }, entries.slice(0, SHOWN).map(([name, value]) => [el("dt", { text: name }), el("dd", { text: String(value) })])),
    el("div", { class: "tool-buttons" }, el("button", { type: "button", class: "text-button", data: { role: "own-check" }, text: lang.t("check_this"), on: { click: check } })),
  );
}

/** A click on the map that hits one's own features lists them here; the card of the plans comes as always. */
function followClicks(page) {
  const { map, own, actions } = page;
  map.on("click", ({ latlng }) => {
    if (page.capture || !page.ownDrawing) return;
    const hits = page.ownDrawing.pick(...toWorld(latlng.lng, latlng.lat), 8).filter(({ id }) => id.includes("#"));
    own.set({ picked: hits.map(({ id }) => id).slice(0, 8) });
    if (!hits.length) return;
    own.set({ tab: "data" });
    actions.panel("tools", true);
  });
}

/** The state of reading: idle, busy with a step, or asking before the file goes onto the map. */
function createReading(page, node, say) {
  const { lang, ownLayers: layers } = page;
  let files = [];
  let asked = null;
  const name = () => files.map((file) => file.name).join(", ").slice(0, 200);
  const idle = () => {
    asked = null;
    fill(node);
  };

  const loader = createLoader({
    step({ word, values }) {
      const stop = () => {
        loader.stop();
        idle();
        say("cancelled");
      };
      const text = node.querySelector("[data-role=data-step]");
      if (text) text.textContent = lang.t(word, values);
      else fill(node, el("div", { class: "data-progress", data: { role: "data-progress" } }, el("progress"), el("span", { role: "status", data: { role: "data-step" }, text: lang.t(word, values) }), el("button", { type: "button", class: "text-button", data: { role: "data-stop" }, text: lang.t("draft_cancel"), on: { click: stop } })));
    },
    read(found) {
      asked = found;
      ask();
    },
    converted({ features, outside }) {
      loader.stop();
      const added = layers.add({ name: name(), features, system: asked.chosen });
      idle();
      say(outside ? "added_outside" : "added", { n: features.length });
      showGeometry(page, extentOf(added));
    },
    refused(word, values) {
      idle();
      say(word, values);
    },
  }, page.manifest.home);

  function ask() {
    fill(node, dataForm(page, asked, name(), {
      again: (encoding) => loader.read(files, encoding),
      add(system, swap) {
        asked.chosen = system;
        loader.convert(system, swap);
      },
      cancel() {
        loader.stop();
        idle();
      },
    }));
  }

  return {
    take(list) {
      files = list;
      if (!files.length) return;
      say("");
      loader.read(files, null);
    },
    again: () => asked && ask(),
  };
}

function createTab(page) {
  const { lang, store, own } = page;
  page.ownLayers = createOwnLayers(own);
  const message = el("p", { class: "tool-message", role: "status", data: { role: "data-message" } });
  const say = (word, values) => (message.textContent = word ? lang.t(word, values) : "");
  const asking = el("div");
  const reading = createReading(page, asking, say);
  page.takeFiles = (files) => {
    own.set({ tab: "data" });
    page.actions.panel("tools", true);
    reading.take(files);
  };
  const input = el("input", { type: "file", multiple: true, accept: ACCEPT, hidden: true, "aria-label": lang.t("data_pick"), data: { role: "data-file" } });
  input.addEventListener("change", () => {
    page.takeFiles([...input.files]);
    input.value = "";
  });
  const head = el("div");
  const list = el("ul", { class: "own-layers" });
  const picked = el("div");

  function render() {
    fill(head, el("p", { class: "quiet", text: lang.t("data_hint") }), el("div", { class: "tool-buttons" }, el("button", { type: "button", class: "text-button", data: { role: "data-pick" }, text: lang.t("data_pick"), on: { click: () => input.click() } })));
    fill(list, page.ownLayers.all().map((layer) => layerRow(page, layer)));
    fill(picked, own.get().picked.map((key) => pickedCard(page, key)));
  }
  own.on(["layers", "picked"], render);
  store.on(["lang"], () => {
    render();
    say("");
    reading.again();
  });
  followClicks(page);
  render();
  return [head, input, message, asking, list, picked];
}

export const dataTab = { id: "data", word: "tab_data", create: createTab };
