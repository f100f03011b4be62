import { describe, expect, it } from 'vitest';
import { canonicalOf, mistakesIn, overridden, placesIn, web } from '../load/loading.ts';

const files = {
  '/p/a.env': 'tier=front\nowner="shop team"\n# a remark\n',
  '/p/sub/b.env': 'owner=web\nempty=\n',
};

describe('label_file', () => {
  it('is a file or a list of files, of which the later wins', async () => {
    const one = { ...files, '/p/compose.yaml': web('label_file: ./a.env') };
    expect(await canonicalOf(one)).toEqual({ labels: { owner: 'shop team', tier: 'front' } });
    const both = { ...files, '/p/compose.yaml': web('label_file: [a.env, /p/sub/b.env]') };
    expect(await canonicalOf(both)).toEqual({ labels: { empty: '', owner: 'web', tier: 'front' } });
  });

  it('lies under the labels that are written in the file itself', async () => {
    const yaml = web('label_file: a.env', 'labels: {owner: me}');
    expect(await canonicalOf({ ...files, '/p/compose.yaml': yaml })).toEqual({
      labels: { owner: 'me', tier: 'front' },
    });
  });

  it('is added to by an override', async () => {
    const merged = overridden(web('label_file: a.env'), web('label_file: sub/b.env'));
    expect(await canonicalOf({ ...files, ...merged })).toEqual({
      labels: { empty: '', owner: 'web', tier: 'front' },
    });
  });

  it('is found beside the file that names it, also when that is extended from elsewhere', async () => {
    const extended = {
      ...files,
      '/p/compose.yaml': web('extends: {file: sub/base.yaml, service: web}'),
      '/p/sub/base.yaml': web('label_file: b.env'),
    };
    expect(await canonicalOf(extended)).toEqual({ labels: { empty: '', owner: 'web' } });
  });

  it('may hold variables, and is read even where the environment is left alone, as by the reference', async () => {
    const yaml = { ...files, '/p/compose.yaml': web('label_file: ${DIR}/b.env') };
    expect(await canonicalOf(yaml, { env: { DIR: 'sub' }, resolveEnvironment: false })).toEqual({
      labels: { empty: '', owner: 'web' },
    });
  });

  it('is refused where there is no such file, or it is neither text nor a list', async () => {
    expect(await mistakesIn(web('label_file: [c.env]'))).toEqual([
      '4:18 COMPOSE_LABEL_FILE: label file /p/c.env not found -> make the file, or take it out of label_file',
    ]);
    expect(await placesIn(web('label_file: {path: a.env}'))).toEqual(['4:5 COMPOSE_TYPE']);
    expect(await placesIn(web('label_file: 5'))).toEqual(['4:17 COMPOSE_TYPE']);
  });
});
