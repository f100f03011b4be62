/**
 * One line an object, redrawn while it changes, by listr2. The plan runs elsewhere: each listr2 task does
 * nothing but end when our events say that its object has come to rest.
 */
import { DefaultRenderer, Listr, ListrLogger, ProcessOutput } from 'listr2';
import type { Output } from '../../io.ts';
import type { Paint, Style } from '../colour.ts';
import type { ProgressOptions, StepView } from './progress.ts';
import type { Step } from './steps.ts';

/** What is drawn goes to standard error, so standard output being no terminal does not matter. */
class TerminalRenderer extends DefaultRenderer {
  static override nonTTY = true;
}

/** What a line needs of its listr2 task. */
interface Titled {
  title: string;
}

const redrawMs = 100;

export function ttyProgress({ output, paint, now }: ProgressOptions): StepView {
  let lines = new Map<string, ObjectLine>();
  let finished: Promise<unknown> = Promise.resolve();
  let width = 0;
  const redraw = (): void => {
    for (const line of lines.values()) line.draw(width, now(), paint);
  };
  const timer = setInterval(redraw, redrawMs);
  timer.unref();

  return {
    begin: (objects) => {
      for (const line of lines.values()) line.settle();
      lines = new Map(objects.map((object) => [object, new ObjectLine(object)]));
      width = Math.max(0, ...objects.map((object) => object.length));
      const drawn = [...lines.values()];
      if (drawn.length > 0) finished = finished.then(() => listOf(drawn, output).run());
    },
    step: (step) => {
      lines.get(step.object)?.take(step, now());
      redraw();
    },
    note: (text) => output.write(`${text}\n`),
    end: async () => {
      clearInterval(timer);
      redraw();
      for (const line of lines.values()) line.settle();
      await finished;
    },
  };
}

function listOf(lines: readonly ObjectLine[], output: Output): Listr<unknown, typeof TerminalRenderer> {
  const stream = output as unknown as NodeJS.WriteStream;
  const processOutput = new ProcessOutput(stream, stream, { leaveEmptyLine: false });
  return new Listr<unknown, typeof TerminalRenderer>(
    lines.map((line) => ({ title: ' ', task: (_context, task) => line.run(task) })),
    {
      concurrent: true,
      exitOnError: false,
      registerSignalListeners: false,
      renderer: TerminalRenderer,
      rendererOptions: {
        logger: new ListrLogger({ useIcons: true, processOutput }),
        showErrorMessage: false,
        formatOutput: 'truncate',
      },
    },
  );
}

const styles: Readonly<Record<Step['status'], Style>> = { working: 'cyan', done: 'green', error: 'red' };

class ObjectLine {
  private readonly object: string;
  private step: Step | undefined;
  private beganAt = 0;
  private endedAt: number | undefined;
  private task: Titled | undefined;
  /** A blank title draws nothing: an object's line appears with its first event. */
  private title = ' ';
  private isSettled = false;
  private readonly rest = deferred();

  constructor(object: string) {
    this.object = object;
  }

  run(task: Titled): Promise<void> {
    this.task = task;
    task.title = this.title;
    return this.rest.promise;
  }

  take(step: Step, now: number): void {
    if (this.step === undefined) this.beganAt = now;
    this.step = step;
    this.endedAt = step.status === 'working' ? undefined : now;
  }

  draw(width: number, now: number, paint: Paint): void {
    // A title that changes after the list has ended would be drawn below it.
    if (this.step === undefined || this.isSettled) return;
    const { text, status, detail } = this.step;
    const elapsed = `${(((this.endedAt ?? now) - this.beganAt) / 1000).toFixed(1)}s`;
    const note = detail === undefined ? '' : `  ${detail}`;
    this.title = `${this.object.padEnd(width)}  ${paint(styles[status], text.padEnd(10))} ${elapsed.padStart(6)}${note}`;
    if (this.task !== undefined) this.task.title = this.title;
    if (this.step.last) this.settle();
  }

  settle(): void {
    this.isSettled = true;
    if (this.step?.status === 'error') this.rest.reject(new Error(this.step.detail ?? this.step.text));
    else this.rest.resolve();
  }
}

interface Deferred {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

function deferred(): Deferred {
  let settle: Pick<Deferred, 'resolve' | 'reject'> | undefined;
  const promise = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // A line can fail before listr2 has asked for its promise.
  promise.catch(() => undefined);
  return { promise, resolve: () => settle?.resolve(), reject: (error) => settle?.reject(error) };
}
