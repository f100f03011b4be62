import { describe, expect, it } from 'vitest';
import {
  canonicalOf,
  extending,
  mistakesIn,
  overridden,
  placesIn,
  projectOf,
  serviceOf,
  web,
} from '../load/loading.ts';

/** `web` with these attributes in the project's file, and other files beside it. */
function withFiles(attribute: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return { '/p/compose.yaml': web(attribute), ...files };
}

describe('env_file', () => {
  it.each(['a.env', './a.env', '[a.env]', '[{path: a.env}]', '["${DIR}/a.env"]', '/p/a.env'])(
    'names files, relative to that of the project: %s',
    async (written) => {
      const files = withFiles(`env_file: ${written}`, { '/p/a.env': 'A=1' });
      expect(await canonicalOf(files, { env: { DIR: '/p' } })).toEqual({ environment: { A: '1' } });
    },
  );

  it('lays the files in order under what is written', async () => {
    const files = withFiles(
      'env_file: [a.env, {path: b.env}, {path: no.env, required: false}]\nenvironment: {C: own, D: }',
      { '/p/a.env': 'A=a\nB=a\nC=a\nD=a\nE=$B', '/p/b.env': 'B=b\nF=${A}-${B}' },
    );
    expect(await canonicalOf(files, { env: { D: 'caller' } })).toEqual({
      environment: { A: 'a', B: 'b', C: 'own', D: 'caller', E: 'a', F: 'a-b' },
    });
  });

  it('keeps dollars of a file through printing and loading', async () => {
    const files = withFiles('env_file: a.env', { '/p/a.env': "A='$x'" });
    expect(await canonicalOf(files)).toEqual({ environment: { A: '$x' } });
  });

  it('reads raw files as they are', async () => {
    const files = withFiles('env_file: [{path: a.env, format: raw}]', { '/p/a.env': 'A="$x"' });
    expect(await canonicalOf(files)).toEqual({ environment: { A: '"$x"' } });
  });

  it('takes whether a file is required from a variable', async () => {
    const yaml = web('env_file: [{path: no.env, required: "${STRICT}"}]');
    expect(await canonicalOf(yaml, { env: { STRICT: 'false' } })).toEqual({});
    expect(await placesIn(yaml, { env: { STRICT: 'true' } })).toEqual(['4:23 COMPOSE_ENV_FILE']);
    expect(await placesIn(yaml, { env: { STRICT: '5' } })).toContain('4:41 COMPOSE_TYPE');
  });

  it('is read from the current directory when paths are not to be resolved', async () => {
    const files = { '/p/compose.yaml': web('env_file: a.env'), '/p/a.env': 'A=1' };
    expect(await canonicalOf(files, { resolvePaths: false })).toEqual({ environment: { A: '1' } });
  });

  it('keeps the list of files when environments are not to be resolved', async () => {
    const project = await projectOf(withFiles('env_file: a.env', { '/p/a.env': 'A=1' }), {
      resolveEnvironment: false,
    });
    expect(project.services.web!.canonical.env_file).toEqual([{ path: '/p/a.env', required: true }]);
  });

  it('is printed in long form: with its format, and whether it is required', async () => {
    const yaml = web('env_file: [a.env, {path: b.env, required: false, format: raw}]');
    const { canonical } = await serviceOf(yaml, { resolveEnvironment: false });
    expect(canonical.env_file).toEqual([
      { path: '/p/a.env', required: true },
      { path: '/p/b.env', required: false, format: 'raw' },
    ]);
  });

  it('is appended to by an override, each file once', async () => {
    const files = overridden(
      web('env_file: [a.env, b.env]'),
      web('env_file: [c.env, {path: a.env, required: false}]'),
    );
    const { canonical } = await serviceOf(files, { resolveEnvironment: false });
    expect(canonical.env_file).toEqual([
      { path: '/p/a.env', required: false },
      { path: '/p/b.env', required: true },
      { path: '/p/c.env', required: true },
    ]);
  });

  it('is relative to the file that it stands in when a service of another directory is extended', async () => {
    const files = {
      '/p/compose.yaml':
        'services: {web: {extends: {file: base/compose.yaml, service: web}, env_file: b.env}}',
      '/p/base/compose.yaml': web('env_file: [a.env]'),
      '/p/base/a.env': 'A=a\nB=a',
      '/p/b.env': 'B=b',
    };
    expect(await canonicalOf(files)).toEqual({ environment: { A: 'a', B: 'b' } });
    const { canonical } = await serviceOf(extending('env_file: a.env', 'env_file: b.env'), {
      resolveEnvironment: false,
    });
    expect(canonical.env_file).toEqual([
      { path: '/p/a.env', required: true },
      { path: '/p/b.env', required: true },
    ]);
  });

  it('says which file is missing, or which line of it is wrong', async () => {
    expect(await mistakesIn(web('env_file: no.env'))).toEqual([
      '4:15 COMPOSE_ENV_FILE: env file /p/no.env not found -> make the file, or write {path: …, required: false}',
    ]);
    expect(await mistakesIn(withFiles('env_file: a.env', { '/p/a.env': 'A=1\nB C=x' }))).toEqual([
      '2:1 COMPOSE_ENV_FILE: failed to read /p/a.env: key cannot contain a space -> lines are NAME=value; quote values with spaces, # or line breaks',
    ]);
  });

  it('may lack the files of services that are off', async () => {
    const yaml = 'services: {web: {image: x}, dev: {image: x, env_file: no.env, profiles: [dev]}}';
    expect(await mistakesIn(yaml)).toEqual([]);
    expect(await placesIn(yaml, { profiles: ['dev'] })).toEqual(['1:55 COMPOSE_ENV_FILE']);
  });

  it('refuses blanks in the names of a raw file, and formats that nobody knows', async () => {
    const files = withFiles('env_file: [{path: a.env, format: raw}, {path: b.env, format: json}]', {
      '/p/a.env': 'A=1\nB = 2',
      '/p/b.env': '',
    });
    expect(await mistakesIn(files)).toEqual([
      '4:66 COMPOSE_VALUE: unsupported env_file format "json" -> write raw, or leave it out',
      '2:1 COMPOSE_ENV_FILE: failed to read /p/a.env: the variable name "B " holds a blank -> lines are NAME=value; quote values with spaces, # or line breaks',
    ]);
    const absent = 'env_file: [{path: no.env, required: false, format: json}]';
    expect(await mistakesIn(web(absent))).toEqual([]);
  });

  it('is refused where it is neither text nor a list, and where an entry has no path or another key', async () => {
    expect(await placesIn(web('env_file: 5'))).toEqual(['4:15 COMPOSE_TYPE']);
    expect(await placesIn(web('env_file: {path: a.env}'))).toEqual(['4:5 COMPOSE_TYPE']);
    expect(await placesIn(web('env_file: [{format: raw}]'))).toEqual(['4:16 COMPOSE_MISSING_KEY']);
    const misspelt = 'env_file: [{path: a.env, required: false, fromat: raw}]';
    expect(await placesIn(web(misspelt))).toEqual(['4:47 COMPOSE_UNKNOWN_KEY']);
  });
});
