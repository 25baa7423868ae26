/** What the browser may keep for a reader from visit to visit; nothing of plans or own data. */

/**
 * Storage may be forbidden, for pages from a file above all: then nothing is kept, and the page works all the same.
 * @param {string} key @param {string} [value] kept when given @returns {string | null}
 */
export function remember(key, value) {
  try {
    if (value !== undefined) window.localStorage.setItem(`taixin-${key}`, value);
    return window.localStorage.getItem(`taixin-${key}`);
  } catch {
    return null;
  }
}
