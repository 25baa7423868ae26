// Bundles the viewer: dist/atlas, plan-layer and tiles (.js and .css each), furniture.js, licences.json.
// Same sources and lock file give the same bytes: no clock, no absolute path, fixed order.
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { gzipSync, strToU8 } from "fflate";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const DIST = path.join(HERE, "dist");
// es2019 for scripts; the browser names make esbuild lower newer CSS as well.
const TARGET = ["es2019", "chrome79", "firefox78"];
const LICENCE_FILE = /^(licen[cs]e|copying)(\.|$)/i;

/** Long texts that few ever ask for ride along compressed; src/blocks.js opens them. */
const packed = (text) => Buffer.from(gzipSync(strToU8(text), { level: 9, mtime: 0 })).toString("base64");

/** Serves a text as a module of that name, packed. */
function textModule(name, text) {
  return {
    name,
    setup(b) {
      b.onResolve({ filter: new RegExp(`^virtual:${name}$`) }, () => ({ path: name, namespace: `virtual-${name}` }));
      b.onLoad({ filter: /.*/, namespace: `virtual-${name}` }, () => ({ contents: packed(text), loader: "text" }));
    },
  };
}

/** The licence list, so that the page itself can show it. */
const licencesModule = (list) => textModule("licences", JSON.stringify(list));

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

/** Modules of our own that a bundle holds, as paths from here. */
const ownModules = (metafile) => Object.keys(metafile.inputs).filter((path) => /^src\/.*\.js$/.test(path)).sort();

/** The entry of a bundle, which also lends its modules to a script that comes later. */
const lending = (entry, modules) => ({
  name: "lending",
  setup(b) {
    b.onResolve({ filter: /^virtual:lending$/ }, () => ({ path: entry, namespace: "lending" }));
    b.onLoad({ filter: /.*/, namespace: "lending" }, () => ({
      contents: [
        ...modules.map((module, i) => `import * as m${i} from "./${module}";`),
        `window.taixin.modules = [${modules.map((_, i) => `m${i}`).join(", ")}];`,
      ].join("\n"),
      resolveDir: HERE,
    }));
  },
});

/** In a script that comes later those modules are not made again: there is one store of drawings, one list of words. */
const borrowing = (modules) => ({
  name: "borrowing",
  setup(b) {
    b.onResolve({ filter: /^\./ }, ({ path: asked, resolveDir }) => {
      const at = modules.indexOf(path.relative(HERE, path.resolve(resolveDir, asked)).split(path.sep).join("/"));
      return at < 0 ? undefined : { path: String(at), namespace: "lent" };
    });
    b.onLoad({ filter: /.*/, namespace: "lent" }, ({ path: at }) => ({ contents: `module.exports = window.taixin.modules[${at}];` }));
  },
});

/** proj4 without the projections that nobody here needs, and without a parser of WKT: all systems here are PROJ strings. */
const smallProj4 = {
  name: "small-proj4",
  setup(b) {
    b.onResolve({ filter: /^proj4$/ }, () => ({ path: path.join(HERE, "src/proj4-small.js") }));
    b.onResolve({ filter: /^wkt-parser$/ }, () => ({ path: path.join(HERE, "src/no-wkt.js") }));
  },
};

/** Workers are bundles of their own, carried as text: a file:// page can load no other. */
const WORKERS = { reader: "src/own/reader.js", "survey-reader": "src/surveys/worker.js" };

/** The renderer of tiles without its styles of a world map: a layer here has a look of its own. */
const noWorldStyles = {
  name: "no-world-styles",
  setup(b) {
    b.onResolve({ filter: /^@protomaps\/basemaps$/ }, () => ({ path: "basemaps", namespace: "none" }));
    b.onLoad({ filter: /.*/, namespace: "none" }, () => ({ contents: "export const namedFlavor = null;", loader: "js" }));
  },
};

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
  const built = await Promise.all(Object.entries(WORKERS).map(([name, entry]) => build({ ...options(name, []), entryPoints: { [name]: entry } })));
  const workers = Object.keys(WORKERS).map((name, i) => textModule(name, built[i].outputFiles[0].text));
  const alone = await build(options("atlas", workers));
  const modules = ownModules(alone.metafile);
  const atlas = await build({ ...options("atlas", [...workers, lending("src/atlas.js", modules)]), entryPoints: { atlas: "virtual:lending" } });
  const furniture = (licences) => build(options("furniture", [leafletFromPage, borrowing(modules), licencesModule(licences), ...workers]));
  const planLayer = await build(options("plan-layer", [leafletFromPage, ...workers]));
  const tiles = await build(options("tiles", [leafletFromPage, noWorldStyles]));
  const names = [...built, atlas, await furniture([]), planLayer, tiles].flatMap(({ metafile }) => [...packagesOf(metafile)]);
  const licences = await Promise.all([...new Set(names)].sort().map(licenceOf));

  const bundles = [atlas, await furniture(licences), planLayer, tiles];
  await rm(DIST, { recursive: true, force: true });
  await mkdir(DIST, { recursive: true });
  for (const file of bundles.flatMap(({ outputFiles }) => outputFiles)) {
    await writeFile(path.join(DIST, path.basename(file.path)), file.contents);
  }
  await writeFile(path.join(DIST, "licences.json"), `${JSON.stringify(licences, null, 2)}\n`);
}

await main();
