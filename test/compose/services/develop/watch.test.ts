import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, warningsIn, web } from '../../load/loading.ts';

const watch = (...rules: readonly string[]): string => web(`develop: {watch: [${rules.join(', ')}]}`);

describe('develop.watch', () => {
  it('lists paths, which become absolute, and what a change of each brings about', async () => {
    const yaml = watch(
      '{path: $SOURCE, action: sync, target: /app, initial_sync: true}',
      '{path: ~/lib, action: rebuild}',
      '{path: /abs, action: restart}',
      '{path: ., action: sync+restart, target: /x}',
    );
    expect(await canonicalOf(yaml, { env: { SOURCE: './src' } })).toEqual({
      develop: {
        watch: [
          { path: '/p/src', action: 'sync', target: '/app', exec: { command: null }, initial_sync: true },
          { path: '/home/u/lib', action: 'rebuild', exec: { command: null } },
          { path: '/abs', action: 'restart', exec: { command: null } },
          { path: '/p', action: 'sync+restart', target: '/x', exec: { command: null } },
        ],
      },
    });
  });

  it.each([
    ['a', ['a']],
    ['[a, "*.log"]', ['a', '*.log']],
  ])('includes and ignores one pattern or several: %s', async (written, patterns) => {
    expect(
      await canonicalOf(watch(`{path: ., action: rebuild, include: ${written}, ignore: ${written}}`)),
    ).toEqual({
      develop: {
        watch: [
          { path: '/p', action: 'rebuild', exec: { command: null }, include: patterns, ignore: patterns },
        ],
      },
    });
  });

  it('runs a command after it has copied', async () => {
    const yaml = watch(
      '{path: ., action: sync+exec, target: /x, exec: {command: kill -1 1, user: u, privileged: "true", working_dir: /w, environment: [A=1, B]}}',
      '{path: ., action: sync+exec, target: /y, exec: {command: [kill, "1"], environment: {A: 1}}}',
    );
    expect(await canonicalOf(yaml)).toEqual({
      develop: {
        watch: [
          {
            path: '/p',
            action: 'sync+exec',
            target: '/x',
            exec: {
              command: ['kill', '-1', '1'],
              user: 'u',
              privileged: true,
              working_dir: '/w',
              environment: { A: '1', B: null },
            },
          },
          {
            path: '/p',
            action: 'sync+exec',
            target: '/y',
            exec: { command: ['kill', '1'], environment: { A: '1' } },
          },
        ],
      },
    });
  });

  it('is appended to by a later list', async () => {
    expect(
      await mergedOf(
        'develop: {watch: [{path: a, action: rebuild}]}',
        'develop: {watch: [{path: b, action: restart}]}',
      ),
    ).toEqual({
      develop: {
        watch: [
          { path: '/p/a', action: 'rebuild', exec: { command: null } },
          { path: '/p/b', action: 'restart', exec: { command: null } },
        ],
      },
    });
  });

  it('has no effect in this version, and says so', async () => {
    expect(await warningsIn(watch('{path: a, action: rebuild}'))).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: services.develop',
    ]);
  });

  it('asks for a path, for an action, and for a target of what is copied', async () => {
    expect(
      await mistakesIn(
        watch('{path: "", action: rebuild}', '{path: a, action: sync}', '{action: rebuild}', '{path: a}'),
      ),
    ).toEqual([
      "4:30 COMPOSE_VALUE: services.web.develop.watch[0].path: value can't be blank -> write the file or directory to watch; `.` is that of the project",
      '4:70 COMPOSE_MISSING_KEY: services.web.develop.watch: target is required for non-rebuild actions -> add `target:`, the path in the container',
      '4:77 COMPOSE_MISSING_KEY: services.web.develop.watch[2]: "path" is missing -> add `path:`',
      '4:96 COMPOSE_MISSING_KEY: services.web.develop.watch[3]: "action" is missing -> add `action:`',
    ]);
  });

  it.each([
    ['a', '4:23 COMPOSE_TYPE'],
    ['{path: [a], action: rebuild}', '4:24 COMPOSE_TYPE'],
    ['{path: a, action: copy}', '4:41 COMPOSE_VALUE'],
    ['{path: a, action: rebuild, ignore: 1}', '4:58 COMPOSE_TYPE'],
    ['{path: a, action: rebuild, include: {a: b}}', '4:50 COMPOSE_TYPE'],
    ['{path: a, action: rebuild, initial_sync: often}', '4:64 COMPOSE_TYPE'],
    ['{path: a, action: rebuild, exec: {}}', '4:50 COMPOSE_MISSING_KEY'],
    ['{path: a, action: rebuild, exec: {command: a, user: 1}}', '4:75 COMPOSE_TYPE'],
    ['{path: a, action: rebuild, target: 1}', '4:58 COMPOSE_TYPE'],
    ['{path: a, action: rebuild, targt: /x}', '4:50 COMPOSE_UNKNOWN_KEY'],
  ])('refuses %s', async (rule, place) => {
    expect(await placesIn(watch(rule))).toEqual([place]);
  });
});
