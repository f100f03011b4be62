import { describe, expect, it } from 'vitest';
import { canonicalOf, mistakesIn, projectOf } from './load/loading.ts';

const web = (attributes: string): string => `services:\n  web:\n    image: x\n    ${attributes}\n`;

describe('environment and env_file', () => {
  it('takes lists and mappings, and gives names without value what the caller has', async () => {
    const env = { HERE: 'caller' };
    const result = { environment: { A: '1', EMPTY: '', F: '1.5', HERE: 'caller', T: 'true', UNSET: null } };
    const list = web('environment: [A=1, F=1.5, T=true, EMPTY=, HERE, UNSET]');
    const mapping = web('environment: {A: 1, F: 1.50, T: true, EMPTY: "", HERE: , UNSET: }');
    expect((await projectOf(list, { env })).services.web!.environment).toEqual(result.environment);
    expect(await canonicalOf(mapping, { env })).toEqual(result);
  });

  it('lays the files in order under what is written', async () => {
    const files = {
      '/p/compose.yaml': web(
        'env_file: [a.env, {path: b.env}, {path: no.env, required: false}]\n    environment: {C: own, D: }',
      ),
      '/p/a.env': 'A=a\nB=a\nC=a\nD=a\nE=$B',
      '/p/b.env': 'B=b\nF=${A}-${B}',
    };
    expect(await canonicalOf(files, { env: { D: 'caller' } })).toEqual({
      environment: { A: 'a', B: 'b', C: 'own', D: 'caller', E: 'a', F: 'a-b' },
    });
  });

  it('keeps dollars of a file through printing and loading', async () => {
    const files = { '/p/compose.yaml': web('env_file: a.env'), '/p/a.env': "A='$x'" };
    expect(await canonicalOf(files)).toEqual({ environment: { A: '$x' } });
  });

  it('reads raw files as they are', async () => {
    const files = {
      '/p/compose.yaml': web('env_file: {path: a.env, format: raw}')
        .replace('{path', '[{path')
        .replace('raw}', 'raw}]'),
      '/p/a.env': 'A="$x"',
    };
    expect(await canonicalOf(files)).toEqual({ environment: { A: '"$x"' } });
  });

  it('refuses blanks in the names of a raw file, and formats that nobody knows', async () => {
    const files = {
      '/p/compose.yaml': web('env_file: [{path: a.env, format: raw}, {path: b.env, format: json}]'),
      '/p/a.env': 'A=1\nB = 2',
      '/p/b.env': '',
    };
    expect(await mistakesIn(files)).toEqual([
      '4:66 COMPOSE_VALUE: unsupported env_file format "json" -> write raw, or leave it out',
      '2:1 COMPOSE_ENV_FILE: failed to read /p/a.env: the variable name "B " holds a blank -> lines are NAME=value; quote values with spaces, # or line breaks',
    ]);
  });

  it('says which file is missing, or which line of it is wrong', async () => {
    expect(await mistakesIn(web('env_file: no.env'))).toEqual([
      '4:15 COMPOSE_ENV_FILE: env file /p/no.env not found -> make the file, or write {path: …, required: false}',
    ]);
    expect(await mistakesIn({ '/p/compose.yaml': web('env_file: a.env'), '/p/a.env': 'A=1\nB C=x' })).toEqual(
      [
        '2:1 COMPOSE_ENV_FILE: failed to read /p/a.env: key cannot contain a space -> lines are NAME=value; quote values with spaces, # or line breaks',
      ],
    );
  });

  it('keeps the list of files when environments are not to be resolved', async () => {
    const project = await projectOf(
      { '/p/compose.yaml': web('env_file: a.env'), '/p/a.env': 'A=1' },
      { resolveEnvironment: false },
    );
    expect(project.services.web!.canonical.env_file).toEqual([{ path: '/p/a.env', required: true }]);
  });

  it('folds label files under labels', async () => {
    const files = { '/p/compose.yaml': web('label_file: l\n    labels: {b: "2"}'), '/p/l': 'a=1\nb=1' };
    expect(await canonicalOf(files)).toEqual({ labels: { a: '1', b: '2' } });
  });
});
