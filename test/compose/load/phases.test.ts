/** The documentation's list of phases is the code's. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const load = join(root, 'src/compose/load');
const text = readFileSync(join(root, 'docs/compose.md'), 'utf8');

describe('docs/compose.md', () => {
  it('has a heading for each phase that the code numbers, in their order', () => {
    const numbered = phasesIn('load.ts');
    const model = numbered.findIndex((phase) => phase.startsWith('4. '));
    const phases = numbered.toSpliced(model + 1, 0, ...phasesIn('model.ts'));
    expect(phases.map((phase) => phase.split('.', 1)[0]).join(' ')).toBe(
      '1 2 3 4 a b c d e f g h i j 5 6 7 8 9',
    );
    expect(headings()).toEqual(phases);
  });

  it('names every file that carries a phase out', () => {
    const files = readdirSync(load).filter(
      (name) => name.endsWith('.ts') && /Phase:/.test(readFileSync(join(load, name), 'utf8')),
    );
    expect(files.length).toBeGreaterThan(15);
    expect(files.filter((name) => !text.includes(`(../src/compose/load/${name})`))).toEqual([]);
  });

  it('leads to files that there are', () => {
    const links = [...text.matchAll(/\]\((\.\.\/[^)]+)\)/g)].map(([, path = '']) => path);
    for (const link of links) expect(() => readFileSync(join(root, 'docs', link))).not.toThrow();
  });
});

function headings(): string[] {
  return [...text.matchAll(/^### (.+)$/gm)].map(([, heading = '']) => heading);
}

/** Comments that begin with a number or a letter; in `model.ts` the letters tell the order, not the lines. */
function phasesIn(file: string): string[] {
  const code = readFileSync(join(load, file), 'utf8');
  return [...code.matchAll(/^ *\/\/ ((?:\d+|[a-z])\. .+)$/gm)].map(([, phase = '']) => phase).sort();
}
