import { describe, expect, it } from 'vitest';
import { warningsIn } from '../load/loading.ts';

const codes = async (yaml: string, purpose: 'lint' | 'read' = 'lint'): Promise<readonly string[]> =>
  (await warningsIn(yaml, { purpose })).map((warning) => warning.replace(/: .*/, ''));

const loud = `services:
  web:
    image: x
    ports: [22:22]
`;

describe('a warning', () => {
  it('is heard unless it is silenced', async () => {
    expect(await codes(loud)).toEqual(['3:12 COMPOSE_LATEST_TAG', '4:13 COMPOSE_BASE_60']);
  });

  it('is silenced in the whole project by x-tscompose', async () => {
    expect(await codes(`${loud}x-tscompose: {ignore: [COMPOSE_BASE_60]}\n`)).toEqual([
      '3:12 COMPOSE_LATEST_TAG',
    ]);
  });

  it('is silenced by a comment at the end of its line', async () => {
    const yaml = loud.replace(
      'image: x',
      'image: x # why not  # tscompose-ignore COMPOSE_LATEST_TAG, COMPOSE_BASE_60',
    );
    expect(await codes(yaml)).toEqual(['4:13 COMPOSE_BASE_60']);
  });

  it('is silenced by a comment on the lines above', async () => {
    const yaml = loud.replace(
      '    ports',
      '    # tscompose-ignore: COMPOSE_BASE_60\n    # It is meant.\n    ports',
    );
    expect(await codes(yaml)).toEqual(['3:12 COMPOSE_LATEST_TAG']);
  });

  it('is silenced for every command', async () => {
    const yaml = 'services: {web: {image: "x:$TAG"}}';
    expect(await codes(yaml, 'read')).toEqual(['1:28 COMPOSE_UNSET_VARIABLE']);
    expect(await codes(`${yaml} # tscompose-ignore COMPOSE_UNSET_VARIABLE\n`, 'read')).toEqual([]);
  });
});

describe('an error', () => {
  it('is not silenced by anything', async () => {
    const { mistakesIn } = await import('../load/loading.ts');
    const yaml =
      'x-tscompose: {ignore: [COMPOSE_UNKNOWN_KEY]}\nservices: {web: {image: x, imag: x}} # tscompose-ignore COMPOSE_UNKNOWN_KEY\n';
    expect((await mistakesIn(yaml)).length).toBe(1);
  });
});
