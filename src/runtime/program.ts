/**
 * Finds out before the start what execve(2) would refuse. The OCI runtimes look for the program when they create
 * the container, but learn only after the start that it is no program: too late to tell anybody.
 */
import { posix } from 'node:path';
import type { Host } from '../host/host.ts';
import { closeDescriptor, findInRoot, readInRoot } from '../host/rooted.ts';
import { defaultPath, variable } from './environment.ts';
import { explainFailure, type StartFailure } from './failures.ts';
import type { OciProcess } from './oci.ts';

/** Enough for an ELF file's headers and the name of its loader, in what compilers make. */
const headBytes = 4096;

/** @param root of the created container, as its process sees it @param arch Go's name of our architecture */
export async function refusedProgram(
  host: Host,
  root: string,
  process: Pick<OciProcess, 'args' | 'env' | 'cwd'>,
  arch: string,
): Promise<StartFailure | undefined> {
  const program = process.args[0] ?? '';
  for (const path of candidates(program, process)) {
    const head = await readInRoot(root, path, headBytes);
    if (head !== undefined) return judge(host, root, head, { program, arch });
  }
  return undefined;
}

/**
 * As `refusedProgram`, for a command that no OCI runtime has looked at yet: it may not be there at all.
 * Who may run the file is left to the kernel.
 */
export async function refusedCommand(
  host: Host,
  root: string,
  process: Pick<OciProcess, 'args' | 'env' | 'cwd'>,
  arch: string,
): Promise<StartFailure | undefined> {
  const program = process.args[0] ?? '';
  const kinds = await Promise.all(candidates(program, process).map((path) => kindOf(host, root, path)));
  if (kinds.includes('program')) return refusedProgram(host, root, process, arch);
  if (kinds.includes('file')) return explainFailure('exec: permission denied', program);
  if (kinds.includes('directory') && program.includes('/')) return explainFailure('is a directory', program);
  return explainFailure('executable file not found in $PATH', program);
}

const anyMayExecute = 0o111;

async function kindOf(
  host: Host,
  root: string,
  path: string,
): Promise<'program' | 'file' | 'directory' | 'nothing'> {
  const found = await findInRoot(root, path);
  if (found === undefined) return 'nothing';
  try {
    const file = await host.files.stat(found.path);
    if (file === undefined) return 'nothing';
    if (file.isDirectory()) return 'directory';
    return (file.mode & anyMayExecute) === 0 ? 'file' : 'program';
  } finally {
    closeDescriptor(found.fd);
  }
}

async function judge(
  host: Host,
  root: string,
  head: Buffer,
  { program, arch }: { program: string; arch: string },
): Promise<StartFailure | undefined> {
  const kind = programKind(head, arch);
  if (kind.kind === 'foreign')
    return (await hasForeignLoaders(host)) ? undefined : explainFailure('exec format error', program);
  if (kind.interpreter === undefined || (await exists(root, kind.interpreter))) return undefined;
  return explainFailure('exec container process: no such file or directory', program);
}

async function exists(root: string, path: string): Promise<boolean> {
  return (await readInRoot(root, path, 1)) !== undefined;
}

function candidates(program: string, process: Pick<OciProcess, 'env' | 'cwd'>): string[] {
  if (program.includes('/')) return [posix.resolve(process.cwd, program)];
  const directories = (variable(process.env, 'PATH') ?? defaultPath).split(':');
  return directories.map((directory) => posix.resolve(process.cwd, directory, program));
}

/** What the kernel can load of itself, with the program it needs for that, or what it cannot. */
export type ProgramKind =
  | { readonly kind: 'loadable'; readonly interpreter?: string }
  | { readonly kind: 'foreign' };

export function programKind(head: Buffer, arch: string): ProgramKind {
  if (head.subarray(0, 2).toString('latin1') === '#!') return script(head);
  if (head.subarray(0, 4).toString('latin1') === '\x7fELF') return elf(head, arch);
  return { kind: 'foreign' };
}

function script(head: Buffer): ProgramKind {
  const line = head.toString('latin1').slice(2).split('\n', 1)[0] ?? '';
  const interpreter = line.trim().split(/\s+/)[0] ?? '';
  return interpreter === '' ? { kind: 'foreign' } : { kind: 'loadable', interpreter };
}

/** ELF machines that each architecture runs, its own and its 32-bit kin. @see elf(5), `<linux/elf-em.h>` */
const machines: Readonly<Record<string, readonly number[]>> = {
  amd64: [62, 3],
  '386': [3],
  arm64: [183, 40],
  arm: [40],
  riscv64: [243],
  s390x: [22],
  ppc64le: [21],
  loong64: [258],
};

const PT_INTERP = 3;

/** Only little-endian 64-bit files are read for their loader; the others are left to the kernel. */
function elf(head: Buffer, arch: string): ProgramKind {
  const littleEndian = head[5] === 1;
  const machine = littleEndian ? head.readUInt16LE(18) : head.readUInt16BE(18);
  const known = machines[arch];
  if (known !== undefined && !known.includes(machine)) return { kind: 'foreign' };
  const is64 = head[4] === 2;
  const interpreter = littleEndian && is64 ? loader(head) : undefined;
  return { kind: 'loadable', ...(interpreter === undefined ? {} : { interpreter }) };
}

function loader(head: Buffer): string | undefined {
  const table = Number(head.readBigUInt64LE(32));
  const size = head.readUInt16LE(54);
  const count = head.readUInt16LE(56);
  for (let at = table; at < table + count * size && at + 56 <= head.length; at += size) {
    if (head.readUInt32LE(at) !== PT_INTERP) continue;
    const offset = Number(head.readBigUInt64LE(at + 8));
    const end = offset + Number(head.readBigUInt64LE(at + 32));
    if (end > head.length) return undefined;
    return head.subarray(offset, end).toString('latin1').replace(/\0.*$/s, '');
  }
  return undefined;
}

/** With binfmt_misc the kernel can load anything. */
async function hasForeignLoaders(host: Host): Promise<boolean> {
  const entries = await host.files.list('/proc/sys/fs/binfmt_misc');
  return entries.some(({ name }) => name !== 'register' && name !== 'status');
}
