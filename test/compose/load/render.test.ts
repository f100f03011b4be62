import { describe, expect, it } from 'vitest';
import { renderProblem } from '../../../src/compose/index.ts';
import { loadFiles } from './loading.ts';

/** The first mistake of the file, as people see it. */
async function shown(yaml: string, width?: number): Promise<string> {
  const { problems } = await loadFiles({ '/p/compose.yaml': yaml });
  return renderProblem(problems[0]!, yaml, width === undefined ? {} : { width });
}

describe('a mistake', () => {
  it('is shown with its place, its line, a caret below it and a hint', async () => {
    expect(await shown('services:\n  web:\n    imge: x\n    image: x\n')).toBe(
      [
        `/p/compose.yaml:3:5: services.web: unknown attribute "imge"`,
        '  3 |     imge: x',
        '    |     ^^^^',
        '  hint: did you mean "image"?',
      ].join('\n'),
    );
  });

  it('has its caret below its place behind tabs, wide characters, accents and emoji', async () => {
    const line = '{"服务": {image: x}, "é": {image: x}, "🙂":\t{image: x, imge: x}}';
    const [, source, caret] = (await shown(`services: ${line}\n`.replaceAll('"', ''))).split('\n');
    expect(source).toBe('  1 | services: {服务: {image: x}, é: {image: x}, 🙂:\t{image: x, imge: x}}');
    // A name is no key of ours: what is blamed first is the first of the three.
    expect(caret).toBe('    |            ^^^^');
    const text = 'x-a: "服务é🙂\t" # \nimage: x\n';
    const at = { file: 'f', line: 1, column: 12, endLine: 1, endColumn: 13 };
    expect(renderProblem({ code: 'X', message: 'here', at }, text).split('\n').slice(1)).toEqual([
      '  1 | x-a: "服务é🙂\t" # ',
      `    | ${' '.repeat(13)}^`,
    ]);
  });

  it('in a long line is shown with what is around it', async () => {
    const long = `services: {web: {image: x, labels: {a: ${'b'.repeat(300)}}, imge: x, environment: {c: ${'d'.repeat(300)}}}}\n`;
    const [, source, caret] = (await shown(long, 80)).split('\n');
    expect(source).toBe(`  1 | …${'b'.repeat(21)}}, imge: x, environment: {c: ${'d'.repeat(22)}…`);
    expect(source?.length).toBe(80);
    expect(caret).toBe(`    | ${' '.repeat(25)}^^^^`);
  });

  it('over several lines is marked to the end of its first', () => {
    const at = { file: 'f', line: 1, column: 4, endLine: 2, endColumn: 3 };
    expect(renderProblem({ code: 'X', message: 'here', at }, 'a: "b\n  c"\n')).toBe(
      'f:1:4: here\n  1 | a: "b\n    |    ^^',
    );
  });

  it('behind the end of its line is marked there', () => {
    const at = { file: 'f', line: 1, column: 4, endLine: 1, endColumn: 4 };
    expect(renderProblem({ code: 'X', message: 'here', at }, 'a: \n')).toBe(
      'f:1:4: here\n  1 | a: \n    |    ^',
    );
  });

  it('shows nothing that would steer a terminal', () => {
    const at = { file: 'f', line: 1, column: 4, endLine: 1, endColumn: 8 };
    expect(renderProblem({ code: 'X', message: 'no \u001b[31m', at, hint: '\u0007' }, 'a: \u001b[2J')).toBe(
      'f:1:4: no \ufffd[31m\n  1 | a: \ufffd[2J\n    |    ^^^^\n  hint: \ufffd',
    );
  });

  it('ends with the places that the value came by, nearest first', () => {
    const at = { file: 'f', line: 1, column: 4, endLine: 1, endColumn: 8 };
    const via = [
      { message: 'TAG is set here', at: { file: '.env', line: 3, column: 1, endLine: 3, endColumn: 8 } },
      { message: 'included by web.yaml' },
    ];
    expect(renderProblem({ code: 'X', message: 'here', at, hint: 'so', via }, 'a: $TAG')).toBe(
      'f:1:4: here\n  1 | a: $TAG\n    |    ^^^^\n  hint: so\n  from: .env:3:1: TAG is set here\n  from: included by web.yaml',
    );
  });

  it('says what it is and its code in a list of errors and warnings', () => {
    const problem = { code: 'COMPOSE_X', message: 'here' };
    expect(renderProblem(problem, undefined, { severity: 'warning' })).toBe('warning: here [COMPOSE_X]');
    expect(renderProblem(problem, undefined, { severity: 'error' })).toBe('error: here [COMPOSE_X]');
  });

  it('shows no secret of the line that it blames', () => {
    const at = { file: 'f', line: 1, column: 2, endLine: 1, endColumn: 13 };
    expect(renderProblem({ code: 'X', message: 'here', at }, '{DB_PASSWORD: hunter2, A: b}')).toBe(
      'f:1:2: here\n  1 | {DB_PASSWORD: *******, A: b}\n    |  ^^^^^^^^^^^',
    );
  });

  it('is coloured by whoever shows it', () => {
    const at = { file: 'f', line: 1, column: 1, endLine: 1, endColumn: 2 };
    const paint = (style: string, text: string): string => `<${style}>${text}</>`;
    expect(renderProblem({ code: 'X', message: 'here', at, hint: 'so' }, 'a', { paint })).toBe(
      '<bold>f:1:1:</> here\n  <dim>1 |</> a\n  <dim>  |</> <red>^</>\n  <cyan>hint:</> so',
    );
  });
});
