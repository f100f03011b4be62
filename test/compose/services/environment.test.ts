import { describe, expect, it } from 'vitest';
import {
  canonicalOf,
  extending,
  mergedOf,
  mistakesIn,
  overridden,
  placesIn,
  projectOf,
  serviceOf,
  warningsIn,
  web,
} from '../load/loading.ts';

describe('environment', () => {
  it('takes lists and mappings, and gives names without value what the caller has', async () => {
    const env = { HERE: 'caller' };
    const result = { environment: { A: '1', EMPTY: '', F: '1.5', HERE: 'caller', T: 'true', UNSET: null } };
    const list = web('environment: [A=1, F=1.5, T=true, EMPTY=, HERE, UNSET]');
    const mapping = web('environment: {A: 1, F: 1.50, T: true, EMPTY: "", HERE: , UNSET: }');
    expect((await projectOf(list, { env })).services.web!.environment).toEqual(result.environment);
    expect(await canonicalOf(mapping, { env })).toEqual(result);
  });

  it('is split at the first equals sign of an item', async () => {
    expect(await canonicalOf(web('environment: ["URL=http://h/?a=b", "SPACED= x "]'))).toEqual({
      environment: { SPACED: ' x ', URL: 'http://h/?a=b' },
    });
  });

  it('has numbers as YAML means them: write those in quotes that are to stay as they are', async () => {
    expect(await canonicalOf(web('environment: {HEX: 0x10, OCTAL: 010, BIG: 1e3, TEXT: "010"}'))).toEqual({
      environment: { BIG: '1000', HEX: '16', OCTAL: '8', TEXT: '010' },
    });
    expect(
      await canonicalOf(
        web('environment: {HALF: 1234567.5, HUGE: 1e21, LESS: 0.00002, SHORT: 123456.5, WHOLE: 12345678}'),
      ),
    ).toEqual({
      environment: {
        HALF: '1.2345675e+06',
        HUGE: '1e+21',
        LESS: '2e-05',
        SHORT: '123456.5',
        WHOLE: '12345678',
      },
    });
  });

  it('is empty when nothing is said', async () => {
    expect(await canonicalOf(web('environment: []'))).toEqual({});
    expect((await serviceOf(web())).environment).toEqual({});
  });

  it('may hold variables in its values, but not in the keys of a mapping', async () => {
    const env = { NAME: 'x', A: 'b' };
    expect(await canonicalOf(web('environment: ["${NAME}_${A}=$NAME-${NONE:-c}-$$A"]'), { env })).toEqual({
      environment: { x_b: 'x-c-$A' },
    });
    expect((await serviceOf(web('environment: {$A: $A}'), { env })).environment).toEqual({ $A: 'b' });
  });

  it('is kept from the caller when environments are not to be resolved, except for names without value', async () => {
    const yaml = web('environment: [A=1, HERE]');
    const given = { env: { HERE: 'caller' }, resolveEnvironment: false };
    expect((await serviceOf(yaml, given)).environment).toEqual({ A: '1', HERE: 'caller' });
  });

  it('merges by name, across both forms; what an override names without value, the caller gives', async () => {
    expect(await mergedOf('environment: {A: 1, B: 2}', 'environment: [B=3, C=4]')).toEqual({
      environment: { A: '1', B: '3', C: '4' },
    });
    expect(await mergedOf('environment: [A=1]', 'environment: {A: }', { env: { A: 'caller' } })).toEqual({
      environment: { A: 'caller' },
    });
  });

  it('loses a name to !reset and all of them to !override', async () => {
    const base = web('environment: {A: 1, B: 2}');
    expect(await canonicalOf(overridden(base, web('environment: {A: !reset null}')))).toEqual({
      environment: { B: '2' },
    });
    expect(await canonicalOf(extending('environment: {A: 1}', 'environment: !override {B: 2}'))).toEqual({
      environment: { B: '2' },
    });
  });

  it('has the last value of a name that is written twice, with a warning', async () => {
    expect(await canonicalOf(web('environment: [A=1, B=2, A=3]'))).toEqual({
      environment: { A: '3', B: '2' },
    });
    expect(await warningsIn(web('environment: [A=1, B=2, A=3]'))).toEqual([
      expect.stringMatching(/^4:19 COMPOSE_WRITTEN_TWICE: .*services\.web\.environment: "A"/),
    ]);
  });

  it('is refused where an override has more than a single value for a name', async () => {
    const base = 'services: {web: {image: x, environment: {A: "1"}}}';
    const over = 'services:\n  web:\n    environment:\n      A: [x]\n      B: {c: 1}\n';
    expect(await mistakesIn(overridden(base, over))).toEqual([
      '4:7 COMPOSE_TYPE: services.web.environment.A must be a single value, not a list',
      '5:7 COMPOSE_TYPE: services.web.environment.B must be a single value, not a mapping',
    ]);
  });

  it('is refused where it holds no pairs', async () => {
    expect(await placesIn(web('environment: A=1'))).toEqual(['4:18 COMPOSE_TYPE']);
    expect(await placesIn(web('environment: [A=1, 2]'))).toEqual(['4:24 COMPOSE_TYPE']);
    expect(await placesIn(web('environment: {A: [1]}'))).toEqual(['4:19 COMPOSE_TYPE']);
  });

  it('is refused where a blank stands before the equals sign of an item, everywhere that variables are listed', async () => {
    expect(await mistakesIn(web('environment: [A=1, "B =$SECRET"]'))).toEqual([
      '4:24 COMPOSE_VALUE: services.web.environment[1]: the name "B " ends with a blank -> write NAME=value, without a blank before the equals sign',
    ]);
    for (const attribute of [
      'build: {args: ["B =1"]}',
      'post_start: [{command: c, environment: ["B "]}]',
      'pre_stop: [{command: c, environment: ["B\\t=1"]}]',
      'develop: {watch: [{path: ., action: sync+exec, target: /x, exec: {command: c, environment: ["B =1"]}}]}',
    ])
      expect((await placesIn(web(attribute))).map((place) => place.split(' ')[1])).toEqual(['COMPOSE_VALUE']);
    expect(await canonicalOf(web('environment: {"B ": 1}'))).toEqual({ environment: { 'B ': '1' } });
  });
});
