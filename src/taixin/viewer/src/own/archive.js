/** Opens zips with limits on what comes out, so that a small file cannot become a large one. */
import { unzipSync } from "fflate";
import { LIMITS, Refusal } from "./geojson.js";

const MOST_ENTRIES = 2000;
const WANTED = /\.(shp|shx|dbf|prj|cpg|kml|geojson|json|gpx|csv)$/i;

/**
 * @param {Uint8Array} bytes
 * @returns {Map<string, Uint8Array>} files by their name without folders, in lower case
 */
export function unpack(bytes) {
  let total = 0;
  let entries = 0;
  const filter = ({ name, size, originalSize }) => {
    if (++entries > MOST_ENTRIES) throw new Refusal("zip_too_many", { n: MOST_ENTRIES });
    if (!WANTED.test(name) || /(^|\/)(__MACOSX|\.)/.test(name)) return false;
    total += originalSize;
    // The size that an entry declares is all it ever gets, so a lie only cuts it off.
    if (total > LIMITS.unpacked) throw new Refusal("zip_too_large", { n: LIMITS.unpacked / 1e6 });
    if (originalSize > 1e6 && originalSize / Math.max(size, 1) > LIMITS.ratio) throw new Refusal("zip_bomb", { n: LIMITS.ratio });
    return true;
  };
  let found;
  try {
    found = unzipSync(bytes, { filter });
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal("zip_broken");
  }
  return new Map(Object.entries(found).map(([name, data]) => [name.split("/").pop().toLowerCase(), data]));
}
