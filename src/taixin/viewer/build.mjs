// Bundles the viewer: dist/atlas, plan-layer and tiles (.js and .css each), licences.json.
// Same sources and lock file give the same bytes: no clock, no absolute path, fixed order.
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const DIST = path.join(HERE, "dist");
// es2019 for scripts; the browser names make esbuild lower newer CSS as well.
const TARGET = ["es2019", "chrome79", "firefox78"];
const LICENCE_FILE = /^(licen[cs]e|copying)(\.|$)/i;

/** Serves the licence list as a module, so that the page itself can show it. */
function licencesModule(list) {
  return {
    name: "licences",
    setup(b) {
      b.onResolve({ filter: /^virtual:licences$/ }, () => ({ path: "licences", namespace: "virtual" }));
      b.onLoad({ filter: /.*/, namespace: "virtual" }, () => ({
        contents: JSON.stringify(list),
        loader: "json",
      }));
    },
  };
}

/** On an ordinary folium map Leaflet is there already: a second copy would not know that map. */
const leafletFromPage = {
  name: "leaflet-from-page",
  setup(b) {
    b.onResolve({ filter: /^leaflet$/ }, () => ({ path: "leaflet", namespace: "page" }));
    b.onLoad({ filter: /.*/, namespace: "page" }, () => ({
      contents: "module.exports = window.L;",
      loader: "js",
    }));
  },
};

/** proj4 without the projections that nobody here needs. */
const smallProj4 = {
  name: "small-proj4",
  setup(b) {
    b.onResolve({ filter: /^proj4$/ }, () => ({ path: path.join(HERE, "src/proj4-small.js") }));
  },
};

/** The renderer of tiles without its styles of a world map: a layer here has a look of its own. */
const noWorldStyles = {
  name: "no-world-styles",
  setup(b) {
    b.onResolve({ filter: /^@protomaps\/basemaps$/ }, () => ({ path: "basemaps", namespace: "none" }));
    b.onLoad({ filter: /.*/, namespace: "none" }, () => ({ contents: "export const namedFlavor = null;", loader: "js" }));
  },
};

/** The worker that reads users' files is a bundle of its own, carried as text: a file:// page can load no other. */
function readerModule(text) {
  return {
    name: "reader",
    setup(b) {
      b.onResolve({ filter: /^virtual:reader$/ }, () => ({ path: "reader", namespace: "virtual-reader" }));
      b.onLoad({ filter: /.*/, namespace: "virtual-reader" }, () => ({ contents: text, loader: "text" }));
    },
  };
}

function options(name, plugins) {
  return {
    absWorkingDir: HERE,
    entryPoints: { [name]: `src/${name}.js` },
    outdir: "dist",
    bundle: true,
    minify: true,
    // ASCII output survives any page encoding and any naive text handling on the way into the page.
    charset: "ascii",
    format: "iife",
    target: TARGET,
    loader: { ".png": "dataurl", ".svg": "dataurl" },
    legalComments: "none",
    metafile: true,
    write: false,
    logLevel: "warning",
    plugins: [...plugins, smallProj4],
  };
}

/** Names of the npm packages whose files ended up in a bundle. */
function packagesOf(metafile) {
  const names = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const match = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match) names.add(match[1]);
  }
  return names;
}

async function licenceOf(name) {
  const folder = path.join(HERE, "node_modules", name);
  const about = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).sort().find((entry) => LICENCE_FILE.test(entry));
  // A package that was published without the licence of its repository has it here.
  const source = file ? path.join(folder, file) : path.join(HERE, "licences", `${name}.txt`);
  const text = (await readFile(source, "utf8")).replace(/\r\n/g, "\n").trim();
  return { name, version: about.version, licence: about.license ?? "see text", text };
}

async function main() {
  const worker = await build({ ...options("reader", []), entryPoints: { reader: "src/own/reader.js" } });
  const reader = readerModule(worker.outputFiles[0].text);
  const probe = await build(options("atlas", [licencesModule([]), reader]));
  const probePlan = await build(options("plan-layer", [leafletFromPage, licencesModule([])]));
  const tiles = await build(options("tiles", [leafletFromPage, noWorldStyles]));
  const names = [worker, probe, probePlan, tiles].flatMap(({ metafile }) => [...packagesOf(metafile)]);
  const licences = await Promise.all([...new Set(names)].sort().map(licenceOf));

  const atlas = await build(options("atlas", [licencesModule(licences), reader]));
  await rm(DIST, { recursive: true, force: true });
  await mkdir(DIST, { recursive: true });
  for (const file of [atlas, probePlan, tiles].flatMap(({ outputFiles }) => outputFiles)) {
    await writeFile(path.join(DIST, path.basename(file.path)), file.contents);
  }
  await writeFile(path.join(DIST, "licences.json"), `${JSON.stringify(licences, null, 2)}\n`);
}

await main();
