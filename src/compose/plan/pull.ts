/** `pull`: images from their registries, each once. */
import { planBuilder } from './builder.ts';
import type { Command } from './command.ts';
import { imageNodeId } from './images.ts';
import type { Plan } from './plan.ts';
import { selectServices } from './selection.ts';
import { topologyOf } from './topology.ts';
import type { ProjectInput } from './up.ts';

/**
 * Services without an image of their own have nothing to pull; `pull_policy: never` and `build` are respected.
 * @throws TscomposeError `NO_SUCH_SERVICE`
 */
export function planPull(input: ProjectInput, command: Extract<Command, { kind: 'pull' }>): Plan {
  const { project, projectName, observed } = input;
  const builder = planBuilder(projectName);
  const { services } = selectServices(project, topologyOf(project, observed), {
    names: command.services,
    withDependencies: command.includeDeps,
  });
  for (const { name, image, build, pullPolicy, platform } of services) {
    if (image === undefined || pullPolicy === 'never' || pullPolicy === 'build') continue;
    if (build !== undefined && command.ignoreBuildable) continue;
    if (command.policy !== 'always' && image in observed.images) continue;
    const id = imageNodeId(image, platform);
    if (builder.find(id) !== undefined) continue;
    const action = { kind: 'EnsureImage', image, policy: command.policy, service: name } as const;
    builder.add(
      id,
      platform === undefined ? action : { ...action, platform },
      image in observed.images ? 'look for a newer one' : 'not stored yet',
    );
  }
  return builder.finish();
}
