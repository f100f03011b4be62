import { describe, expect, test } from 'vitest';
import { plan, printPlan } from '../../../src/compose/plan/index.ts';
import { overridden, projectOf, web } from '../load/loading.ts';
import { carryOut } from './machine.ts';
import { empty, up } from './model.ts';

/** The lines about what changed, in the plan that leads from one project to another. */
async function changes(
  from: string | Readonly<Record<string, string>>,
  to: string | Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const [before, now] = [await projectOf(from), await projectOf(to)];
  const first = plan({ project: before, projectName: 'p', observed: empty, command: up() });
  const observed = carryOut(first, empty);
  const text = printPlan(plan({ project: now, projectName: 'p', observed, command: up() }), (file) =>
    file.replace('/p/', ''),
  );
  return text.split('\n').flatMap((line) => (line.startsWith('      ') ? [line.trim()] : []));
}

describe('below a container that is made again stands what changed', () => {
  test('value by value: what it was, what it is, and where that is written', async () => {
    expect(
      await changes(
        web('environment: {LOG: info, OLD: "1"}', 'command: serve'),
        web('environment: {LOG: debug, NEW: "2"}', 'command: serve --fast', 'user: me'),
      ),
    ).toEqual([
      'command: ["serve"] → ["serve","--fast"]  compose.yaml:5:14',
      'environment.LOG: info → debug  compose.yaml:4:24',
      'environment.NEW: none → 2  compose.yaml:4:36',
      'environment.OLD: 1 → none',
      'user: none → me  compose.yaml:6:11',
    ]);
  });

  test('at the line of the env file or of the override that says it', async () => {
    const base = { ...overridden(web('env_file: a.env'), web('hostname: h')), '/p/a.env': 'A=1\nB=1\n' };
    expect(
      await changes(base, {
        ...overridden(web('env_file: a.env'), web('hostname: other')),
        '/p/a.env': 'A=1\nB=2\n',
      }),
    ).toEqual(['environment.B: 1 → 2  a.env:2:1', 'hostname: h → other  compose.override.yaml:4:15']);
  });

  test('without what a variable holds whose name says that it is secret', async () => {
    expect(
      await changes(web('environment: {DB_PASSWORD: old}'), web('environment: {DB_PASSWORD: new}')),
    ).toEqual(['environment.DB_PASSWORD: *** → ***  compose.yaml:4:32']);
  });

  test('and nothing of attributes that take effect without a new container', async () => {
    expect(
      await changes(
        web('profiles: []', 'pull_policy: always', 'user: a'),
        web('pull_policy: never', 'user: b'),
      ),
    ).toEqual(['user: a → b  compose.yaml:5:11']);
  });
});
