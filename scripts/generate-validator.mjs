/**
 * Turns schemas/compose.json into code, so that no schema is compiled when the program starts: one module that says
 * only whether a document is in order, and one, more than twice as long, that says what is wrong with it.
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

const acceptTypes = `/** Whether \`validate\` finds nothing. */
declare function accepts(data: unknown): boolean;
export default accepts;
`;

/** @returns {Promise<boolean>} whether anything had to be written */
export async function generateValidator() {
  const inputs = await Promise.all(
    [schemaPath, fileURLToPath(import.meta.url)].map((path) => readFile(path)),
  );
  const stamp = `// ${createHash('sha256').update(inputs[0]).update(inputs[1]).digest('hex')}\n`;
  const target = join(directory, 'validate.mjs');
  if ((await readStart(target, stamp.length)) === stamp) return false;
  const schema = withoutProse(JSON.parse(inputs[0].toString()));
  await mkdir(directory, { recursive: true });
  await replace(join(directory, 'accepts.d.mts'), acceptTypes);
  await replace(
    join(directory, 'accepts.mjs'),
    stamp + (await bundled(silent(await validatorOf(inPieces(schema))))),
  );
  await replace(join(directory, 'validate.d.mts'), types);
  // Last: what was interrupted is not up to date.
  await replace(target, stamp + (await bundled(shorter(await validatorOf(schema)))));
  return true;
}

async function validatorOf(schema) {
  const { default: Ajv } = await import('ajv');
  const { default: standaloneCode } = await import('ajv/dist/standalone/index.js');
  const ajv = new Ajv.default({
    allErrors: true,
    strict: false,
    inlineRefs: false,
    messages: false,
    code: { source: true, lines: true },
  });
  return withoutSchemas(standaloneCode.default(ajv, ajv.compile(schema)));
}

/** One module without imports, whoever loads it. */
async function bundled(code) {
  const { build } = await import('esbuild');
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

/**
 * Ajv's code carries the whole schema, and asks it for the few lists of types and words that errors name, and for which
 * keys there are: making all of it takes a twentieth of a small file's time. These values take its place.
 */
function withoutSchemas(code) {
  const schemas = new Map();
  const declaration = /^const (schema\d+) = (\{.*\});?$/gm;
  const rest = code.replace(declaration, (_, name, text) => {
    schemas.set(name, JSON.parse(text));
    return '';
  });
  const keys = [];
  const short = rest.replace(/\b(schema\d+)((?:\.[\w$]+|\["(?:[^"\\]|\\.)*"\])+)/g, (_, name, path) => {
    const value = valueAt(schemas.get(name), path);
    if (Array.isArray(value) || typeof value !== 'object') return JSON.stringify(value);
    keys.push(
      `const keys${keys.length} = ${JSON.stringify(Object.fromEntries(Object.keys(value).map((key) => [key, 0])))};`,
    );
    return `keys${keys.length - 1}`;
  });
  if (/\bschema\d/.test(short)) throw new Error('the validator still asks for a schema: see withoutSchemas');
  return `${keys.join('\n')}\n${short}`;
}

function valueAt(schema, path) {
  let value = schema;
  for (const [, name, quoted] of path.matchAll(/\.([\w$]+)|\[("(?:[^"\\]|\\.)*")\]/g))
    value = value[name ?? JSON.parse(quoted)];
  if (value === undefined) throw new Error(`the schema has no ${path}: see withoutSchemas`);
  return value;
}

/** How a mistake is noted. */
const note =
  /const (err\d+) = \{instancePath(?::(.*))?,schemaPath:(".*?"),keyword:("\w+"),params:(\{.*\})\};\nif\(vErrors === null\)\{\nvErrors = \[\1\];\n\}\nelse \{\nvErrors\.push\(\1\);\n\}/g;

/** Ajv writes it out at each of five hundred places: one function does it for all of them. */
function shorter(code) {
  const called = code.replace(
    note,
    (_, __, path = 'instancePath', ...rest) =>
      `vErrors = noted(vErrors, ${path}, ${rest.slice(0, 3).join(', ')});`,
  );
  if (/\berr\d/.test(called)) throw new Error('the validator notes a mistake in another way: see shorter');
  return `${noted}\n${called}`;
}

const noted = `function noted(all, instancePath, schemaPath, keyword, params) {
  const one = { instancePath, schemaPath, keyword, params };
  if (all === null) return [one];
  all.push(one);
  return all;
}`;

/** Mistakes are counted, and neither noted nor handed on. */
function silent(code) {
  const called =
    /if\(!\((validate\d+)\(([^,]+), ?\{instancePath.*\}\)\)\)\{\nvErrors = vErrors === null \? \1\.errors : vErrors\.concat\(\1\.errors\);\nerrors = vErrors\.length;\n\}/g;
  const takenBack =
    /if\(vErrors !== null\)\{\nif\((_errs\d+)\)\{\nvErrors\.length = \1;\n\}\nelse \{\nvErrors = null;\n\}\n\}/g;
  const counted = code
    .replace(note, '')
    .replace(called, 'if(!$1($2)) errors++;')
    .replace(takenBack, '')
    .replace(/let vErrors = null;|validate\d+\.errors = vErrors;/g, '')
    .replace(/, \{instancePath="", parentData, parentDataProperty, rootData=data\}=\{\}/g, '');
  if (/vErrors|instancePath/.test(counted))
    throw new Error('the validator notes a mistake in another way: see silent');
  return counted;
}

/**
 * The same schema with what it says of a property in a definition of its own, which becomes a function: V8 compiles
 * those alone that a file has a use for.
 */
function inPieces({ definitions, ...schema }) {
  const pieces = new Map();
  const apart = (property) => {
    const text = JSON.stringify(property);
    if (text.length < shortest || property.$ref !== undefined) return property;
    if (!pieces.has(text)) pieces.set(text, `piece${pieces.size}`);
    return { $ref: `#/definitions/${pieces.get(text)}` };
  };
  const within = (value) => {
    if (Array.isArray(value)) return value.map(within);
    if (value === null || typeof value !== 'object') return value;
    const entries = Object.entries(value).map(([key, each]) => [key, within(each)]);
    const own = Object.fromEntries(entries);
    return isSchema(value.properties) ? { ...own, properties: mapValues(own.properties, apart) } : own;
  };
  const whole = { ...within(schema), definitions: within(definitions) };
  const made = [...pieces].map(([text, name]) => [name, JSON.parse(text)]);
  return { ...whole, definitions: { ...whole.definitions, ...Object.fromEntries(made) } };
}

/** In characters: what takes less is checked in less time than a function is called. */
const shortest = 60;

function isSchema(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
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
