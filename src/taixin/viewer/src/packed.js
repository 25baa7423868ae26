/** Opens the texts that build.mjs packs into the script. */
import { strFromU8, unzlibSync } from "fflate";

/** @param {string} base64 @returns {string} */
export const unpackText = (base64) => strFromU8(unzlibSync(strToBytes(base64)));

const strToBytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
