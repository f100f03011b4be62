import { describe, expect, it } from 'vitest';
import schema from '../../../schemas/compose.json' with { type: 'json' };
import { patternWords } from '../../../src/compose/load/verdict/patterns.ts';
import { mistakesIn } from './loading.ts';

/** What is said of one attribute of a service, without its place and code. */
async function said(attribute: string): Promise<readonly string[]> {
  const found = await mistakesIn(`services:\n  web:\n    image: x\n    ${attribute}\n  db: {image: x}\n`);
  return found.map((mistake) => mistake.replace(/^\S+ \w+: services\.web\./, ''));
}

describe('a value of the wrong type', () => {
  it.each([
    ['ports: "80:80"', 'ports must be a list, not "80:80" -> write a list: ["80:80"]'],
    ['ports: {"80": 80}', 'ports must be a list, not a mapping -> write a list: ["80:80"]'],
    ['volumes: {./a: /b}', 'volumes must be a list, not a mapping -> write a list: ["./a:/b"]'],
    ['profiles: dev', 'profiles must be a list, not "dev" -> write a list: [dev]'],
    ['environment: A=1', 'environment must be a list or a mapping, not "A=1" -> write a list: ["A=1"]'],
    ['environment: {A: [1]}', 'environment.A must be a single value, not a list'],
    ['healthcheck: curl x', 'healthcheck must be a mapping, not "curl x" -> write {test: "curl x"}'],
    ['healthcheck: {test: a, timeout: 5}', 'healthcheck.timeout must be a string, not 5 -> write a unit: 5s'],
    ['depends_on: db', 'depends_on must be a list or a mapping, not "db" -> write a list: [db]'],
    [
      'depends_on: {db: true}',
      'depends_on.db must be a mapping, not true -> write it like {condition: service_started}',
    ],
    [
      'depends_on: [db: {restart: true}]',
      'depends_on[0] must be a string, not a mapping -> take the dashes away: with a mapping each they are no list',
    ],
    ['build: [.]', 'build must be a string or a mapping, not a list -> write it like . or {context: .}'],
    [
      'command: {a: b}',
      'command must be a string or a list, not a mapping -> write it like npm start or [npm, start]',
    ],
    [
      'env_file: {path: a}',
      'env_file must be a string or a list, not a mapping -> write a list: [{path: …}]',
    ],
    ['tty: 1', 'tty must be a boolean, not 1 -> write true or false'],
    ['cpu_count: 1.5', 'cpu_count must be a whole number, not 1.5 -> write a whole number'],
    ['privileged: "yep"', 'privileged: "yep" is no boolean -> write true or false'],
    ['scale: ""', 'scale: "" is no whole number -> write a whole number'],
  ])('is shown with what to write: %s', async (attribute, mistake) => {
    expect(await said(attribute)).toEqual([mistake]);
  });

  it('may be a name where a mapping of names is wanted, or lack a blank', async () => {
    expect(await mistakesIn('services: {web: {image: x}}\nnetworks: [a, b]\nsecrets: {s: ./file}\n')).toEqual(
      [
        '2:1 COMPOSE_TYPE: networks must be a mapping, not a list -> write names with a colon behind them: {a: {}, b: {}}',
        '3:14 COMPOSE_TYPE: secrets.s must be a mapping, not "./file" -> write {file: ./file}',
      ],
    );
    expect(await mistakesIn('services:\n  web:\n    image:x\n')).toEqual([
      '3:5 COMPOSE_TYPE: services.web must be a mapping, not "image:x" -> is a blank missing behind the colon? image: x',
    ]);
  });
});

describe('a value that is none of those that there are', () => {
  it.each([
    ['cgroup: hos', 'cgroup: "hos" is none of host, private -> did you mean "host"?'],
    ['cgroup: elsewhere', 'cgroup: "elsewhere" is none of host, private -> write one of host, private'],
    ['oom_score_adj: 5000', 'oom_score_adj: 5000 is too high: 1000 is the most'],
    [
      'container_name: w',
      'container_name: "w" cannot be the name of a container -> use letters, digits, dots, dashes and underscores, at least two',
    ],
    ['gpus: some', 'gpus: "some" is no number of devices -> write all, or a list of devices'],
    [
      'pull_policy: allways',
      'pull_policy: "allways" is none of always, never, missing, if_not_present, build, daily, weekly, refresh and every_12h -> did you mean "always"?',
    ],
  ])('is shown with them: %s', async (attribute, mistake) => {
    expect(await said(attribute)).toEqual([mistake]);
  });

  it('is never shown with a regular expression', () => {
    const patterns = new Set(
      JSON.stringify(schema)
        .match(/"pattern":"(?:[^"\\]|\\.)*"/g)
        ?.map((each) => JSON.parse(`{${each}}`).pattern),
    );
    expect([...patterns].sort()).toEqual(Object.keys(patternWords).sort());
  });
});

