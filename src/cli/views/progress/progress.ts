/** How an applied plan is shown while it runs: drawn on a terminal, as plain lines, as JSON lines, or not at all. */
import type { ApplyLine } from '../../../agent/protocol.ts';
import type { Output } from '../../io.ts';
import type { Paint } from '../colour.ts';
import { jsonProgress } from './json.ts';
import { plainProgress } from './plain.ts';
import { type Step, Steps } from './steps.ts';

export interface ProgressView {
  take(line: ApplyLine): void;
  /** Draws the last state and gives the terminal back. */
  end(): Promise<void>;
}

export interface ProgressOptions {
  readonly kind: 'auto' | 'tty' | 'plain' | 'json' | 'quiet';
  readonly output: Output;
  readonly paint: Paint;
  /** Whether `auto` may redraw lines. */
  readonly animate: boolean;
  /** `--quiet-pull`: nothing about images. */
  readonly hideImages: boolean;
  readonly now: () => number;
}

/** Draws steps, one object's state at a time. */
export interface StepView {
  /** Told before the first step of a plan. */
  begin?(objects: readonly string[]): void;
  step(step: Step): void;
  /** A sentence beside the steps: what is being waited for. */
  note(text: string): void;
  end(): Promise<void>;
}

export async function progressView(options: ProgressOptions): Promise<ProgressView> {
  const steps = new Steps();
  const view = await stepView(options);
  const isShown = ({ object }: Step): boolean => !(options.hideImages && object.startsWith('Image '));
  return {
    take: (line) => {
      if (line.kind === 'waiting') view.note(line.reason);
      const taken = steps.take(line);
      if (line.kind === 'plan') view.begin?.(steps.objects());
      for (const step of taken.filter(isShown)) view.step(step);
    },
    end: () => view.end(),
  };
}

async function stepView(options: ProgressOptions): Promise<StepView> {
  const kind = options.kind === 'auto' ? (options.animate ? 'tty' : 'plain') : options.kind;
  switch (kind) {
    case 'quiet':
      return { step: () => undefined, note: () => undefined, end: async () => undefined };
    case 'json':
      return jsonProgress(options.output);
    case 'plain':
      return plainProgress(options.output);
    case 'tty':
      return (await import('./tty.ts')).ttyProgress(options);
  }
}
