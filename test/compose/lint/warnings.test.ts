import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lintRules } from '../../../src/compose/lint/rules/index.ts';
import { warningKinds } from '../../../src/compose/lint/warnings.ts';

const root = join(import.meta.dirname, '../../..');

it('every rule has a file, a test file and a paragraph of its own', () => {
  const rules = readdirSync(join(root, 'src/compose/lint/rules')).filter((name) => name !== 'index.ts');
  const tests = readdirSync(import.meta.dirname);
  expect(rules.length).toBe(lintRules.length);
  expect(rules.filter((name) => !tests.includes(name.replace('.ts', '.test.ts')))).toEqual([]);
  expect(warningKinds().filter(({ about }) => about.length < 60)).toEqual([]);
});

it('every code stands for one thing', () => {
  const codes = warningKinds().map(({ code }) => code);
  expect(codes).toEqual([...new Set(codes)].sort());
});
