/** How a container is stopped: the signal, and the time to wait before it is killed. */
import { signalNames, signalNumbered } from '../../../linux.ts';
import { parseDuration } from '../durations.ts';
import { child, type Node, stringOf } from '../node.ts';
import { suggestion } from '../suggest.ts';
import type { Refuse } from './values.ts';

export function checkStopping(service: Node, refuse: Refuse): void {
  checkStopSignal(child(service, 'stop_signal'), refuse);
  const period = child(service, 'stop_grace_period');
  const text = stringOf(period) ?? '';
  if ((parseDuration(text) ?? 0) < 0)
    refuse('stop_grace_period', period, `${text} is no time to wait`, 'write 0s or more, such as 30s');
}

function checkStopSignal(signal: Node | undefined, refuse: Refuse): void {
  const text = stringOf(signal);
  if (text === undefined || text === '' || signalNumbered(text) !== undefined) return;
  const known = signalNames.map((name) => `SIG${name}`);
  refuse(
    'stop_signal',
    signal,
    `unknown signal "${text}"`,
    suggestion(text, known) ?? 'write a name such as SIGTERM or SIGRTMIN+3, or a number from 1 to 64',
  );
}
