import { describe, expect, it } from 'vitest';
import {
  canonicalOf,
  mistakesIn,
  overridden,
  placesIn,
  serviceOf,
  warningsIn,
  web,
} from '../load/loading.ts';

const declared = 'configs: {c: {content: one}, d: {content: two}}\n';

describe('configs of a service', () => {
  it('are names, or say in full where the file stands, whose it is and who may read it', async () => {
    const yaml = web('configs: [c, {source: d, target: /etc/d.conf, uid: "7", gid: "8", mode: 0440}]');
    expect(await canonicalOf(yaml + declared)).toEqual({
      configs: [{ source: 'c' }, { source: 'd', target: '/etc/d.conf', uid: '7', gid: '8', mode: '0440' }],
    });
  });

  it.each([
    ['0440', '0440'],
    ['"440"', '0440'],
    ['"0o440"', '0440'],
    ['288', '0440'],
    ['"${MODE}"', '0400'],
  ])('have mode %s printed as octal digits: %s', async (mode, printed) => {
    const yaml = web(`configs: [{source: c, mode: ${mode}}]`) + declared;
    expect(await canonicalOf(yaml, { env: { MODE: '400' } })).toEqual({
      configs: [{ source: 'c', mode: printed }],
    });
  });

  it('stand at the root under their own names unless a target is said; a relative one lies there too', async () => {
    const yaml = web('configs: [c, {source: c, target: conf/c}, {source: d, target: /etc/d, mode: "0444"}]');
    expect((await serviceOf(yaml + declared)).configs).toEqual([
      { source: 'c', target: '/c' },
      { source: 'c', target: '/conf/c' },
      { source: 'd', target: '/etc/d', mode: 0o444 },
    ]);
    expect((await serviceOf(web())).configs).toEqual([]);
  });

  it('may be named by variables', async () => {
    const yaml = web('configs: ["${NAME}", {source: "${NAME}", target: "/${NAME}.conf"}]') + declared;
    expect(await canonicalOf(yaml, { env: { NAME: 'c' } })).toEqual({
      configs: [{ source: 'c' }, { source: 'c', target: '/c.conf' }],
    });
  });

  it('are appended to by an override; what has the same target takes the place of the earlier', async () => {
    const base = web('configs: [c, {source: c, target: /x}]') + declared;
    const over = web('configs: [{source: d, target: /c}, d]');
    expect(await canonicalOf(overridden(base, over))).toEqual({
      configs: [{ source: 'd', target: '/c' }, { source: 'c', target: '/x' }, { source: 'd' }],
    });
  });

  it('are appended to by a service that extends', async () => {
    const yaml = `services:
  base: {image: x, configs: [c]}
  web: {extends: base, configs: [d]}
${declared}`;
    expect(await canonicalOf(yaml)).toEqual({ configs: [{ source: 'c' }, { source: 'd' }] });
  });

  it('are warned of where two of one list have one target', async () => {
    expect(await warningsIn(web('configs: [c, {source: d, target: /c}]') + declared)).toEqual([
      expect.stringMatching(/^4:15 COMPOSE_WRITTEN_TWICE: .*services\.web\.configs: "\/c"/),
    ]);
  });

  it('are refused where nobody declares them, or no name is said', async () => {
    expect(await mistakesIn(web('configs: [e, {source: cc}, {target: /x}]') + declared)).toEqual([
      '4:15 COMPOSE_UNDEFINED: service "web" refers to undefined config e -> did you mean "c"?',
      '4:27 COMPOSE_UNDEFINED: service "web" refers to undefined config cc -> did you mean "c"?',
      '4:32 COMPOSE_MISSING_KEY: service "web" refers to a config without a name -> add `source:`, which names one of `configs:` at the top level',
    ]);
  });

  it('are refused where they are no list, and where an entry has another key, a number as owner, no mode', async () => {
    expect(await placesIn(web('configs: c') + declared)).toEqual(['4:14 COMPOSE_TYPE']);
    expect(await placesIn(web('configs: [{sourc: c}]') + declared)).toEqual(['4:16 COMPOSE_UNKNOWN_KEY']);
    expect(await placesIn(web('configs: [{source: c, uid: 7}]') + declared)).toEqual(['4:32 COMPOSE_TYPE']);
    for (const mode of ['rw', '"9"', '-1', '1.5']) {
      expect(await mistakesIn(web(`configs: [{source: c, mode: ${mode}}]`) + declared)).toEqual([
        `4:33 COMPOSE_TYPE: services.web.configs[0].mode: invalid file mode ${mode.replaceAll('"', '')} -> write octal digits, such as "0440"`,
      ]);
    }
  });
});
