/** Bytes to text: UTF-8 when it is that without a fault, else GB18030, which reads all of GBK; says how sure that is. */

const MARKS = [["utf-8", [0xef, 0xbb, 0xbf]], ["utf-16le", [0xff, 0xfe]], ["utf-16be", [0xfe, 0xff]]];

const strict = (bytes, encoding) => {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
};

/**
 * @param {Uint8Array} bytes @param {string | null} [wanted] what the file or the user says
 * @returns {{ text: string, encoding: string, sure: boolean, sound: boolean }}
 *   sure: the bytes leave no doubt; sound: every byte has a meaning in the encoding
 */
export function decode(bytes, wanted = null) {
  const mark = MARKS.find(([, start]) => start.every((byte, i) => bytes[i] === byte));
  const named = mark ? mark[0] : wanted;
  if (named) {
    const text = strict(bytes, named);
    return { text: text ?? new TextDecoder(named).decode(bytes), encoding: named, sure: true, sound: text !== null };
  }
  const utf8 = strict(bytes, "utf-8");
  if (utf8 !== null) return { text: utf8, encoding: "utf-8", sure: true, sound: true };
  const gbk = strict(bytes, "gb18030");
  return { text: gbk ?? new TextDecoder("gb18030").decode(bytes), encoding: "gb18030", sure: false, sound: gbk !== null };
}

/** What a .cpg file or an XML declaration calls an encoding; null when it says nothing that is known. */
export function encodingNamed(name) {
  const plain = String(name || "").trim().toLowerCase();
  if (/^(utf-?8|65001)$/.test(plain)) return "utf-8";
  if (/^(gb\w*|cp936|936|ansi 936|windows-936)$/.test(plain)) return "gb18030";
  if (/^(big5|950|cp950)$/.test(plain)) return "big5";
  return null;
}
