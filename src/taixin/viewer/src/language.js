/** Two languages: fixed words of the page (words.js) and {zh, en} texts of the data. Chinese is the fallback. */
import { WORDS } from "./words.js";

/** @param {ReturnType<import("./store.js").createStore>} store */
export function createLanguage(store) {
  const lang = () => store.get().lang;
  return {
    lang,
    /** A fixed word of the page; `{n}` in it is replaced by `values.n`. */
    t(key, values = {}) {
      const entry = WORDS[key];
      const text = entry ? entry[lang() === "zh" ? 0 : 1] : key;
      return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
    },
    /** The half of a {zh, en} text that fits. */
    pick: (text) => (text ? text[lang()] || text.zh || text.en || "" : ""),
    /** The half that fits of a text that a record keeps under two keys, such as `note` and `note_en`. */
    of: (props, key) => (lang() === "zh" ? props[key] || props[`${key}_en`] : props[`${key}_en`] || props[key]) || "",
    /** Something in brackets after a word, with the brackets of the language. */
    aside: (text) => (lang() === "zh" ? `（${text}）` : ` (${text})`),
    /** A record's own name in the page's language. */
    name: (props) =>
      lang() === "zh"
        ? props.name || props.name_zh || props.name_en || ""
        : props.name_en || props.name || props.name_zh || "",
  };
}
