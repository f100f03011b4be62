import { describe, expect, it } from 'vitest';
import { canonicalOf, configOf, mergedOf, placesIn, web, withoutEffectIn } from '../load/loading.ts';

describe('credential_spec', () => {
  it('names a file, a value of the registry or a config, which are printed as they are written', async () => {
    for (const spec of [{ file: './my-spec.json' }, { registry: 'my-spec' }, { config: 'my-spec' }]) {
      expect(await canonicalOf(web(`credential_spec: ${JSON.stringify(spec)}`))).toEqual({
        credential_spec: spec,
      });
    }
  });

  it('neither needs its config declared, nor keeps one in the output that nobody mounts', async () => {
    const yaml = `${web('credential_spec: {config: c}')}configs: {c: {content: x}}\n`;
    expect(await configOf(yaml)).not.toHaveProperty('configs');
  });

  it('may hold variables', async () => {
    const yaml = web('credential_spec: {file: "${SPEC}.json"}');
    expect(await canonicalOf(yaml, { env: { SPEC: 'a' } })).toEqual({ credential_spec: { file: 'a.json' } });
  });

  it('merges key by key under an override and a service that extends', async () => {
    const base = 'credential_spec: {file: a, registry: r}';
    expect(await mergedOf(base, 'credential_spec: {file: b}')).toEqual({
      credential_spec: { file: 'b', registry: 'r' },
    });
  });

  it('is carried along and warned of: it is a matter of Windows', async () => {
    expect(await withoutEffectIn(web('credential_spec: {file: a}'))).toEqual(['services.credential_spec']);
  });

  it('is refused where it is no mapping, has other keys, or no text in them', async () => {
    expect(await placesIn(web('credential_spec: my-spec.json'))).toEqual(['4:22 COMPOSE_TYPE']);
    expect(await placesIn(web('credential_spec: {fil: a}'))).toEqual(['4:23 COMPOSE_UNKNOWN_KEY']);
    expect(await placesIn(web('credential_spec: {file: 5}'))).toEqual(['4:29 COMPOSE_TYPE']);
  });
});
