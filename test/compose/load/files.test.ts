import { describe, expect, it } from 'vitest';
import { type Given, mistakesIn, projectOf, warningsIn } from './loading.ts';

const one = (image: string): string => `services: {web: {image: ${image}}}`;

describe('finding the files', () => {
  it('looks in the directory and its parents, and takes the override beside what it found', async () => {
    const files = { '/p/docker-compose.yml': one('a'), '/p/docker-compose.override.yml': one('b') };
    const project = await projectOf(files, { cwd: '/p/deep/er' });
    expect(project).toMatchObject({
      workingDir: '/p',
      configFiles: ['/p/docker-compose.yml', '/p/docker-compose.override.yml'],
      services: { web: { image: 'b' } },
    });
  });

  it('takes the first of several and says so', async () => {
    const files = { '/p/compose.yaml': one('a'), '/p/docker-compose.yml': one('b') };
    expect((await projectOf(files)).configFiles).toEqual(['/p/compose.yaml']);
    expect(await warningsIn(files)).toEqual([
      'COMPOSE_SEVERAL_FILES: Found multiple config files with supported names: /p/compose.yaml, /p/docker-compose.yml',
      'COMPOSE_SEVERAL_FILES: Using /p/compose.yaml -> name the files with -f, or take the others away',
    ]);
  });

  it.each<[string, Given, readonly string[], string]>([
    [
      '-f, in order, without overrides',
      { files: ['sub/a.yaml', '../b.yaml'] },
      ['/p/sub/a.yaml', '/b.yaml'],
      '/p/sub',
    ],
    ['COMPOSE_FILE', { env: { COMPOSE_FILE: 'sub/a.yaml:/b.yaml' } }, ['/p/sub/a.yaml', '/b.yaml'], '/p/sub'],
    [
      'its own separator',
      { env: { COMPOSE_FILE: 'sub/a.yaml;/b.yaml', COMPOSE_PATH_SEPARATOR: ';' } },
      ['/p/sub/a.yaml', '/b.yaml'],
      '/p/sub',
    ],
    ['standard input', { files: ['-'] }, ['-'], '/p'],
    ['a project directory', { files: ['/b.yaml'], projectDirectory: 'sub' }, ['/b.yaml'], '/p/sub'],
  ])('takes %s', async (_, given, configFiles, workingDir) => {
    const files = { '/p/sub/a.yaml': one('a'), '/b.yaml': one('b'), '-': one('c') };
    expect(await projectOf(files, given)).toMatchObject({ configFiles, workingDir });
  });

  it('reads COMPOSE_FILE out of .env too', async () => {
    const files = { '/p/.env': 'COMPOSE_FILE=x.yaml\nTAG=1', '/p/x.yaml': one('"a:$TAG"') };
    expect((await projectOf(files)).services.web!.image).toBe('a:1');
  });

  it('says when there is nothing, and which file is missing', async () => {
    expect(await mistakesIn({})).toEqual([
      'COMPOSE_NO_FILE: no configuration file provided: not found -> run in a directory with compose.yaml, or name the file with -f',
    ]);
    expect(await mistakesIn({}, { files: ['x.yaml'] })).toEqual([
      'COMPOSE_NO_FILE: open /p/x.yaml: no such file or directory -> check the path given with -f or in COMPOSE_FILE',
    ]);
  });
});

describe('the variables of a project', () => {
  it("are the caller's, then those of --env-file in order, and the default .env only without them", async () => {
    const files = {
      '/p/compose.yaml': one('"$A-$B-x$C"'),
      '/p/.env': 'A=dot\nB=dot\nC=dot',
      '/p/1.env': 'A=one\nB=one',
      '/p/2.env': 'B=two$A',
    };
    const imageWith = async (given: Given): Promise<string> =>
      (await projectOf(files, given)).services.web!.image!;
    expect(await imageWith({ env: { A: 'own' } })).toBe('own-dot-xdot');
    expect(await imageWith({ envFiles: ['1.env', '2.env'] })).toBe('one-twoone-x');
    expect(await imageWith({ env: { COMPOSE_ENV_FILES: '1.env,2.env' } })).toBe('one-twoone-x');
    expect(await imageWith({ env: { COMPOSE_DISABLE_ENV_FILE: '1' }, purpose: 'read' })).toBe('--x');
    expect((await projectOf(files, { envFiles: ['1.env'] })).envFiles).toEqual(['/p/1.env']);
    expect(await mistakesIn(files, { envFiles: ['no.env'], purpose: 'read' })).toEqual([
      `COMPOSE_ENV_FILE: couldn't find env file: /p/no.env -> make the file, or leave the option out`,
    ]);
  });
});

