/** docs/errors.md says what is really printed, and names every code. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { warningKinds } from '../../src/compose/lint/warnings.ts';
import { run } from '../cli/world.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/errors.md'), 'utf8');
const examples = page.split('\n### ').slice(1);

describe('docs/errors.md', () => {
  it('has twenty typical mistakes and more', () => expect(examples.length).toBeGreaterThanOrEqual(20));

  it.each(examples.map((example) => [example.split('\n', 1)[0] ?? '', example]))(
    'prints what is printed: %s',
    async (_title, example) => {
      const files = [...example.matchAll(/```yaml\n(?:# (\S+)\n)?([\s\S]*?)```/g)].map(
        ([, name = 'compose.yaml', text = '']) => [`/shop/${name}`, text] as const,
      );
      const [, printed] = /```text\n([\s\S]*?)```/.exec(example) ?? [];
      expect(await run('config -q', { files: Object.fromEntries(files) })).toMatchObject({
        code: 1,
        out: '',
        err: printed,
      });
    },
  );

  it('names every code there is, and no other', () => {
    const [, mistakes = '', warnings = ''] = page.split('\n## Codes of ');
    const named = (table: string): string[] =>
      [...table.matchAll(/^\| `(\w+)`/gm)].map(([, code]) => code ?? '');
    const known = warningKinds().map(({ code }) => code);
    expect(named(warnings)).toEqual(known);
    expect(named(mistakes)).toEqual(codesInSource().filter((code) => !known.includes(code)));
  });
});

/** Variables of the environment that begin like a code. */
const variables = /^COMPOSE_(FILE|ENV_FILES|PATH_SEPARATOR|PROFILES|DISABLE_ENV_FILE|IGNORE_ORPHANS)$/;

function codesInSource(): string[] {
  const source = join(root, 'src/compose');
  const texts = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(source, file), 'utf8'));
  const codes = texts.flatMap((text) => text.match(/\bCOMPOSE_[A-Z0-9_]+\b/g) ?? []);
  return [...new Set(codes)].filter((code) => !variables.test(code)).sort();
}
