'use strict';
// Keeps what V8 compiled of a bundle, where bin/loader.cjs looks for it. Few runs do: the others need not load this.

const fs = require('node:fs');
const path = require('node:path');
const { isOwn, unlessRefused } = require('./loader.cjs');

exports.saveLater = saveLater;

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
