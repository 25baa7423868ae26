/** What nobody sees at first is made in an idle moment, or at once when somebody asks for it. */

const whenIdle = window.requestIdleCallback || ((run) => window.setTimeout(run, 200));

/**
 * @template T
 * @param {() => T} make
 * @returns {() => T} gives what `make` made, once
 */
export function later(make) {
  let made = null;
  const get = () => {
    made = made || { value: make() };
    return made.value;
  };
  whenIdle(get);
  return get;
}
