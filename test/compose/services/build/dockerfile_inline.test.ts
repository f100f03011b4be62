import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, overridden, placesIn, web } from '../../load/loading.ts';

describe('build.dockerfile_inline', () => {
  it('takes the place of a file', async () => {
    const yaml = web('build:', '  dockerfile_inline: |', '    FROM alpine', '    RUN echo $$HOME $WORD');
    expect(await canonicalOf(yaml, { env: { WORD: 'hi' } })).toEqual({
      build: { context: '/p', dockerfile_inline: 'FROM alpine\nRUN echo $HOME hi\n' },
    });
  });

  it('is replaced by a later one', async () => {
    expect(
      await mergedOf('build: {dockerfile_inline: FROM a}', 'build: {dockerfile_inline: FROM b}'),
    ).toEqual({
      build: { context: '/p', dockerfile_inline: 'FROM b' },
    });
  });

  it('excludes a file that is named, in this file or another one', async () => {
    const inline = web('build: {dockerfile_inline: FROM a}');
    expect(await mistakesIn(overridden(inline, web('build: {dockerfile: D}')))).toEqual([
      '4:13 COMPOSE_CONFLICT: service "web" declares mutually exclusive dockerfile and dockerfile_inline -> keep one of the two',
    ]);
    expect(
      await canonicalOf(overridden(inline, web('build: {dockerfile_inline: !reset null, dockerfile: D}'))),
    ).toEqual({
      build: { context: '/p', dockerfile: 'D' },
    });
  });

  it('is text, and one mistake in it is told once', async () => {
    expect(await placesIn(web('build: {dockerfile: D, dockerfile_inline: [FROM x]}'))).toEqual([
      '4:28 COMPOSE_TYPE',
    ]);
  });
});
