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
exports.isOwn = isOwn;
exports.unlessRefused = unlessRefused;

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
    require('./code-cache.cjs').saveLater({ script, cache, renewals, before: before.code }, saveCodeAt);
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

/** The file system may refuse (read-only home, full disk, foreign directory); that never fails the run. */
function unlessRefused(work) {
  try {
    return work();
  } catch (error) {
    if (error.syscall === undefined) throw error;
    return undefined;
  }
}
