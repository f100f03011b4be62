/** Paths of the host that containers are to see, and that are not there. */
import type { ContainerSpec } from '../../compose/plan/plan.ts';
import type { Problem } from '../../errors.ts';
import { placeOf, type Question } from './question.ts';

export async function fileProblems({ parts, specs, places }: Question): Promise<Problem[]> {
  // Replicas ask for the same.
  const services = new Map(specs.map((spec) => [spec.service, spec]));
  const wanted = [...services.values()].flatMap((spec) => [...binds(spec), ...files(spec)]);
  const found = await Promise.all(
    wanted.map(async ({ source, path, message, hint }): Promise<Problem[]> => {
      if ((await parts.host.files.stat(source)) !== undefined) return [];
      const at = placeOf(places, path);
      return [{ code: 'BIND_SOURCE_MISSING', message, ...(at === undefined ? {} : { at }), hint }];
    }),
  );
  return found.flat();
}

interface Wanted {
  readonly source: string;
  /** Of the model. */
  readonly path: string;
  readonly message: string;
  readonly hint: string;
}

function binds({ service, mounts }: ContainerSpec): Wanted[] {
  return mounts.flatMap((mount, index) => {
    if (mount.type !== 'bind' || mount.createHostPath) return [];
    const path = `services.${service}.volumes[${index}]`;
    return {
      source: mount.source,
      path: `${path}.source`,
      message: `${path}: the bind source ${mount.source} does not exist`,
      hint: 'create it, or have it made as a directory: `create_host_path: true`',
    };
  });
}

/** Secrets and configs. */
function files({ service, files }: ContainerSpec): Wanted[] {
  return files.flatMap((file) => {
    if (file.kind !== 'bind') return [];
    return {
      source: file.source,
      path: `services.${service}`,
      message: `service "${service}": the file ${file.source} for ${file.target} does not exist`,
      hint: 'make the file, or name another one',
    };
  });
}
