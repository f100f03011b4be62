/** The short syntax of `volumes`: `[source:]target[:options]`. Exported for `run -v` too. */

export interface ShortMount {
  readonly type: 'bind' | 'volume' | 'npipe';
  readonly source?: string;
  readonly target: string;
  readonly read_only?: boolean;
  readonly bind?: {
    readonly propagation?: string;
    readonly create_host_path?: boolean;
    readonly selinux?: string;
  };
  readonly volume?: { readonly nocopy?: boolean };
}

/**
 * A source that starts with `.`, `/`, `~` or a drive letter is a host path, any other the name of a volume.
 * Options that nobody knows are passed over, as the reference does.
 * A one-letter name before a colon reads as a drive: `v:/v` is an anonymous volume with target `v:/v`.
 */
export function parseVolume(text: string): { mount: ShortMount } | { problem: string } {
  const match = common.exec(text);
  if (match !== null) return { mount: build(match[1]!, match[2]!, match[3]) };
  if (text === '') return { problem: 'invalid empty volume spec' };
  if (text.length <= 2) return { mount: { type: 'volume', target: text } };
  const fields = splitFields(text);
  if (fields.includes('')) return { problem: `invalid spec: ${text}: empty section between colons` };
  if (fields.length > 3) return { problem: `invalid spec: ${text}: too many colons` };
  const [first, second, options] = fields;
  if (second === undefined) return { mount: { type: 'volume', target: first!, volume: {} } };
  return { mount: build(first!, second, options) };
}

/** `source:/target` and perhaps options, as most are; a source of one letter may be a drive. */
const common = /^([^:$]{2,}):(\/[^:$]*)(?::([^:$]+))?$/;

/** The target alone; `undefined` where it is no volume. */
export function targetOf(text: string): string | undefined {
  const match = common.exec(text);
  if (match !== null) return match[2];
  if (text === '') return undefined;
  if (text.length <= 2) return text;
  const fields = splitFields(text);
  return fields.includes('') ? undefined : (fields[1] ?? fields[0]);
}

function splitFields(text: string): string[] {
  // Neither a variable nor a drive.
  if (!/\$\{|(?:^|:)[a-zA-Z]:/.test(text)) return text.split(':');
  const fields: string[] = [];
  let field = '';
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '$' && text[at + 1] === '{') {
      // A variable that was not replaced keeps its colons.
      const close = text.indexOf('}', at);
      const end = close === -1 ? text.length : close + 1;
      field += text.slice(at, end);
      at = end - 1;
    } else if (text[at] === ':' && !isDrive(field, text[at + 1])) {
      fields.push(field);
      field = '';
    } else field += text[at];
  }
  return [...fields, field];
}

/** `c:\x` and `c:/x` keep their colon. */
function isDrive(field: string, next: string | undefined): boolean {
  return /^[a-zA-Z]$/.test(field) && next !== undefined && next !== ':';
}

function build(source: string, target: string, options: string | undefined): ShortMount {
  const read = readOptions(options);
  const own = { source, target, ...(read.readOnly && { read_only: true }) };
  const bind = {
    ...(read.selinux && { selinux: read.selinux }),
    ...(read.propagation && { propagation: read.propagation }),
  };
  const volume = read.nocopy ? { nocopy: true } : {};
  if (isHostPath(source)) {
    const rest = read.nocopy ? { volume } : {};
    return { type: 'bind', ...own, bind: { ...bind, create_host_path: true }, ...rest };
  }
  if (source.startsWith('\\\\.\\pipe\\')) return { type: 'npipe', ...own };
  const isLabelled = read.selinux !== undefined || read.propagation !== undefined;
  return { type: 'volume', ...own, ...(isLabelled && { bind }), volume };
}

export function isHostPath(source: string): boolean {
  return /^[.~/]/.test(source) || /^[a-zA-Z]:[\\/]/.test(source);
}

interface Options {
  readOnly?: boolean;
  nocopy?: boolean;
  propagation?: string;
  selinux?: string;
}

function readOptions(text: string | undefined): Options {
  const read: Options = {};
  for (const option of text?.split(',') ?? []) {
    if (option === 'ro') read.readOnly = true;
    else if (option === 'rw') read.readOnly = false;
    else if (option === 'nocopy') read.nocopy = true;
    else if (option === 'z' || option === 'Z') read.selinux = option;
    else if (/^r?(shared|slave|private)$/.test(option)) read.propagation = option;
  }
  return read;
}
