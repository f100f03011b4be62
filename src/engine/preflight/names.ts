/** Names that containers of others have already. */
import type { Problem } from '../../errors.ts';
import { placeOf, type Question } from './question.ts';

export function nameProblems({ parts, actions, places, removed }: Question): Problem[] {
  return actions.flatMap((action): Problem[] => {
    if (action.kind !== 'CreateContainer') return [];
    const { name, service, project } = action.container;
    const holder = parts.containers.byName(name)?.record;
    if (holder === undefined || holder.spec.project === project || removed.includes(holder.id)) return [];
    const at = placeOf(places, `services.${service}.container_name`);
    return [
      {
        code: 'CONTAINER_NAME_IN_USE',
        message: `the container name "${name}" is already in use by project "${holder.spec.project}" (service "${holder.spec.service}", container ${holder.id.slice(0, 12)})`,
        ...(at === undefined ? {} : { at }),
        hint: 'give this container another name, or take that project down',
      },
    ];
  });
}
