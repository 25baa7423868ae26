/** Brings the user's own tools into the page: store, drawing on the map, panel with tabs. */
import { createDraftBar } from "../controls/draft-bar.js";
import { measureTab } from "../controls/tab-measure.js";
import { checkTab } from "../controls/tab-check.js";
import { baseTab } from "../controls/tab-base.js";
import { dataTab } from "../controls/tab-data.js";
import { createDropZone } from "../controls/drop-zone.js";
import { createTools } from "../controls/toolbox.js";
import { createDraft } from "../measure/draft.js";
import { createSketches } from "../measure/sketches.js";
import { createStore } from "../store.js";
import { isNarrow } from "../window.js";
import { WORDS } from "../words.js";
import { createOwnDrawing } from "./drawing.js";
import { OWN_WORDS } from "./words.js";

// Only the atlas has these tools; a PlanLayer on a folium map does not carry their words.
Object.assign(WORDS, OWN_WORDS);

/** A store of its own: what a user draws or loads is never part of a shared address. */
const firstState = () => ({ tab: "measure", sketches: [], current: null, drawing: null, site: null, layers: [], picked: [] });

/** Parts that need no drawn map yet. @param {any} page */
export function createWorkbench(page) {
  page.own = createStore(firstState());
  page.sketches = createSketches(page.own);
  /** Makes a geometry a drawing of the user's and opens it in the list. */
  page.keep = (geometry) => {
    const [{ id }] = page.sketches.add([{ geometry, name: "", note: "" }]);
    page.own.set({ current: id, tab: "measure" });
    page.actions.panel("tools", true);
  };
  const outlets = { sketch: page.keep };
  page.drawn = (purpose, run) => (outlets[purpose] = run);

  let drawing = null;
  const bar = createDraftBar(page, { undo: () => page.draft.undo(), finish: () => page.draft.finish(), stop: () => page.draft.stop() });
  page.draft = createDraft(page, {
    show(state) {
      page.own.set({ drawing: state ? state.type : null });
      // On a phone the sheet would cover the map that is drawn on.
      if (state && isNarrow() && page.store.get().panels.tools) page.actions.panel("tools", false);
      bar.show(state, state && drawing ? drawing.draftText(state) : "");
      if (drawing) drawing.draft(state);
    },
    done: (_type, geometry, purpose) => outlets[purpose](geometry),
  });
  return {
    nodes: [createTools(page, [measureTab, checkTab, dataTab, baseTab]), bar.node, createDropZone(page, (files) => page.takeFiles(files))],
    /** Once the map is drawn. */
    start() {
      drawing = createOwnDrawing(page);
      page.ownDrawing = drawing;
    },
  };
}
