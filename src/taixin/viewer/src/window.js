/** What the window is like: the questions of media queries, in one place. */
const asks = (query) => () => window.matchMedia(query).matches;

/** Panels are sheets from the bottom edge, one at a time (see css/small.css). */
export const isNarrow = asks("(max-width: 760px)");
/** No animated moves wanted. */
export const isCalm = asks("(prefers-reduced-motion: reduce)");
/** Fingers, not a mouse. */
export const isCoarse = asks("(pointer: coarse)");
