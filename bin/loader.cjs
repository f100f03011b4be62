'use strict';
// Loads a bundle of dist/ together with what V8 compiled of it in an earlier run. That halves the start: the cache
// is taken after a run, so it holds the functions that really ran (Node's own holds those compiled on load). The
// first run may have ended early, so the second adds what it compiled, and later ones ever more rarely: it takes time.
// Code is executed from the cache's directory, so it must be ours alone. Without a usable one nothing is lost but time.

const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

const dist = path.join(__dirname, '..', 'dist');
const loaded = new Map();

exports.load = load;

/**
 * Runs the bundle and answers its exports.
 * @param {string} name file in dist/
 * @param {{ use?: string, saveCodeAt: 'exit' | number }} options `use`: runs that need the same functions share a
 *   cache. `saveCodeAt`: when a run that found none makes one; a number is milliseconds
 */
function load(name, { use = 'any', saveCodeAt }) {
  if (loaded.has(name)) return loaded.get(name);
  const file = path.join(dist, name);
  const source = readBundle(file);
  const cache = cacheFile(`${name}-${use}`, source);
  const kept = (cache && readOwn(cache)) ?? { renewals: -1 };
  const script = new vm.Script(source, { filename: file, cachedData: kept.code });
  const before = script.cachedDataRejected ? { renewals: -1 } : kept;
  const renewals = before.renewals + 1;
  if (cache && Math.random() < 2 ** (1 - renewals))
    saveLater({ script, cache, renewals, before: before.code }, saveCodeAt);
  const module = { exports: {} };
  const requireFrom = (id) =>
    id.startsWith('./') ? load(path.basename(id), { use, saveCodeAt }) : require(id);
  script.runInThisContext()(module.exports, requireFrom, module, file, dist);
  loaded.set(name, module.exports);
  return module.exports;
}

/** A function of what a module is given, in plain ASCII. */
function readBundle(file) {
  try {
    return fs.readFileSync(file, 'latin1');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    fs.writeSync(2, `tscompose is not built: run "npm run build" in ${path.dirname(dist)}\n`);
    process.exit(1);
  }
}

/** V8 itself checks its version and flags, but of the source only the length: the build's name stands for that. */
function cacheFile(kind, source) {
  const build = /^\(function [^{]+{\/\*(\w+)\*\//.exec(source.slice(0, 200))?.[1];
  const directory = cacheDirectory();
  if (build === undefined || directory === undefined) return undefined;
  return path.join(directory, `${kind}-${process.version}-${process.arch}-${build}`);
}

function cacheDirectory() {
  const base = process.env.XDG_CACHE_HOME || path.join(process.env.HOME || '', '.cache');
  return path.isAbsolute(base) ? path.join(base, 'tscompose') : undefined;
}

/** What is cached, if it lies in a directory that only we can write to: V8's data, and in a last byte its age. */
function readOwn(file) {
  return unlessRefused(() => {
    if (!isOwn(path.dirname(file))) return undefined;
    const content = fs.readFileSync(file);
    return { code: content.subarray(0, -1), renewals: content.at(-1) ?? 0 };
  });
}

function isOwn(directory) {
  const stats = fs.lstatSync(directory);
  return stats.isDirectory() && stats.uid === process.getuid() && (stats.mode & 0o077) === 0;
}

/** A process that ends earlier saves at its end. */
function saveLater(entry, when) {
  let isSaved = false;
  const save = () => {
    if (!isSaved) unlessRefused(() => writeOwn(entry));
    isSaved = true;
  };
  process.once('exit', save);
  if (when !== 'exit') setTimeout(save, when).unref();
}

/**
 * Written beside and renamed, so that nobody reads half of it; caches of other builds go. V8 forgets what has not run
 * for a while, so that a long run may have less at its end than it began with.
 */
function writeOwn({ script, cache, renewals, before }) {
  const directory = path.dirname(cache);
  // Level by level: a recursive mkdir never returns where the kernel makes no directories (/proc).
  for (const level of [path.dirname(directory), directory]) {
    if (!fs.existsSync(level)) fs.mkdirSync(level, { mode: 0o700 });
  }
  if (!isOwn(directory)) return;
  const temporary = `${cache}.${process.pid}`;
  const now = script.createCachedData();
  const code = before?.length > now.length ? before : now;
  const content = Buffer.concat([code, Buffer.of(Math.min(renewals, 255))]);
  fs.writeFileSync(temporary, content, { mode: 0o600, flag: 'wx' });
  fs.renameSync(temporary, cache);
  const prefix = path.basename(cache).slice(0, path.basename(cache).lastIndexOf('-') + 1);
  for (const name of fs.readdirSync(directory)) {
    if (name.startsWith(prefix) && name !== path.basename(cache))
      fs.rmSync(path.join(directory, name), { force: true });
  }
}

/** The file system may refuse (read-only home, full disk, foreign directory); that never fails the run. */
function unlessRefused(work) {
  try {
    return work();
  } catch (error) {
    if (error.syscall === undefined) throw error;
    return undefined;
  }
}
