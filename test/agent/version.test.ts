import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { version } from '../../src/version.ts';

const root = join(import.meta.dirname, '../..');
const program = (...words: string[]): string =>
  execFileSync(process.execPath, [join(root, 'bin/tscompose.cjs'), ...words], { encoding: 'utf8' });

it('the version is the same in the package, the program and the library', () => {
  const { version: ofPackage } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect([version, program('version', '--short').trim()]).toEqual([ofPackage, ofPackage]);
});

it('the version is answered before anything is built or loaded', () => {
  expect(program('--version')).toBe(`tscompose version ${version}\n`);
  expect(program('-v')).toBe(program('version'));
});
