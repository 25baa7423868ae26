/** Pinyin of names, as the manifest tells it in short, see taixin.pinyin. */
const CHINESE = /[\u3400-\u9fff]/;
const PARTS = /[\u3400-\u9fff]|[a-z0-9]+/g;

/**
 * @param {string} name @param {{ names: Record<string, string>, syllables: Record<string, string> }} pinyin of names read
 *   in a way of their own, and of characters
 * @returns {string | undefined} syllables with spaces between; none where there is no Chinese character
 */
export function spelt(name, { names, syllables }) {
  if (!CHINESE.test(name)) return undefined;
  const parts = () => name.toLowerCase().match(PARTS).map((part) => (CHINESE.test(part) && syllables[part]) || part);
  return names[name] || parts().join(" ");
}
