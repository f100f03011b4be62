import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, mistakesIn, overridden, placesIn, serviceOf, web } from '../load/loading.ts';

describe('entrypoint', () => {
  it('is a list of words, or a line that is split into them without a shell', async () => {
    const entrypoint = ['/e.sh', 'a b', 'c'];
    expect(await canonicalOf(web('entrypoint: [/e.sh, a b, c]'))).toEqual({ entrypoint });
    expect(await canonicalOf(web(`entrypoint: /e.sh "a b" c`))).toEqual({ entrypoint });
  });

  it("is the image's own when nothing or null is said, and emptied by an empty list or line", async () => {
    expect(await canonicalOf(web('entrypoint: '))).toEqual({});
    expect(await canonicalOf(web('entrypoint: ""'))).toEqual({ entrypoint: [] });
    expect(await canonicalOf(web('entrypoint: []'))).toEqual({ entrypoint: [] });
    const { command, entrypoint } = await serviceOf(web('entrypoint: /e.sh arg'));
    expect({ command, entrypoint }).toEqual({ command: undefined, entrypoint: ['/e.sh', 'arg'] });
    expect((await serviceOf(web())).entrypoint).toBeUndefined();
  });

  it('has its variables replaced before a line is split; a doubled dollar is one for the container', async () => {
    const env = { FLAGS: '-a -b' };
    expect(await canonicalOf(web('entrypoint: run $FLAGS $$HOME'), { env })).toEqual({
      entrypoint: ['run', '-a', '-b', '$HOME'],
    });
  });

  it('is replaced as a whole by an override and by a service that extends, by null too', async () => {
    expect(await canonicalOf(overridden(web('entrypoint: [a, b]'), web('entrypoint: c d')))).toEqual({
      entrypoint: ['c', 'd'],
    });
    expect(await canonicalOf(overridden(web('entrypoint: [a, b]'), web('entrypoint: null')))).toEqual({});
    expect(await canonicalOf(extending('entrypoint: [a]', 'entrypoint: []'))).toEqual({ entrypoint: [] });
  });

  it('is refused where it cannot be split, or is neither text nor a list', async () => {
    expect(await mistakesIn(web('entrypoint: sh -c "true'))).toEqual([
      '4:17 COMPOSE_COMMAND: services.web.entrypoint: cannot split into words: a " is never closed -> write the command as a list',
    ]);
    expect(await placesIn(web('entrypoint: true'))).toEqual(['4:17 COMPOSE_TYPE']);
    expect(await placesIn(web('entrypoint: [a, 1]'))).toEqual(['4:21 COMPOSE_TYPE']);
    expect(await placesIn(web('entrypoint: {a: b}'))).toEqual(['4:5 COMPOSE_TYPE']);
  });
});
