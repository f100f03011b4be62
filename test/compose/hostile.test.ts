/** Files that nobody writes by accident: each loads or is refused with a place, soon, and without a stack. */
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../src/errors.ts';
import { loadFiles } from './load/loading.ts';

type Files = Readonly<Record<string, string>>;

const many = 10_000;
const repeat = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('');
const service = (rest: string): string => `services:\n  web:\n    image: x\n${rest}`;

/** Generous: what has no bound takes hours or all memory. */
const patienceMs = 50_000;

async function verdict(files: string | Files): Promise<readonly Problem[]> {
  const begin = performance.now();
  const given = typeof files === 'string' ? { '/p/compose.yaml': files } : files;
  const { project, problems } = await loadFiles(given, { purpose: 'lint' });
  expect(performance.now() - begin).toBeLessThan(patienceMs);
  expect(project === undefined).toBe(problems.length > 0);
  return problems;
}

const codesOf = (problems: readonly Problem[]): readonly string[] => [
  ...new Set(problems.map(({ code }) => code)),
];

describe('what is refused', () => {
  const laughs = repeat(9, (level) => {
    const item = level === 0 ? 'ha' : `*l${level - 1}`;
    return `x-${level}: &l${level} [${repeat(10, () => `${item}, `)}]\n`;
  });
  const chain = repeat(300, (index) => `x-${index}: &c${index} {a: ${index === 0 ? 1 : `*c${index - 1}`}}\n`);
  const includes = Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [
      `/p/${index}.yaml`,
      `include: [${index + 1}.yaml, ./${index + 1}.yaml]\n`,
    ]),
  );
  const refused: readonly (readonly [string, string | Files, readonly string[]])[] = [
    ['aliases that multiply', laughs, ['COMPOSE_YAML_ALIAS']],
    ['aliases that pile up', chain, ['COMPOSE_YAML_DEPTH']],
    ['brackets in brackets', `x-a: ${'['.repeat(100_000)}`, ['COMPOSE_YAML_DEPTH']],
    [
      'brackets in brackets that are closed',
      `x-a: ${'['.repeat(many)}${']'.repeat(many)}`,
      ['COMPOSE_YAML_DEPTH'],
    ],
    ['mappings in mappings', repeat(2000, (index) => `${' '.repeat(index)}a:\n`), ['COMPOSE_YAML_DEPTH']],
    ['lists in lists', `x-a:\n  ${'- '.repeat(many)}a`, ['COMPOSE_YAML_DEPTH']],
    ['a NUL', 'services:\n  web:\n    image: a\0b\n', ['COMPOSE_VALUE']],
    ['a tab that indents', 'services:\n\tweb:\n', ['COMPOSE_YAML']],
    ['a big file that is no YAML', `x-a: [\n${'  a,\n'.repeat(1_500_000)}`, ['COMPOSE_TOO_BIG']],
    [
      'variables in variables',
      service(`    command: "${'${A:-'.repeat(100_000)}${'}'.repeat(100_000)}"\n`),
      ['COMPOSE_INTERPOLATION'],
    ],
    [
      'variables that never end',
      service(`    command: "${'${A:-'.repeat(100_000)}"\n`),
      ['COMPOSE_INTERPOLATION'],
    ],
    [
      'variables that double each other',
      {
        '/p/.env': `A0=${'x'.repeat(100)}\n${repeat(40, (index) => `A${index + 1}=$A${index}$A${index}\n`)}`,
        '/p/compose.yaml': service('    command: $A40\n'),
      },
      ['COMPOSE_ENV_FILE'],
    ],
    [
      'a mistake in each of very many services',
      `services:\n${repeat(many, (index) => `  s${index}: {imag: x}\n`)}`,
      ['COMPOSE_UNKNOWN_KEY', 'COMPOSE_TOO_MANY'],
    ],
    ['a file that includes itself', { '/p/compose.yaml': 'include: [compose.yaml]\n' }, ['COMPOSE_CYCLE']],
    [
      'files that include each other',
      { '/p/compose.yaml': 'include: [b.yaml]\n', '/p/b.yaml': 'include: [compose.yaml]\n' },
      ['COMPOSE_CYCLE'],
    ],
    [
      'includes that multiply',
      { '/p/compose.yaml': 'include: [0.yaml]\n', ...includes, '/p/40.yaml': service('') },
      ['COMPOSE_TOO_MANY_INCLUDES'],
    ],
    [
      'services that extend each other across files',
      {
        '/p/compose.yaml': 'services: {a: {image: x, extends: {file: b.yaml, service: b}}}\n',
        '/p/b.yaml': 'services: {b: {extends: {file: compose.yaml, service: a}}}\n',
      },
      ['COMPOSE_CYCLE'],
    ],
    [
      'services that extend each other without end',
      `services:\n  s0: {image: x}\n${repeat(many, (index) => `  s${index + 1}: {extends: s${index}}\n`)}`,
      ['COMPOSE_EXTENDS_DEPTH', 'COMPOSE_TOO_MANY'],
    ],
  ];

  it.each(refused)('%s', async (_, files, codes) => {
    const problems = await verdict(files);
    expect(codesOf(problems)).toEqual(codes);
    expect(problems.filter(({ at, code }) => at === undefined && code !== 'COMPOSE_TOO_MANY')).toEqual([]);
  });

  it.each([
    ['a bracket that nobody closes', '    bad: ['],
    ['a tab that indents', '\timage: x'],
    ['a key that is there twice', '    image: y'],
    ['a text that nobody closes', '    command: "sleep'],
  ])('%s in the midst of a file of many MiB, with the place', async (_, line) => {
    const services = (from: number): string =>
      repeat(50_000, (index) => `  s${from + index}:\n    image: "${'x'.repeat(40)}"\n`);
    const before = `services:\n${services(0)}  wrong:\n    image: x\n`;
    const [problem] = await verdict(`${before}${line}\n${services(50_000)}`);
    expect(problem).toMatchObject({ code: 'COMPOSE_TOO_BIG' });
    const lines = before.split('\n').length;
    expect(problem?.at?.line).toBeGreaterThanOrEqual(lines - 1);
    expect(problem?.at?.line).toBeLessThanOrEqual(lines + 2);
  });
});

