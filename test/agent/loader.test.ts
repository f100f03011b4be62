import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let root: string;
let cache: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tsc-loader-'));
  cache = join(root, 'cache', 'tscompose');
  for (const folder of ['bin', 'dist']) mkdirSync(join(root, folder));
  for (const file of ['loader.cjs', 'code-cache.cjs'])
    copyFileSync(join(import.meta.dirname, '../../bin', file), join(root, 'bin', file));
  writeFileSync(
    join(root, 'bin/main.cjs'),
    `const { answer } = require('./loader.cjs').load('main.cjs', { saveCodeAt: 'exit' });\nconsole.log(answer());\n`,
  );
  bundle('build1', '42');
});

afterEach(() => rmSync(root, { recursive: true }));

function bundle(build: string, answer: string): void {
  writeBundle('main.cjs', build, `exports.answer = () => ${answer};`);
}

/** As the build writes it. */
function writeBundle(name: string, build: string, code: string): void {
  writeFileSync(
    join(root, 'dist', name),
    `(function (exports, require, module, __filename, __dirname) {/*${build}*/'use strict';${code}\n})`,
  );
}

function run(environment: Record<string, string> = { XDG_CACHE_HOME: join(root, 'cache') }) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin/main.cjs')], {
    env: environment,
    encoding: 'utf8',
  });
  return { status, stdout: stdout.trim(), stderr };
}

const fine = (stdout: string) => ({ status: 0, stdout, stderr: '' });

describe('the loader of bundles', () => {
  it('keeps what was compiled, for its user alone, and takes it the next time', () => {
    expect(run()).toEqual(fine('42'));
    const [name = ''] = readdirSync(cache);
    expect(name).toBe(`main.cjs-any-${process.version}-${process.arch}-build1`);
    expect([statSync(cache).mode & 0o777, statSync(join(cache, name)).mode & 0o777]).toEqual([0o700, 0o600]);
    const before = statSync(join(cache, name)).size;
    expect(run()).toEqual(fine('42'));
    expect(statSync(join(cache, name)).size).toBe(before);
  });

  it('adds what later runs compiled', () => {
    const more = `function more() { return ${'41 + '.repeat(500)}1; }`;
    writeBundle('main.cjs', 'build1', `${more} exports.answer = () => process.env.MORE ? more() : 42;`);
    run();
    const [name = ''] = readdirSync(cache);
    const before = statSync(join(cache, name)).size;
    expect(run({ XDG_CACHE_HOME: join(root, 'cache'), MORE: 'yes' })).toEqual(fine('20501'));
    expect(statSync(join(cache, name)).size).toBeGreaterThan(before);
  });

  it('loads a bundle that another one needs, once', () => {
    writeBundle('other.cjs', 'build1', 'exports.answer = () => 42;');
    bundle('build1', `require('./other.cjs') === require('./other.cjs') && require('./other.cjs').answer()`);
    expect(run()).toEqual(fine('42'));
    expect(readdirSync(cache)).toHaveLength(2);
  });

  it('does not take the code of another build, even one of the same length, and removes it', () => {
    run();
    bundle('build2', '43');
    expect(run()).toEqual(fine('43'));
    expect(readdirSync(cache)).toEqual([`main.cjs-any-${process.version}-${process.arch}-build2`]);
  });

  it('replaces what V8 rejects', () => {
    run();
    const [name = ''] = readdirSync(cache);
    writeFileSync(join(cache, name), 'not code at all');
    expect(run()).toEqual(fine('42'));
    expect(readFileSync(join(cache, name)).length).toBeGreaterThan(100);
  });

  it('trusts no directory that others can write to', () => {
    run();
    const [name = ''] = readdirSync(cache);
    writeFileSync(join(cache, name), 'planted');
    chmodSync(cache, 0o777);
    expect(run()).toEqual(fine('42'));
    expect(readFileSync(join(cache, name), 'utf8')).toBe('planted');
  });

  it.each([
    ['there is no home directory', {}],
    ['the home directory is a file', { HOME: process.execPath }],
    ['nothing can be written', { XDG_CACHE_HOME: '/proc' }],
  ])('runs all the same when %s', (_, environment) => {
    expect(run(environment as Record<string, string>)).toEqual(fine('42'));
  });

  it('says how to build when there is no bundle', () => {
    rmSync(join(root, 'dist/main.cjs'));
    expect(run()).toEqual({
      status: 1,
      stdout: '',
      stderr: `tscompose is not built: run "npm run build" in ${root}\n`,
    });
  });
});