describe('the .env that is read without --env-file', () => {
  const files = {
    '/p/compose.yaml': one('"$A-$B"'),
    '/p/.env': 'A=top\nB=top$A',
    '/p/deep/.env': 'A=deep',
    '/p/deep/x.yaml': one('"$A-${B:-none}"'),
  };
  const imageWith = async (given: Given): Promise<string> =>
    (await projectOf(files, given)).services.web!.image!;

  it('stands beside the first file that is named, or in the directory that is', async () => {
    expect(await imageWith({ files: ['deep/x.yaml'] })).toBe('deep-none');
    expect(await imageWith({ files: ['../compose.yaml'], cwd: '/p/deep' })).toBe('top-toptop');
    expect(await imageWith({ files: ['deep/x.yaml'], projectDirectory: '.' })).toBe('top-toptop');
  });

  it('stands in the current directory and beside the files that are found above it, the nearer one first', async () => {
    expect(await imageWith({ cwd: '/p/deep' })).toBe('deep-topdeep');
  });

  it('is that of the named file where standard input comes first', async () => {
    const typed = { ...files, '-': 'services: {other: {image: y}}' };
    const project = await projectOf(typed, { files: ['-', 'deep/x.yaml'] });
    expect(project.services.web!.image).toBe('deep-none');
    expect(project.workingDir).toBe('/p/deep');
  });
});

describe('the name of a project', () => {
  const nameWith = async (name: string, given: Given): Promise<string> => {
    const yaml = `${name}\nservices: {web: {image: "x:$COMPOSE_PROJECT_NAME"}}`;
    const project = await projectOf({ '/My.Dir/compose.yaml': yaml }, { cwd: '/My.Dir', ...given });
    expect(project.services.web!.image).toBe(`x:${project.name}`);
    return project.name;
  };

  it('is -p, then COMPOSE_PROJECT_NAME, then name:, then the directory', async () => {
    const env = { COMPOSE_PROJECT_NAME: 'from-env' };
    expect(await nameWith('name: From_File', { projectName: 'flag', env })).toBe('flag');
    expect(await nameWith('name: From_File', { env })).toBe('from-env');
    expect(await nameWith('name: From_File', {})).toBe('from_file');
    expect(await nameWith('name: "${X:-y}"', {})).toBe('y');
    expect(await nameWith('', {})).toBe('mydir');
  });

  it('is refused when it is none', async () => {
    expect(await mistakesIn(one('x'), { projectName: 'A b' })).toEqual([
      'COMPOSE_PROJECT_NAME: invalid project name "A b": must consist only of lowercase alphanumeric characters, hyphens, and underscores as well as start with a letter or number -> "ab" would do',
    ]);
    expect(await mistakesIn({ '/.-/compose.yaml': one('x') }, { cwd: '/.-' })).toEqual([
      'COMPOSE_PROJECT_NAME: project name must not be empty -> the directory .- gives no name; use -p or write `name:`',
    ]);
  });
});

describe('profiles', () => {
  const yaml = `services:
  always: {image: x}
  a: {image: x, profiles: [p, q]}
  b: {image: x, profiles: [r]}
`;
  it.each<[Given, readonly string[]]>([
    [{}, ['always']],
    [{ profiles: ['q'] }, ['a', 'always']],
    [{ profiles: ['*'] }, ['a', 'always', 'b']],
    [{ env: { COMPOSE_PROFILES: 'p,r' } }, ['a', 'always', 'b']],
    [{ services: ['b'] }, ['always', 'b']],
  ])('%j turns on %j', async (given, names) => {
    const project = await projectOf(yaml, given);
    expect(Object.keys(project.services)).toEqual(names);
    expect(Object.keys(project.disabledServices)).toEqual(
      ['a', 'always', 'b'].filter((name) => !names.includes(name)),
    );
  });

  it('knows no service that is not there', async () => {
    expect(await mistakesIn(yaml, { services: ['alway'] })).toEqual([
      'COMPOSE_NO_SUCH_SERVICE: no such service: alway -> did you mean "always"?',
    ]);
  });
});
