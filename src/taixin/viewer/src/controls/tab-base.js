/**
 * The tab of base maps. Hooks: input[name="taixin-base"] (none, tdt-vec, tdt-img, osm), data-role base-key, base-key-save,
 * base-key-forget, base-message, tile-credit.
 */
import { createTileBase, keyStore, TILE_MAPS } from "../base/tiles.js";
import { el, fill } from "../dom.js";

function choice(page, base, current, choose) {
  const input = el("input", { type: "radio", name: "taixin-base", value: base.id, on: { change: () => choose(base) } });
  input.checked = base.id === current;
  return el("label", { class: "check-line" }, input, el("span", { text: page.lang.t(base.word) }));
}

function keyForm({ lang }, key, save) {
  const field = el("input", { type: "password", maxlength: 100, autocomplete: "off", spellcheck: "false", data: { role: "base-key" } });
  field.value = key;
  const submit = (event) => {
    event.preventDefault();
    save(field.value.trim());
  };
  return el(
    "form",
    { class: "tool-section", on: { submit } },
    el("h3", { text: lang.t("base_key") }),
    el("p", { class: "quiet", text: lang.t("base_key_help") }),
    el("label", {}, el("span", { text: lang.t("base_key_label") }), field),
    el("div", { class: "tool-buttons" },
      el("button", { type: "submit", class: "text-button", data: { role: "base-key-save" }, text: lang.t("base_key_save") }),
      el("button", { type: "button", class: "text-button", data: { role: "base-key-forget" }, text: lang.t("base_key_forget"), on: { click: () => save("") } }),
    ),
  );
}

function createTab(page) {
  const { lang, store, manifest, map } = page;
  const credit = el("div", { class: "tile-credit", hidden: true, data: { role: "tile-credit" } });
  map.getContainer().appendChild(credit);
  const message = el("p", { class: "tool-message", role: "status", data: { role: "base-message" } });
  const say = (word) => (message.textContent = word ? lang.t(word) : "");
  const tiles = createTileBase(page, say);
  let current = TILE_MAPS[0];
  let key = keyStore.read() || manifest.tianditu_key || "";
  const body = el("div");

  function choose(base) {
    current = base;
    say("");
    if (base.needsKey && !key) {
      tiles.clear();
      say("base_needs_key");
    } else tiles.show(base, key);
    credit.hidden = !base.credit;
    credit.textContent = base.credit;
  }

  function save(value) {
    key = value;
    keyStore.write(value);
    choose(current);
    if (!current.needsKey) say(value ? "base_key_saved" : "base_key_gone");
  }

  function render() {
    fill(
      body,
      el("fieldset", { class: "base-choices" }, el("legend", { class: "quiet", text: lang.t("base_hint") }), TILE_MAPS.map((base) => choice(page, base, current.id, choose))),
      keyForm(page, key, save),
    );
  }
  store.on(["lang"], render);
  render();
  return [message, body];
}

export const baseTab = { id: "base", word: "tab_base", create: createTab };
