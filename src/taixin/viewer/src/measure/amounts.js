/** Measures in words: 3.2 km; 1.25 km² · 125 公顷 · 1,875 亩. */
import { number } from "../format.js";

// A mu is two thirds of a thousand square metres, exactly.
const MU_M2 = 2000 / 3;

/** @param {number} metres @param {"zh" | "en"} lang */
export const lengthText = (metres, lang) =>
  metres >= 1000 ? `${number(metres / 1000, lang, 3)} km` : `${number(metres, lang, 1)} m`;

/** Enough figures to tell a parcel from its neighbour, no more. */
const digitsFor = (value) => (value >= 1000 ? 1 : value >= 1 ? 3 : 6);

/** @param {number} m2 @param {"zh" | "en"} lang @returns {Array<{ unit: string, text: string }>} */
export function areaTexts(m2, lang) {
  const units = [["km2", m2 / 1e6, "km²"], ["ha", m2 / 1e4, lang === "zh" ? "公顷" : "ha"], ["mu", m2 / MU_M2, lang === "zh" ? "亩" : "mu"]];
  return units.map(([unit, value, word]) => ({ unit, text: `${number(value, lang, digitsFor(value))} ${word}` }));
}

/** One line for the map and for lists. */
export function shortText(measures, lang) {
  if (measures.area !== undefined) {
    const [km2, ha] = areaTexts(measures.area, lang);
    return (measures.area >= 1e6 ? km2 : ha).text;
  }
  return measures.length !== undefined ? lengthText(measures.length, lang) : "";
}
