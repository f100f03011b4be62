import { describe, expect, it } from 'vitest';
import { loadPrinted } from '../../../src/compose/index.ts';
import { fitTogether } from '../../../src/compose/load/parts/fit.ts';
import { makeParts, type PartsOptions, printInParts } from '../../../src/compose/load/parts/index.ts';
import type { LoadOptions } from '../../../src/compose/load/reader.ts';
import { optionsFor } from './loading.ts';

const small: Partial<PartsOptions> = { from: 0, size: 2 };

function project(yaml: string): LoadOptions {
  return optionsFor({ '/p/compose.yaml': yaml, '/p/web.env': 'A=1\n' }, { purpose: 'read' });
}

function inParts(yaml: string, given: Partial<PartsOptions> = {}): Promise<string | undefined> {
  return printInParts(project(yaml), { ...small, ...given });
}

async function whole(yaml: string): Promise<string | undefined> {
  return (await loadPrinted(project(yaml))).text;
}

const shop = `
name: shop
services:
  # The one that people see.
  web:
    image: web:1
    depends_on: [zoo, api]
    ports: ["80:80"]
    env_file: web.env
    networks: [front]
  api:
    image: api:1
    command: echo "$$HOME" \${MISSING:-here}
    volumes: ["data:/data", "./conf:/conf:ro"]

  zoo:
    image: zoo:1
    container_name: zoo
  a-b.c_d: {image: x, secrets: [s]}
  last:
    image: last:1
    networks: {front: {aliases: [l]}, back: {}}
networks:
  back: {driver: bridge, driver_opts: {z: "1", a: "2"}}
  front:
  unused:
volumes: {data: {}, other: {}}
secrets: {s: {file: ./s.txt}}
x-note: {b: 1, a: [2]}
`;

describe('a project in parts', () => {
  it('is printed as it is when it is loaded as a whole', async () => {
    const text = await whole(shop);
    expect(text).toContain('here');
    expect(await inParts(shop)).toBe(text);
    expect(await inParts(shop, { size: 1 })).toBe(text);
    expect(await inParts(shop, { size: 100 })).toBe(text);
  });

  it('is made by several threads together', async () => {
    let services = 0;
    const helper: PartsOptions['helper'] = async (job) => {
      const { reader, ...rest } = project(shop);
      expect(structuredClone(job.options)).toEqual(rest);
      const made = structuredClone(await makeParts(job, reader));
      services += made?.members.length ?? 0;
      return made;
    };
    expect(await inParts(shop, { size: 1, helper })).toBe(await whole(shop));
    expect(services).toBeGreaterThan(0);
  });

  it('is loaded as a whole where the other thread does not answer', async () => {
    const helper: PartsOptions['helper'] = async ({ next }) => {
      Atomics.add(next, 0, 1);
      return undefined;
    };
    expect(await inParts(shop, { size: 1, helper })).toBe(undefined);
  });

  it('reads a file that can be read only once', async () => {
    const { reader, ...options } = project(shop);
    let reads = 0;
    const readText = async (path: string): Promise<string | undefined> => {
      if (path !== '/p/compose.yaml') return reader.readText(path);
      reads += 1;
      return reads === 1 ? shop : '';
    };
    expect((await loadPrinted({ ...options, reader: { ...reader, readText } })).text).toBe(await whole(shop));
  });

  it('is not made of small files', async () => {
    expect(await inParts(shop, { from: shop.length + 1 })).toBe(undefined);
  });

  it.each([
    ['a mistake', 'services:\n  a: {image: x, prots: []}\n  b: {image: x}\n'],
    ['a warning', 'version: "3"\nservices:\n  a: {image: x}\n  b: {image: x}\n'],
    ['a variable that is not set', `services:\n  a: {image: "\${X}y"}\n`],
    ['a dependency on nothing', 'services:\n  a: {image: x, depends_on: [c]}\n  b: {image: x}\n'],
    ['a circle', 'services:\n  a: {image: x, depends_on: [b]}\n  b: {image: x, depends_on: [a]}\n'],
    [
      'a circle beside what is none',
      'services:\n  a: {image: x, depends_on: [c]}\n  b: {image: x}\n  c: {image: x, depends_on: [a, b]}\n',
    ],
    [
      'one name of two containers',
      'services:\n  a: {image: x, container_name: c}\n  b: {image: x}\n  d: {image: x, container_name: c}\n',
    ],
    ['a service twice', 'services:\n  a: {image: x}\n  b: {image: x}\n  a: {image: y}\n'],
    ['services that may be off', 'services:\n  a: {image: x, profiles: [p]}\n  b: {image: x}\n'],
    ['an anchor', 'services:\n  a: &a {image: x}\n  b: *a\n'],
    ['a merge', 'x-a: &a {image: x}\nservices:\n  a:\n    <<: *a\n'],
    ['a tag', 'services:\n  a: {image: x, ports: !reset []}\n'],
    ['extends', 'services:\n  a: {extends: b}\n  b: {image: x}\n'],
    ['include', 'include: [other.yaml]\nservices:\n  a: {image: x}\n'],
    ['two documents', 'services:\n  a: {image: x}\n---\nservices:\n  b: {image: x}\n'],
    ['services in one line', 'services: {a: {image: x}, b: {image: x}}\n'],
    ['a quoted name', 'services:\n  "a": {image: x}\n  b: {image: x}\n'],
    ['no services', 'networks: {a: {}}\n'],
    ['services that say nothing', 'services:\n  a:\n  b: {image: x}\n'],
    ['more around the services than in them', `services:\n  a: {image: x}\nx-a: ${'y'.repeat(100_000)}\n`],
    ['a text whose end is missing', 'services:\n  a: {image: "x}\n  b: {image: x}\n'],
  ])('is loaded as a whole for %s', async (_, yaml) => {
    expect(await inParts(yaml, { size: 1 })).toBe(undefined);
  });

  it('takes its time only once where very many services wait for one', () => {
    const one = { name: 'db', container: undefined, dependsOn: [] };
    const many = Array.from({ length: 200_000 }, (_, index) => ({
      ...one,
      name: `${index}`,
      dependsOn: ['db'],
    }));
    expect(fitTogether([...many, one])).toBe(true);
  });

  it('keeps a text of several lines together', async () => {
    const yaml =
      'services:\n  a:\n    image: x\n    command: |\n      one:\n\n      two: |\n  b:\n    image: "x\n      y"\n    labels:\n      c: >-\n        # no comment\n        d:\n';
    expect(await whole(yaml)).toContain('one:');
    expect(await inParts(yaml, { size: 1 })).toBe(await whole(yaml));
  });
});
