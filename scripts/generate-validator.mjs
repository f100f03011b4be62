/**
 * Turns schemas/compose.json into code, so that no schema is compiled when the program starts.
 * Writes src/compose/load/generated/ (not kept in git); does nothing when that is up to date.
 * Runs before the type check, the tests and the build: `node scripts/generate-validator.mjs`.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const schemaPath = join(root, 'schemas/compose.json');
const directory = join(root, 'src/compose/load/generated');

const types = `export interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}
export interface Validate {
  (data: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}
declare const validate: Validate;
export default validate;
`;

/** @returns {Promise<boolean>} whether anything had to be written */
export async function generateValidator() {
  const inputs = await Promise.all(
    [schemaPath, fileURLToPath(import.meta.url)].map((path) => readFile(path)),
  );
  const stamp = `// ${createHash('sha256').update(inputs[0]).update(inputs[1]).digest('hex')}\n`;
  const target = join(directory, 'validate.mjs');
  if ((await readStart(target, stamp.length)) === stamp) return false;
  const code = await compile(JSON.parse(inputs[0].toString()));
  await mkdir(directory, { recursive: true });
  await replace(join(directory, 'validate.d.mts'), types);
  await replace(target, stamp + code);
  return true;
}

async function compile(schema) {
  const { default: Ajv } = await import('ajv');
  const { default: standaloneCode } = await import('ajv/dist/standalone/index.js');
  const { build } = await import('esbuild');
  const ajv = new Ajv.default({
    allErrors: true,
    strict: false,
    inlineRefs: false,
    messages: false,
    code: { source: true, lines: false },
  });
  const code = standaloneCode.default(ajv, ajv.compile(withoutProse(schema)));
  // One module without imports, whoever loads it.
  const bundle = await build({
    stdin: { contents: code, resolveDir: root, loader: 'js' },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    target: 'node20',
    minify: true,
    write: false,
    logLevel: 'silent',
  });
  return bundle.outputFiles[0].text;
}

/** Descriptions are for editors; the validator need not carry them. */
function withoutProse(value) {
  if (Array.isArray(value)) return value.map(withoutProse);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(
    ([key, each]) => key !== 'description' || typeof each !== 'string',
  );
  return Object.fromEntries(entries.map(([key, each]) => [key, withoutProse(each)]));
}

async function readStart(path, length) {
  try {
    return (await readFile(path, 'utf8')).slice(0, length);
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Several of us may run at once: whoever is last wins, nobody reads half a file. */
async function replace(path, text) {
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, text);
  await rename(temporary, path);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await generateValidator();
}
