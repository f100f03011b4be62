/** Volumes that cannot be made as the file describes them. */
import type { Problem } from '../../errors.ts';
import { placeOf, problemOf, type Question } from './question.ts';

const keyLabel = 'com.docker.compose.volume';

export function volumeProblems({ parts, actions, places }: Question): Problem[] {
  return actions.flatMap((action): Problem[] => {
    if (action.kind !== 'CreateVolume') return [];
    const error = parts.volumes.refusal(action.volume);
    if (error === undefined) return [];
    const key = action.volume.labels[keyLabel] ?? action.volume.name;
    const part = error.code === 'VOLUME_OPTION' ? 'driver_opts' : 'driver';
    return [problemOf(error, placeOf(places, `volumes.${key}.${part}`))];
  });
}
