/**
 * Compiled system call filters. Compiling Docker's profile takes crun some 19 ms of processor time, four times
 * all else it does to create a container. But it leaves the program in its state directory, and takes one back
 * through an annotation: so each distinct filter is compiled once, by the first container that has it.
 * @see crun(1), run.oci.seccomp_bpf_data; crun, src/libcrun/seccomp.c
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { HostError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import type { OciSeccomp, OciSpec } from './oci.ts';

export interface FilterCache {
  /**
   * Creates a container with `create`, giving it the program for its filter where there is one, else keeping the one that
   * crun makes. While one is being made, others with the same filter wait for it.
   */
  through<T>(spec: OciSpec, stateDirectory: string, create: (spec: OciSpec) => Promise<T>): Promise<T>;
}

const annotation = 'run.oci.seccomp_bpf_data';
/** `struct sock_filter`. */
const instructionBytes = 8;

/** @param directory where programs are kept @param era names kernel and boot: programs of another are not believed */
export function filterCache(host: Host, directory: string, era: string): FilterCache {
  /** Base64, as the annotation wants it; `undefined` when the attempt to make one failed. */
  const programs = new Map<string, Promise<string | undefined>>();

  /** Writes it for the next process; a disk that is full costs no more than compiling it again. */
  const keep = async (key: string, program: string): Promise<void> => {
    try {
      await host.files.makeDirectory(directory, 0o700);
      const temporary = join(directory, `.${key}.tmp`);
      await host.files.write(temporary, Buffer.from(program, 'base64'), 0o600);
      // The rename makes it whole; it need not outlive a crash of the machine.
      await host.files.rename(temporary, join(directory, key));
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      console.error('keeping a compiled system call filter:', error);
    }
  };

  /** Others with the same filter wait until `found` is told of the program, or until this one has ended without any. */
  const createFirst = async <T>(
    key: string,
    { spec, stateDirectory, create }: Creation<T>,
    found: (program: string) => void,
  ): Promise<T> => {
    const stored = await readProgram(host, join(directory, key));
    if (stored !== undefined) {
      found(stored);
      return create(withProgram(spec, stored));
    }
    const created = await create(spec);
    const made = await readProgram(host, join(stateDirectory, 'seccomp.bpf'));
    if (made !== undefined) {
      found(made);
      await keep(key, made);
    }
    return created;
  };

  return {
    through: async (spec, stateDirectory, create) => {
      const { seccomp } = spec.linux;
      if (seccomp === undefined) return create(spec);
      const key = keyOf(seccomp, era);
      for (let known = programs.get(key); known !== undefined; known = programs.get(key)) {
        const program = await known;
        if (program !== undefined) return create(withProgram(spec, program));
      }
      const { promise, resolve } = deferred<string | undefined>();
      programs.set(key, promise);
      try {
        return await createFirst(key, { spec, stateDirectory, create }, resolve);
      } finally {
        // Without effect when a program was found.
        resolve(undefined);
        if ((await promise) === undefined) programs.delete(key);
      }
    },
  };
}

interface Creation<T> {
  readonly spec: OciSpec;
  readonly stateDirectory: string;
  readonly create: (spec: OciSpec) => Promise<T>;
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

function keyOf(seccomp: OciSeccomp, era: string): string {
  return createHash('sha256').update(era).update('\0').update(JSON.stringify(seccomp)).digest('hex');
}

function withProgram(spec: OciSpec, program: string): OciSpec {
  const { seccomp: _compiled, ...linux } = spec.linux;
  return { ...spec, annotations: { ...spec.annotations, [annotation]: program }, linux };
}

async function readProgram(host: Host, path: string): Promise<string | undefined> {
  const bytes = await host.files.readBytes(path);
  if (bytes === undefined || bytes.length === 0 || bytes.length % instructionBytes !== 0) return undefined;
  return bytes.toString('base64');
}