describe('what loads', () => {
  const loads: readonly (readonly [string, string | Files])[] = [
    ['very many services', `services:\n${repeat(many, (index) => `  s${index}: {image: x}\n`)}`],
    [
      'very many services, each of which depends on the one before',
      `services:\n  s0: {image: x}\n${repeat(many, (index) => `  s${index + 1}: {image: x, depends_on: [s${index}]}\n`)}`,
    ],
    ['very many anchors', `${repeat(100_000, (index) => `x-${index}: &a${index} 1\n`)}${service('')}`],
    ['very long text', service(`    labels: {a: "${'b'.repeat(1_000_000)}"}\n`)],
    ['very many variables in one text', service(`    labels: {a: "${'${A:-b}'.repeat(100_000)}"}\n`)],
    ['very many words', service(`    command: ${'a '.repeat(300_000)}\n`)],
    [
      'a byte order mark and Windows line ends',
      `\ufeff${service('    labels:\n      a: b\n')}`.replaceAll('\n', '\r\n'),
    ],
    [
      'mappings merged very many times',
      `x-a: &a {b: c}\n${service(`    x-d: {<<: [${'*a, '.repeat(many)}]}\n`)}`,
    ],
    [
      'very many mappings merged into one',
      `${repeat(2000, (index) => `x-${index}: &a${index} {b: ${index}}\n`)}${service(`    x-d: {<<: [${repeat(2000, (index) => `*a${index}, `)}]}\n`)}`,
    ],
    [
      'names of what every object has',
      `services:\n${['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'].map((name) => `  ${name}: {image: x, labels: {${name}: a}, environment: {${name}: b}, depends_on: {}, x-${name}: 1}\n`).join('')}x-__proto__: {__proto__: {constructor: 1}}\n`,
    ],
  ];

  it.each(loads)('%s', async (_, files) => {
    expect(await verdict(files)).toEqual([]);
  });
});
