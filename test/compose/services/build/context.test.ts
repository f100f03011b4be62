import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, web } from '../../load/loading.ts';

describe('build.context', () => {
  it('is the directory of the project when nothing is said', async () => {
    expect(await canonicalOf(web('build: {}'))).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile' },
    });
  });

  it.each([
    ['./app', '/p/app'],
    ['app', '/p/app'],
    ['../shared', '/shared'],
    ['/srv/app', '/srv/app'],
    ['~/app', '/home/u/app'],
    ['$PLACE/app', '/p/sub/app'],
  ])('is a directory: %s is %s', async (context, absolute) => {
    expect(await canonicalOf(web(`build: {context: ${context}}`), { env: { PLACE: 'sub' } })).toEqual({
      build: { context: absolute, dockerfile: 'Dockerfile' },
    });
  });

  it.each([
    'https://example.com/app.git#v1:docker',
    'http://example.com/app.tar.gz',
    'git://example.com/app.git',
    'ssh://git@example.com/app.git',
    'git@example.com:app.git',
    'github.com/example/app',
    'docker-image://alpine:3',
  ])('stays as it is where it is no directory: %s', async (context) => {
    expect(await canonicalOf(web(`build: {context: "${context}"}`))).toEqual({
      build: { context, dockerfile: 'Dockerfile' },
    });
  });

  it('is relative to the file that a service is taken from', async () => {
    const files = {
      '/p/compose.yaml': 'services:\n  web: {extends: {file: ../lib/base.yaml, service: app}}\n',
      '/lib/base.yaml': 'services: {app: {image: x, build: {context: ./app}}}',
    };
    expect(await canonicalOf(files)).toEqual({ build: { context: '/lib/app', dockerfile: 'Dockerfile' } });
  });

  it('is replaced by a later one, in the short form too', async () => {
    const replaced = { build: { context: '/p/b', dockerfile: 'D' } };
    expect(await mergedOf('build: {context: a, dockerfile: D}', 'build: {context: b}')).toEqual(replaced);
    expect(await mergedOf('build: {context: a, dockerfile: D}', 'build: b')).toEqual(replaced);
  });

  it('is text', async () => {
    expect(await placesIn(web('build: {context: [a]}'))).toEqual(['4:13 COMPOSE_TYPE']);
  });
});
