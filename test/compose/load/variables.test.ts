import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { substitute, variablesIn } from '../../../src/compose/load/variables.ts';
import { loadFiles, mistakesIn, projectOf, warningsIn } from './loading.ts';

const known: Readonly<Record<string, string>> = { SET: 'v', EMPTY: '', DOLLAR: '$SET' };
const expand = (text: string): string => substitute(text, (name) => known[name]).text;

describe('variables', () => {
  it.each([
    ['$SET/$EMPTY/$NONE.', 'v//.'],
    ['${SET}s', 'vs'],
    ['${NONE:-d} ${EMPTY:-d} ${SET:-d}', 'd d v'],
    ['${NONE-d} ${EMPTY-d} ${SET-d}', 'd  v'],
    ['${NONE:+a}|${EMPTY:+a}|${SET:+a}', '||a'],
    ['${NONE+a}|${EMPTY+a}|${SET+a}', '|a|a'],
    ['${NONE:-${EMPTY:-${SET}}}', 'v'],
    ['${NONE:-{"k":{"a":1}}}', '{"k":{"a":1}}'],
    ['${SET:?message} ${SET?}', 'v v'],
    ['$$SET $$$SET', '$SET $v'],
    ['cost$ $1 a $ b', 'cost$ $1 a $ b'],
    ['$DOLLAR', '$SET'],
    ['${NONE:-a\nb}', 'a\nb'],
  ])('%j becomes %j', (text, result) => {
    expect(expand(text)).toBe(result);
  });

  it.each(['${}', '${1A}', '${ A }', '${A!x}', '${SET', 'x ${NONE:-${}}'])('refuses %j', (text) => {
    expect(substitute(text, (name) => known[name]).problem).toMatchObject({ kind: 'malformed' });
  });

  it('leaves text without dollars alone, and gives back text whose dollars are doubled', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(expand(text.replaceAll('$', '$$$$'))).toBe(text);
      }),
    );
  });

  it('never looks into what a variable holds', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(substitute('<${A}${A:-d}$A>', () => value).text).toBe(`<${value}${value || 'd'}${value}>`);
      }),
    );
  });

  it('takes the default of nested defaults exactly when all are unset', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.stringMatching(/^[a-z]*$/), { nil: undefined }), {
          minLength: 1,
          maxLength: 6,
        }),
        (values) => {
          const text = values.reduceRight<string>((inner, _, index) => `\${V${index}:-${inner}}`, 'end');
          const result = substitute(text, (name) => values[Number(name.slice(1))]).text;
          expect(result).toBe(values.find((value) => value) ?? 'end');
        },
      ),
    );
  });

  it('lists what a text uses', () => {
    expect(variablesIn('$A ${B:-x${C}} ${D:?m} ${E:+y}').map((use) => Object.values(use).join(' '))).toEqual([
      'A false  ',
      'B false x${C} ',
      'C false  ',
      'D true  ',
      'E false  y',
    ]);
  });

  it('replaces values and never keys, and casts to what the attribute holds', async () => {
    const yaml = `services:
  web:
    image: "x:\${TAG:-latest}"
    privileged: \${PRIV}
    scale: "\${N}"
    environment: {"$TAG": "$TAG"}
    x-own: {a: $TAG}
`;
    const project = await projectOf(yaml, { env: { TAG: '1', PRIV: 'yes', N: '2' } });
    expect(project.services.web).toMatchObject({
      image: 'x:1',
      privileged: true,
      scale: 2,
      environment: { $TAG: '1' },
    });
  });

  it('warns of each place of a variable that is not set, and of words YAML no longer takes as booleans', async () => {
    const yaml = 'services: {web: {image: "x$A$A$B", tty: "on"}}';
    const unset = (name: string): string =>
      `COMPOSE_UNSET_VARIABLE: The "${name}" variable is not set. Defaulting to a blank string. -> set ${name} in the environment or in .env, or write \${${name}:-} if nothing is meant`;
    expect(await warningsIn(yaml)).toEqual([
      `1:27 ${unset('A')}`,
      `1:29 ${unset('A')}`,
      `1:31 ${unset('B')}`,
      '1:41 COMPOSE_OLD_BOOLEAN: "on" for boolean is not supported by YAML 1.2, please use `true`',
    ]);
    const files = { '/p/compose.yaml': 'services: {web: {image: x}}', '/p/.env': '# none\nX="$C"\n' };
    expect(await warningsIn(files)).toEqual([`2:1 ${unset('C')}`]);
  });

  it('tells every mistake at the variable itself', async () => {
    const yaml = `services:
  web:
    image: "x:\${A:?needed} \${B}"
    command: ["a", "$X \${B!}"]
    scale: "\${C:-three}"
    tty: maybe
`;
    expect(await mistakesIn(yaml)).toEqual([
      '3:15 COMPOSE_REQUIRED_VARIABLE: services.web.image: required variable A is missing a value: needed -> set A in the environment or in .env',
      '4:24 COMPOSE_INTERPOLATION: services.web.command[1]: "${B!}" is no variable -> write ${NAME} or ${NAME:-default}; a dollar that means itself is written $$',
      '5:12 COMPOSE_TYPE: services.web.scale: "three" is no whole number -> write a whole number',
      '6:10 COMPOSE_TYPE: services.web.tty: "maybe" is no boolean -> write true or false',
    ]);
  });

  it('marks a required variable with all that is written of it', async () => {
    const yaml = 'services: {web: {image: "x:${A:?needed ${B}} y"}}\n';
    const { problems } = await loadFiles({ '/p/compose.yaml': yaml });
    const { column = 0, endColumn = 0 } = problems[0]?.at ?? {};
    expect(yaml.slice(column - 1, endColumn - 1)).toBe('${A:?needed ${B}}');
  });

  it('leaves everything as written when asked to', async () => {
    const { project } = await loadFiles(
      { '/p/compose.yaml': 'services: {web: {image: "x:${TAG:?no}", volumes: ["${D:-/d}:/x"]}}' },
      { interpolate: false },
    );
    expect(project!.canonical.services).toEqual({
      web: {
        image: 'x:${TAG:?no}',
        networks: { default: null },
        volumes: [{ source: '${D:-/d}', target: '/x', type: 'volume', volume: {} }],
      },
    });
  });

  it('leaves nothing unsaid that no variable could mend', async () => {
    const yaml = `services:
  web: {image: x, volumes: [{type: bind, source: $A}], secrets: [s, e]}
secrets: {s: {}, e: {external: $E}}
`;
    expect(await mistakesIn(yaml, { interpolate: false })).toEqual([
      '2:29 COMPOSE_MISSING_KEY: service volume services.web.volumes[0] is missing a mount target -> add `target:`, the path in the container',
      '3:11 COMPOSE_MISSING_KEY: secrets.s: one of file|environment must be set -> add one of file, environment',
    ]);
  });
});

describe('variables in what an alias brings', () => {
  it.each([
    ['as the last value', 'x-env: &env {A: $V}\nservices:\n  web:\n    image: x\n    environment: *env\n'],
    [
      'on a line of its own',
      'x-env: &env {A: $V}\nservices:\n  web:\n    image: x\n    environment:\n      *env\n',
    ],
    [
      'as the last merge',
      'x-env: &env {A: $V}\nservices:\n  web:\n    image: x\n    environment:\n      B: b\n      <<: *env\n',
    ],
    ['of a whole service', 'x-web: &web {image: x, environment: [A=$V]}\nservices:\n  web: *web\n'],
    ['in a list', 'x-a: &a A=$V\nservices:\n  web:\n    image: x\n    environment:\n      - *a\n'],
    ['in brackets', 'x-a: &a A=$V\nservices: {web: {image: x, environment: [*a]}}\n'],
  ])('are replaced %s', async (_, yaml) => {
    const project = await projectOf(yaml, { env: { V: 'value' } });
    expect(project.services.web?.canonical.environment).toMatchObject({ A: 'value' });
  });
});
