/** Long work in short slices, so that the page draws and answers in between. */

/** A slice ends after so many ms: a frame has 16 and draws as well. */
const BUDGET_MS = 6;

/** Runs a task as soon as the browser has dealt with what waits: a timer would be slowed down to 4 ms. */
function soon(run) {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    run();
  };
  port2.postMessage(null);
}

/**
 * Runs a generator to its end, beginning when the next frame is on the screen, which is at the one after it.
 * @template T
 * @param {Generator<void, T, void>} steps @param {(result: T) => void} done
 * @returns {() => void} stops it
 */
export function inSlices(steps, done) {
  let stopped = false;
  function slice() {
    if (stopped) return;
    const end = performance.now() + BUDGET_MS;
    do {
      const step = steps.next();
      if (step.done) return done(/** @type {any} */ (step.value));
    } while (performance.now() < end);
    soon(slice);
  }
  let frame = requestAnimationFrame(() => {
    frame = requestAnimationFrame(() => soon(slice));
  });
  return () => {
    stopped = true;
    cancelAnimationFrame(frame);
  };
}
