/**
 * Compiled system call filters. Compiling Docker's profile takes crun some 19 ms of processor time, four times
 * all else it does to create a container. But it leaves the program in its state directory, and takes one back
 * through an annotation: so each distinct filter is compiled once, by the first container that has it.
 * @see crun(1), run.oci.seccomp_bpf_data; crun, src/libcrun/seccomp.c
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
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

  /** The rename makes it whole; it need not outlive a crash of the machine. */
  const keep = async (key: string, program: string): Promise<void> => {
    await host.files.makeDirectory(directory, 0o700);
    const temporary = join(directory, `.${key}.tmp`);
    await host.files.write(temporary, Buffer.from(program, 'base64'), 0o600);
    await host.files.rename(temporary, join(directory, key));
  };

  return {
    through: async (spec, stateDirectory, create) => {
      const { seccomp } = spec.linux;
      if (seccomp === undefined) return create(spec);
      const key = keyOf(seccomp, era);
      while (programs.has(key)) {
        const known = await programs.get(key);
        if (known !== undefined) return create(withProgram(spec, known));
      }
      const { promise, resolve } = deferred<string | undefined>();
      programs.set(key, promise);
      try {
        const stored = await readProgram(host, join(directory, key));
        if (stored !== undefined) {
          resolve(stored);
          return await create(withProgram(spec, stored));
        }
        const created = await create(spec);
        const made = await readProgram(host, join(stateDirectory, 'seccomp.bpf'));
        resolve(made);
        if (made === undefined) programs.delete(key);
        else await keep(key, made);
        return created;
      } catch (error) {
        // Nobody to wait for: the next one tries. Without effect when a program was found.
        resolve(undefined);
        if ((await promise) === undefined) programs.delete(key);
        throw error;
      }
    },
  };
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
