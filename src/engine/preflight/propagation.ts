/** Binds whose mounts would have to show on the host: the agent lives in a mount namespace from which none gets out. */
import type { ContainerSpec } from '../../compose/plan/plan.ts';
import type { Problem } from '../../errors.ts';
import { placeOf, type Question } from './question.ts';

export function propagationProblems({ specs, places }: Question): Problem[] {
  // Replicas ask for the same.
  const services = new Map(specs.map((spec) => [spec.service, spec]));
  return [...services.values()].flatMap(sharedBinds).map(({ path, propagation }): Problem => {
    const at = placeOf(places, `${path}.bind.propagation`);
    return {
      code: 'BIND_PROPAGATION',
      message: `${path}: the propagation "${propagation}" cannot be had: mounts made in containers do not reach the host`,
      ...(at === undefined ? {} : { at }),
      hint: 'write "rslave", with which mounts of the host reach the container, or leave it out',
    };
  });
}

function sharedBinds({
  service,
  mounts,
}: ContainerSpec): readonly { readonly path: string; readonly propagation: string }[] {
  return mounts.flatMap((mount, index) => {
    if (mount.type !== 'bind' || !mount.propagation?.endsWith('shared')) return [];
    return { path: `services.${service}.volumes[${index}]`, propagation: mount.propagation };
  });
}
