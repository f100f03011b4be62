#!/usr/bin/env -S node --
'use strict';
// Without the `--` Node would take an `--env-file` meant for us as one of its own, and end when there is none.
// Answers the version before anything is loaded; all else is the bundled command line's.

const words = process.argv.slice(2);
const line = words.join(' ');
if (line === '--version' || line === '-v' || line === 'version') print(`tscompose version ${version()}`);
else if (line === 'version --short') print(version());
else {
  const bundle = command() === 'config' ? 'config.cjs' : 'cli.cjs';
  require('./loader.cjs').load(bundle, { use: frequent(), saveCodeAt: 'exit' }).run(words);
}

/** `undefined` where it takes a parser to tell. */
function command() {
  const withValue = [
    '-f',
    '--file',
    '-p',
    '--project-name',
    '--env-file',
    '--profile',
    '--project-directory',
  ];
  let at = 0;
  while (withValue.includes(words[at])) at += 2;
  return words[at]?.startsWith('-') ? undefined : words[at];
}

/** The commands that people run all day find only their own code to load; a wrong guess costs little. */
function frequent() {
  return ['up', 'down', 'ps', 'logs', 'exec', 'run', 'config'].find((name) => words.includes(name));
}

function version() {
  return require('../package.json').version;
}

/** `process.stdout` would load streams first. */
function print(text) {
  require('node:fs').writeSync(1, `${text}\n`);
}