describe('an unknown attribute', () => {
  it.each([
    ['imagee: y', ': unknown attribute "imagee" -> did you mean "image"?'],
    ['env: {A: b}', ': unknown attribute "env" -> did you mean "environment"?'],
    ['depends: [db]', ': unknown attribute "depends" -> did you mean "depends_on"?'],
    ['stop: 5s', ': unknown attribute "stop" -> did you mean "stop_grace_period"?'],
    ['replicas: 2', ': unknown attribute "replicas" -> it belongs under `deploy:`'],
    ['memory: 5m', ': unknown attribute "memory" -> it belongs under `deploy.resources.limits:`'],
    ['services: {}', ': unknown attribute "services" -> it belongs at the top level, without indentation'],
    ['zzz: 1', ': unknown attribute "zzz"'],
  ])('is shown with what was meant or where it belongs: %s', async (attribute, mistake) => {
    const found = await mistakesIn(`services:\n  web:\n    image: x\n    ${attribute}\n  db: {image: x}\n`);
    expect(found.map((each) => each.replace(/^\S+ \w+: services\.web/, ''))).toEqual([mistake]);
  });

  it('is looked for further out too', async () => {
    expect(await said('build: {context: ., image: y}')).toEqual([
      'build: unknown attribute "image" -> it belongs to services.web: indent it less',
    ]);
    expect(await mistakesIn('image: x\nservices: {web: {image: x}}\n')).toEqual([
      '1:1 COMPOSE_UNKNOWN_KEY: unknown attribute "image" at the top level -> it belongs to a service: indent it below the name of one',
    ]);
    expect(await mistakesIn('own: x\nservices: {web: {image: x}}\n')).toEqual([
      '1:1 COMPOSE_UNKNOWN_KEY: unknown attribute "own" at the top level -> keys of your own start with x-',
    ]);
  });
});

describe('a mistake of blanks is told once, as what it is', () => {
  it.each([
    [
      'volumes:\n      - ./a: /b',
      'volumes[0] is a mapping, because of the blank behind the colon -> write "./a:/b" without the blank',
    ],
    [
      'environment:\n      - A: 1',
      'environment[0] is a mapping, because of the blank behind the colon -> write "A=1", or take the dashes away from all of them',
    ],
  ])('%j', async (attribute, mistake) => {
    expect(await said(attribute)).toEqual([mistake]);
  });

  it('attributes that stand beside their service', async () => {
    expect(await mistakesIn('services:\n  web:\n  image: x\n  ports: ["80"]\n')).toEqual([
      '3:10 COMPOSE_TYPE: services.image must be a service, and "image" is an attribute of one -> indent it, so that it belongs to "web"',
      '4:3 COMPOSE_TYPE: services.ports must be a service, and "ports" is an attribute of one -> indent it, so that it belongs to "web"',
    ]);
  });

  it('services that stand beside `services:`', async () => {
    expect(await mistakesIn('services:\nweb:\n  image: x\n')).toEqual([
      '2:1 COMPOSE_UNKNOWN_KEY: unknown attribute "web" at the top level -> a service is indented below `services:`; keys of your own start with x-',
    ]);
  });

  it('a service that has nothing', async () => {
    expect(await mistakesIn('services:\n  web:\n')).toEqual([
      '2:3 COMPOSE_TYPE: services.web is empty and must be a mapping -> indent what belongs to it, at least `image:` or `build:`',
    ]);
  });
});

describe('what follows from a mistake is not told as another', () => {
  it.each([
    [
      'volumes: [{type: bind, source: ./a, targt: /b}]',
      ['volumes[0]: unknown attribute "targt" -> did you mean "target"?'],
    ],
    [
      'ulimits: {nofile: {soft: 1, hrad: 2}}',
      ['ulimits.nofile: unknown attribute "hrad" -> did you mean "hard"?'],
    ],
  ])('%s', async (attribute, mistakes) => {
    expect(await said(attribute)).toEqual(mistakes);
  });

  it('a service whose base is missing is not blamed for having no image', async () => {
    expect(await mistakesIn('services:\n  web: {extends: {service: bse}}\n  base: {image: x}\n')).toEqual([
      '2:28 COMPOSE_EXTENDS: cannot extend service "web": service "bse" not found -> did you mean "base"?',
    ]);
  });
});

describe('YAML that cannot be read', () => {
  it.each([
    [
      'services:\n  web:\n    image: x\n   tty: true\n',
      '4:4 COMPOSE_YAML: this line does not begin where the others of its list or mapping do -> it begins in column 4: write it in column 1, 3 or 5',
    ],
    [
      'services:\n  web:\n    command: echo a: b # c\n',
      '3:14 COMPOSE_YAML: a value without quotes cannot hold a second key -> put it in quotes: "echo a: b"',
    ],
    [
      'services:\n  web:\n    image: @x\n',
      '3:12 COMPOSE_YAML: a value without quotes cannot begin with @ -> put it in quotes: YAML keeps the character for itself',
    ],
  ])('is told of in words: %j', async (yaml, mistake) => {
    expect(await mistakesIn(yaml)).toEqual([mistake]);
  });
});

describe('a variable that is none', () => {
  it.each([
    [
      '"${A"',
      'hostname: "${A" is no variable -> write the closing }; a dollar that means itself is written $$',
    ],
    [
      '"${1A}"',
      'hostname: "${1A}" is no variable -> write ${NAME} or ${NAME:-default}; a dollar that means itself is written $$',
    ],
  ])('is shown as it is written: %s', async (value, mistake) => {
    expect(await said(`hostname: ${value}`)).toEqual([mistake]);
  });
});
