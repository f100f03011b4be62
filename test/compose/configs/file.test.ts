import { describe, expect, it } from 'vitest';
import { configOf, mistakesIn, overridden, placesIn, projectOf, using } from '../load/loading.ts';

describe('configs.file', () => {
  it.each([
    ['./one.txt', '/p/one.txt'],
    ['~/one.txt', '/home/u/one.txt'],
    ['/srv/one.txt', '/srv/one.txt'],
    ['$DIR/one.txt', '/p/sub/one.txt'],
  ])('names the file that holds the config, relative to the project: %s', async (written, file) => {
    const files = { '/p/compose.yaml': using('configs', `{file: ${written}}`), [file]: 'text' };
    const env = { DIR: 'sub' };
    expect((await projectOf(files, { env })).canonical.configs).toEqual({ one: { name: 'p_one', file } });
    expect((await projectOf(files, { env })).configs).toEqual({ one: { kind: 'file', name: 'p_one', file } });
  });

  it('is relative to the directory of the file that is included', async () => {
    const { configs } = await projectOf({
      '/p/compose.yaml': 'include: [sub/compose.yaml]',
      '/p/sub/compose.yaml': using('configs', '{file: one.txt}'),
      '/p/sub/one.txt': 'text',
    });
    expect(configs).toEqual({ one: { kind: 'file', name: 'p_one', file: '/p/sub/one.txt' } });
  });

  it('is replaced by a later one', async () => {
    const files = overridden(using('configs', '{file: /a}'), using('configs', '{file: /b}'));
    expect((await configOf({ ...files, '/b': 'text' }, { purpose: 'read' })).configs).toEqual({
      one: { name: 'p_one', file: '/b' },
    });
  });

  it('must be there when a service that uses it is started', async () => {
    const yaml = using('configs', '{file: one.txt}');
    expect(await mistakesIn(yaml)).toEqual([
      '2:15 COMPOSE_FILE_MISSING: configs.one: the file /p/one.txt does not exist -> make the file, or name another one',
    ]);
    expect(await mistakesIn(yaml, { purpose: 'read' })).toEqual([]);
  });

  it('excludes another source', async () => {
    expect(await mistakesIn(using('configs', '{file: /x, environment: Y}'), { purpose: 'read' })).toEqual([
      '2:19 COMPOSE_CONFLICT: configs.one: file|environment|content attributes are mutually exclusive -> keep one of them',
    ]);
  });

  it('is text', async () => {
    expect(await placesIn(using('configs', '{file: 5}'))).toEqual(['2:15 COMPOSE_TYPE']);
  });
});
