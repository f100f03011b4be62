/** The words for each kind of action: exactly Docker Compose's, since scripts and people read them. */
import type { Action } from '../../../compose/plan/plan.ts';
import { unreachable } from '../../../errors.ts';

export interface Wording {
  /** The object, such as `Container web-1`: all that happens to one object is one line on a terminal. */
  readonly object: string;
  readonly doing: string;
  readonly done: string;
  /** Said only once something is reported of it: an image that is there needs no line. */
  readonly silent?: boolean;
}

export function wordingOf(action: Action): Wording {
  switch (action.kind) {
    case 'EnsureImage':
      return {
        object: `Image ${action.image}`,
        doing: 'Pulling',
        done: 'Pulled',
        silent: action.policy !== 'always',
      };
    case 'CreateNetwork':
      return { object: `Network ${action.network.name}`, doing: 'Creating', done: 'Created' };
    case 'RemoveNetwork':
      return { object: `Network ${action.name}`, doing: 'Removing', done: 'Removed' };
    case 'CreateVolume':
      return { object: `Volume ${action.volume.name}`, doing: 'Creating', done: 'Created' };
    case 'RemoveVolume':
      return { object: `Volume ${action.name}`, doing: 'Removing', done: 'Removed' };
    case 'CreateContainer':
      return action.replaces === undefined
        ? { object: `Container ${action.container.name}`, doing: 'Creating', done: 'Created' }
        : { object: `Container ${action.container.name}`, doing: 'Recreate', done: 'Recreated' };
    case 'StartContainer':
      return container(action.name, 'Starting', 'Started');
    case 'WaitFor':
      return container(action.name, 'Waiting', readinessWords[action.condition]);
    case 'StopContainer':
      return container(action.name, 'Stopping', 'Stopped');
    case 'KillContainer':
      return container(action.name, 'Killing', 'Killed');
    case 'RestartContainer':
      return container(action.name, 'Restarting', 'Started');
    case 'PauseContainer':
      return container(action.name, 'Pausing', 'Paused');
    case 'UnpauseContainer':
      return container(action.name, 'Unpausing', 'Unpaused');
    case 'RemoveContainer':
      return container(action.name, 'Removing', 'Removed');
    case 'RemoveImage':
      return { object: `Image ${action.image}`, doing: 'Removing', done: 'Removed' };
    default:
      return unreachable(action);
  }
}

const readinessWords = {
  started: 'Started',
  healthy: 'Healthy',
  completed: 'Exited',
  'running-or-healthy': 'Healthy',
} as const;

function container(name: string, doing: string, done: string): Wording {
  return { object: `Container ${name}`, doing, done };
}
