/** Long work in short slices, so that the page draws and answers in between. */

/** A slice ends after so many ms: a frame has 16 and draws as well. */
const BUDGET_MS = 6;

/** Runs a task once the browser has dealt with what waits, frames above all; a timer would be slowed down to 4 ms. */
function soon(run) {
  if (window.scheduler && window.scheduler.postTask) {
    window.scheduler.postTask(run, { priority: "background" });
    return;
  }
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    run();
  };
  port2.postMessage(null);
}

/**
 * Runs a generator to its end, beginning when the next frame has been drawn.
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
  const frame = requestAnimationFrame(() => soon(slice));
  return () => {
    stopped = true;
    cancelAnimationFrame(frame);
  };
}
