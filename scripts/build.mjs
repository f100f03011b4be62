// Builds dist/: the CLI and what starts it, the agent, the loader of Compose files and what only some runs need as one
// minified CommonJS file each (one file starts twice as fast as a hundred), the library as an ES module, and with
// --types its declarations.
// Does nothing when no input has changed since the last build.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');

const commonJs = {
  'cli.cjs': 'src/cli/main.ts',
  'config.cjs': 'src/cli/config-alone.ts',
  'program.cjs': 'src/cli/program.ts',
  'agent.cjs': 'src/agent/main.ts',
  'compose.cjs': 'src/compose/index.ts',
  'plan.cjs': 'src/compose/plan/index.ts',
  'verdict.cjs': 'src/compose/load/verdict/refuse.ts',
  'yaml.cjs': 'src/compose/load/yaml.ts',
  'tty.cjs': 'src/cli/views/progress/tty.ts',
  'parts-thread.cjs': 'src/cli/parts-thread.ts',
  'layer-worker.cjs': 'src/image/layer-worker.ts',
};
/** Started by Node itself; the others are functions of what a module is given, for bin/loader.cjs. */
const plain = ['layer-worker.cjs'];
const library = { 'index.js': 'src/index.ts' };
/** Where a built command line is looked for first. */
const launcher = { 'cli.js': `#!/usr/bin/env node\nimport '../bin/tscompose.cjs';\n` };

/** These of Node's own modules take milliseconds to load, and most commands use none of them. */
const slowBuiltins =
  'child_process|crypto|dgram|fs/promises|http|https|module|net|os|readline/promises|stream/promises|tls|tty|v8|worker_threads|zlib';

/**
 * Who imports one of these dynamically may never need it: then its code is not even read. It has its own copy of the
 * modules it shares with the importer; they hand each other nothing but plain values.
 */
const readWhenNeeded = {
  'program.cjs': /\/program\.ts$/,
  'compose.cjs': /\/compose\/index\.ts$/,
  'plan.cjs': /\/plan\/index\.ts$/,
  'verdict.cjs': /\/verdict\/refuse\.ts$/,
  'yaml.cjs': /\/yaml\.ts$/,
  'tty.cjs': /\/tty\.ts$/,
};

/** Bundles of a command that always needs one of these hold it themselves. */
const holds = { 'config.cjs': ['compose.cjs'] };

const apart = (bundle) => ({
  name: 'apart',
  setup: ({ onResolve }) => {
    for (const [name, filter] of Object.entries(readWhenNeeded)) {
      if (holds[bundle]?.includes(name)) continue;
      onResolve({ filter }, ({ kind }) =>
        kind === 'dynamic-import' ? { path: `./${name}`, external: true } : undefined,
      );
    }
  },
});

const withTypes = process.argv.includes('--types');
const build = fingerprint([
  'src',
  'schemas',
  'scripts/build.mjs',
  'scripts/generate-validator.mjs',
  'package-lock.json',
]);
if (!isBuilt()) await bundleAll();
if (withTypes) await declare();

/** Content, not times: a fresh checkout of what was built before builds to the same. */
function fingerprint(inputs) {
  const hash = createHash('sha256');
  for (const path of inputs.flatMap((input) => filesBelow(join(root, input))).sort()) {
    hash.update(`${relative(root, path)}\0`).update(readFileSync(path));
  }
  return hash.digest('hex').slice(0, 32);
}

/** What the build itself writes into `src` is no input. */
function filesBelow(path) {
  if (path.endsWith('/generated')) return [];
  if (!existsSync(path)) return [];
  try {
    return readdirSync(path).flatMap((name) => filesBelow(join(path, name)));
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path];
    throw error;
  }
}

function isBuilt() {
  const outputs = [commonJs, library, launcher].flatMap(Object.keys).concat('respawner.sh');
  return (
    outputs.every((name) => existsSync(join(dist, name))) && readIfThere(join(dist, 'build-id')) === build
  );
}

function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}

async function bundleAll() {
  const [esbuild, { generateValidator }] = await Promise.all([
    import('esbuild'),
    import('./generate-validator.mjs'),
  ]);
  await generateValidator();
  mkdirSync(dist, { recursive: true });
  await Promise.all([
    ...Object.entries(commonJs).map(([name, entry]) => bundleCommonJs(esbuild, name, entry)),
    ...Object.entries(library).map(([name, entry]) => esbuild.build(libraryOptions(name, entry))),
  ]);
  copyFileSync(join(root, 'src/agent/respawner.sh'), join(dist, 'respawner.sh'));
  for (const [name, text] of Object.entries(launcher)) writeFileSync(join(dist, name), text);
  // Last: a build that was interrupted is none.
  writeFileSync(join(dist, 'build-id'), `${build}\n`);
}

function shared(name, entry) {
  return {
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: join(dist, name),
    bundle: true,
    minifyWhitespace: true,
    minifySyntax: true,
    // The library keeps its names; a command starts a twentieth sooner without them.
    minifyIdentifiers: name in commonJs,
    platform: 'node',
    target: 'node20.19',
    external: ['koffi'],
    legalComments: 'none',
    logLevel: 'warning',
  };
}

/**
 * The first line begins with the build's name: bin/loader.cjs keys its code cache by it. A script run by `vm` has
 * no `import()`, so that of modules outside the bundle becomes `require()`.
 */
async function bundleCommonJs(esbuild, name, entry) {
  const result = await esbuild.build({
    ...shared(name, entry),
    format: 'cjs',
    write: false,
    supported: { 'dynamic-import': false },
    plugins: [apart(name)],
    define: { 'import.meta.filename': '__filename', 'import.meta.dirname': '__dirname' },
    banner: {
      js: [
        `/*${build}*/'use strict';`,
        'const __atFirstUse=(name)=>new Proxy({},{get:(_,key)=>require(name)[key]});',
      ].join(''),
    },
  });
  const code = builtinsAtFirstUse(result.outputFiles[0].text);
  writeFileSync(join(dist, name), plain.includes(name) ? code : wrapped(code));
}

/** In the file, because putting texts of this length together takes half as long as reading them. */
function wrapped(code) {
  return `(function (exports, require, module, __filename, __dirname) {${code}\n})`;
}

function builtinsAtFirstUse(code) {
  return code.replaceAll(
    new RegExp(`=require\\("node:(${slowBuiltins})"\\)`, 'g'),
    '=__atFirstUse("node:$1")',
  );
}

/** Packages written as CommonJS come along and ask for `require`. */
function libraryOptions(name, entry) {
  return {
    ...shared(name, entry),
    format: 'esm',
    banner: {
      js: `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`,
    },
  };
}

async function declare() {
  const { default: ts } = await import('typescript');
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(
    { ...config, include: [], files: ['src/index.ts'] },
    ts.sys,
    root,
  );
  const program = ts.createProgram([join(root, 'src/index.ts')], {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: join(root, 'src'),
    outDir: join(dist, 'types'),
  });
  const { diagnostics } = program.emit();
  if (diagnostics.length === 0) return;
  const host = {
    getCurrentDirectory: () => root,
    getCanonicalFileName: (name) => name,
    getNewLine: () => '\n',
  };
  throw new Error(ts.formatDiagnostics(diagnostics, host));
}
