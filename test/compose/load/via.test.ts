import { describe, expect, it } from 'vitest';
import { type Given, loadFiles, overridden, web } from './loading.ts';

/** The first mistake's place, and each step of its way: `file:line:column message`. */
async function wayTo(
  files: Readonly<Record<string, string>>,
  given: Given = {},
): Promise<readonly string[] | undefined> {
  const { problems } = await loadFiles(files, given);
  const [problem] = problems;
  const place = ({ at }: NonNullable<typeof problem>): string =>
    at === undefined ? '' : `${at.file}:${at.line}:${at.column} `;
  return (
    problem && [
      place(problem).trim(),
      ...(problem.via ?? []).map((step) => `${place({ code: '', ...step })}${step.message}`),
    ]
  );
}

describe('a mistake tells how its value came to be there', () => {
  it('has nothing to tell of what is simply written', async () => {
    expect(await wayTo({ '/p/compose.yaml': web('cpus: many') })).toEqual(['/p/compose.yaml:4:11']);
  });

  it('names the line of .env that set a variable, and no value', async () => {
    const files = { '/p/compose.yaml': web('cpus: "${CPUS}"'), '/p/.env': '# limits\nCPUS=many\n' };
    expect(await wayTo(files)).toEqual(['/p/compose.yaml:4:11', '/p/.env:2:1 CPUS is set here']);
  });

  it('says that a variable is from the shell, or not set at all', async () => {
    const files = { '/p/compose.yaml': web('cpus: "${CPUS:-${OTHER}}"') };
    expect(await wayTo(files, { env: { OTHER: 'many' } })).toEqual([
      '/p/compose.yaml:4:11',
      'CPUS is not set',
      'OTHER is set in the shell',
    ]);
  });

  it('follows includes to the file that was named', async () => {
    const files = {
      '/p/compose.yaml': 'include:\n  - a/a.yaml\n',
      '/p/a/a.yaml': 'include: [{path: b.yaml}]\n',
      '/p/a/b.yaml': web('cpus: many'),
    };
    expect(await wayTo(files)).toEqual([
      '/p/a/b.yaml:4:11',
      '/p/a/a.yaml:1:18 included here',
      '/p/compose.yaml:2:5 included here',
    ]);
  });

  it('sees in an included file the variables of its own env_file', async () => {
    const files = {
      '/p/compose.yaml': 'include:\n  - {path: b.yaml, env_file: b.env}\n',
      '/p/b.yaml': web('cpus: ${N}'),
      '/p/b.env': 'N=many',
      '/p/.env': 'M=1',
    };
    expect(await wayTo(files)).toEqual([
      '/p/b.yaml:4:11',
      '/p/b.env:1:1 N is set here',
      '/p/compose.yaml:2:12 included here',
    ]);
  });

  it('follows extends into another file', async () => {
    const files = {
      '/p/compose.yaml': 'services:\n  web:\n    extends: {file: base.yaml, service: app}\n',
      '/p/base.yaml': 'services:\n  app:\n    image: x\n    ports: [a]\n',
    };
    expect(await wayTo(files)).toEqual(['/p/base.yaml:4:13', '/p/compose.yaml:3:41 extended here']);
  });

  it('follows extends from service to service, and to none that has the mistake by itself', async () => {
    const yaml = `services:
  base: {image: x}
  middle:
    extends: base
    ports: ["99999"]
  web:
    extends: {service: middle}
`;
    const { problems } = await loadFiles({ '/p/compose.yaml': yaml });
    expect(problems.map(({ message, via = [] }) => [message, ...via.map(({ at }) => at?.line)])).toEqual([
      ['services.middle.ports[0]: Invalid containerPort: 99999'],
      ['services.web.ports[0]: Invalid containerPort: 99999', 7],
    ]);
  });

  it('follows extends over several services and files', async () => {
    const files = {
      '/p/compose.yaml':
        'services:\n  web:\n    extends: middle\n  middle:\n    extends: {file: base.yaml, service: app}\n    profiles: [x]\n',
      '/p/base.yaml': 'services:\n  app:\n    image: x\n    stop_grace_period: soon\n',
    };
    const { problems } = await loadFiles(files);
    const ofWeb = problems.find(({ message }) => message.startsWith('services.web.'));
    expect(ofWeb?.via?.map(({ at }) => at?.line)).toEqual([5, 3]);
  });

  it('shows what the value takes the place of', async () => {
    const files = overridden(web('stop_grace_period: 3s'), web('stop_grace_period: soon'));
    expect(await wayTo(files)).toEqual([
      '/p/compose.override.yaml:4:24',
      '/p/compose.yaml:4:24 it takes the place of what is said here',
    ]);
  });

  it('shows where an anchor is used', async () => {
    const yaml = `x-grace: &grace soon
services:
  web: {image: x, stop_grace_period: *grace}
`;
    expect(await wayTo({ '/p/compose.yaml': yaml })).toEqual([
      '/p/compose.yaml:1:17',
      '/p/compose.yaml:3:38 the alias stands here',
    ]);
  });
});
