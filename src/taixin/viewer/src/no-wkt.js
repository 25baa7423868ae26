/** In the place of proj4's parser of well-known text, which nobody here hands it. */
export default function parse(text) {
  throw new Error(`This page knows coordinate systems as PROJ strings only, not as "${String(text).slice(0, 40)}".`);
}
