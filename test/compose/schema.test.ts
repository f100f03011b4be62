/** The schema that editors use and the validator is made of, held to the official one. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';
import { afterAll, describe, expect, it } from 'vitest';
import accepts from '../../src/compose/load/generated/accepts.mjs';
import validate from '../../src/compose/load/generated/validate.mjs';
import { toJson } from '../../src/compose/load/node.ts';
import { collectProblems } from '../../src/compose/load/problems.ts';
import { makeSource } from '../../src/compose/load/source.ts';
import { parseYaml } from '../../src/compose/load/yaml.ts';
import type { Json } from '../../src/compose/model/project.ts';
import { unpackCorpus } from '../corpus/cases.ts';
import { mutated, seeded } from './mutations.ts';

type Schema = { readonly [key: string]: Json };

function schemaIn(path: string): Schema {
  // The official one names its draft by an address that no validator knows.
  const { $schema: _, ...schema } = JSON.parse(
    readFileSync(join(import.meta.dirname, path), 'utf8'),
  ) as Schema;
  return schema;
}

const own = schemaIn('../../schemas/compose.json');
const official = schemaIn('official/compose-spec.json');

describe('the schema', () => {
  it('describes every key', () => {
    const silent: string[] = [];
    const visit = (value: Json, path: string): void => {
      if (value === null || typeof value !== 'object') return;
      for (const [key, part] of Object.entries(value)) {
        if (key === 'properties' || key === 'patternProperties')
          for (const [name, { description }] of Object.entries(part as Record<string, Schema>))
            if (typeof description !== 'string' || description.trim() === '') silent.push(`${path}.${name}`);
        visit(part, `${path}.${key}`);
      }
    };
    visit(own, '$');
    expect(silent).toEqual([]);
  });
});

interface Difference {
  readonly refusedBy: 'own' | 'official';
  /** Place and kind of an error that the refusing one has: `/services/web/ports uniqueItems`. */
  readonly error: RegExp;
  readonly why: string;
}

const differences: readonly Difference[] = [
  {
    refusedBy: 'official',
    error: /^\/services\/[^/]+\/models\/[^/]+ type$/,
    why: 'A model of a service that is written without a value is one without options, as it is for networks.',
  },
  {
    refusedBy: 'official',
    error: /^\/services\/[^/]+(\/build)? additionalProperties$/,
    why: '`pre_start` and `build.no_cache_filter` are younger than the copy.',
  },
  {
    refusedBy: 'own',
    error: /^\/(networks|models) additionalProperties$/,
    why: 'The names of networks and models have the form that all other names have.',
  },
  {
    refusedBy: 'own',
    error: /^\/(secrets|configs)\/[^/]+\/external additionalProperties$/,
    why: 'The old `external: {name: …}` takes nothing else, as in networks and volumes.',
  },
  {
    refusedBy: 'own',
    error: /^\/services\/[^/]+\/volumes\/\d+\/tmpfs\/mode type$/,
    why: 'Docker Compose refuses a mode in quotes.',
  },
];

const corpus = unpackCorpus();
afterAll(corpus.remove);

describe('the schema as code', () => {
  it('comes to the same verdict with and without the mistakes themselves', () => {
    const random = seeded(2);
    const verdicts = { accepted: 0, refused: 0 };
    for (const document of documentsBelow(corpus.directory)) {
      for (const variant of [document, ...Array.from({ length: 4 }, () => mutated(document, random))]) {
        expect(accepts(variant)).toBe(validate(variant));
        verdicts[accepts(variant) ? 'accepted' : 'refused'] += 1;
      }
    }
    expect(Math.min(verdicts.accepted, verdicts.refused)).toBeGreaterThan(500);
  });
});

describe('the schema and the official one', () => {
  const compile = (schema: Schema): ((document: Json) => readonly string[]) => {
    const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema);
    return (document) => (validate(document) ? [] : (validate.errors ?? []).map(described));
  };
  const errorsOf = { own: compile(own), official: compile(official) };

  // As they are written: that is what an editor checks. The loader checks what variables have made of them.
  it('accept and refuse the same documents, apart from the listed differences', () => {
    const random = seeded(1);
    const used = new Set<Difference>();
    const unexplained = new Set<string>();
    for (const document of documentsBelow(corpus.directory)) {
      const variants = [document, ...Array.from({ length: 4 }, () => mutated(document, random))];
      for (const variant of variants) {
        const [mine, theirs] = [errorsOf.own(variant), errorsOf.official(variant)];
        if ((mine.length === 0) === (theirs.length === 0)) continue;
        const refusedBy = mine.length > 0 ? 'own' : 'official';
        const errors = [...mine, ...theirs];
        const row = differences.find(
          (each) => each.refusedBy === refusedBy && errors.some((error) => each.error.test(error)),
        );
        if (row === undefined) unexplained.add(`${refusedBy}: ${errors.slice(0, 4).join(', ')}`);
        else used.add(row);
      }
    }
    expect([...unexplained]).toEqual([]);
    expect(differences.filter((row) => !used.has(row)).map(({ why }) => why)).toEqual([]);
  });
});

function described({ instancePath, keyword }: ErrorObject): string {
  return `${instancePath} ${keyword}`;
}

function documentsBelow(directory: string): readonly Json[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .flatMap((path) =>
      parseYaml(makeSource(path, readFileSync(path, 'utf8')), collectProblems()).map(toJson),
    );
}
