/** Fonts, widths and line breaks of map lettering. */

export const FONTS = {
  sans: '"Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",sans-serif',
  serif: '"Noto Serif CJK SC","Source Han Serif SC",SimSun,"Songti SC",serif',
};

const CJK = /[\u2e80-\u9fff\uf900-\ufaff]/;
const context = document.createElement("canvas").getContext("2d");
const widths = new Map();

export const isChinese = (text) => CJK.test(text);

const RUNS = /[\u3400-\u9fff]+|[^\u3400-\u9fff]+/g;
let faceSet = "";

/** Width of a text at 100 px, measured once. */
function measured(text, face) {
  const key = `${face}|${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    // Setting a font is dearer than measuring with it.
    if (face !== faceSet) context.font = faceSet = face;
    width = context.measureText(text).width;
    widths.set(key, width);
  }
  return width;
}

/** Chinese characters are all equally wide, so only what stands between them is measured piece by piece. */
function naturalWidth(text, face) {
  let width = 0;
  for (const run of text.match(RUNS) || []) {
    width += run >= "\u3400" && run <= "\u9fff\uffff" ? run.length * measured("\u56fd", face) : measured(run, face);
  }
  return width;
}

/** Width of a text in px. @param {{ size: number, weight: number, font: "sans" | "serif" }} face */
export function widthOf(text, { size, weight, font }) {
  return (naturalWidth(text, `${weight} 100px ${FONTS[font]}`) / 100) * size;
}

/** Units that stay upright and together along a line: a character, or a run of digits or letters. */
export const units = (text) => text.match(/[0-9A-Za-z.]+|[\s\S]/g) || [];

/** Best place to break in two: after a dash, comma or space near the middle, else the middle itself. */
function breakAt(text) {
  const middle = text.length / 2;
  let best = Math.ceil(middle);
  let cost = isChinese(text) ? 3 : Infinity;
  for (let i = 1; i < text.length; i++) {
    const after = text[i - 1];
    if (!/[\s\u2014\u2013\-·、，,/（(]/.test(after)) continue;
    const at = /[（(]/.test(after) ? i - 1 : i;
    if (Math.abs(at - middle) <= cost) {
      cost = Math.abs(at - middle);
      best = at;
    }
  }
  return cost === Infinity ? 0 : best;
}

/** Breaks a name into balanced lines of at most about `limit` characters. @returns {string[]} */
export function wrap(text, limit) {
  const room = isChinese(text) ? limit : limit * 1.9;
  if (text.length <= room) return [text];
  const at = breakAt(text);
  if (!at) return [text];
  const halves = [text.slice(0, at).trim(), text.slice(at).trim()];
  return text.length > room * 2 ? halves.flatMap((half) => wrap(half, limit)) : halves;
}
