/** Containers' output, each line behind the name of its container: `web-1  | ready`. */
import type { Io } from '../io.ts';
import { type Paint, plainPaint, type Style } from './colour.ts';

export interface LogLine {
  readonly time: string;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export interface LogsOptions {
  readonly prefix: boolean;
  readonly colour: boolean;
  readonly timestamps: boolean;
}

/** One after the other as containers appear, then again from the start. */
const palette: readonly Style[] = [
  'cyan',
  'yellow',
  'green',
  'magenta',
  'blue',
  'cyanBright',
  'yellowBright',
  'greenBright',
  'magentaBright',
  'blueBright',
];

export class LogView {
  private readonly io: Io;
  private readonly options: LogsOptions;
  private readonly paint: Paint;
  private readonly styles = new Map<string, Style>();
  private width = 0;

  constructor(io: Io, options: LogsOptions, paint: Paint) {
    this.io = io;
    this.options = options;
    this.paint = options.colour ? paint : plainPaint;
  }

  /** Makes room for the name, so that the lines that follow are aligned from the first. */
  register(name: string): Style {
    const known = this.styles.get(name);
    if (known !== undefined) return known;
    const style = palette[this.styles.size % palette.length] ?? 'cyan';
    this.styles.set(name, style);
    this.width = Math.max(this.width, name.length + 1);
    return style;
  }

  line(name: string, line: LogLine): void {
    const style = this.register(name);
    const prefix = this.options.prefix ? this.paint(style, `${name.padEnd(this.width)} | `) : '';
    const time = this.options.timestamps ? `${line.time} ` : '';
    this.io[line.stream].write(`${prefix}${time}${line.text}\n`);
  }

  /** What happened to a container: `web-1 exited with code 0`. */
  status(name: string, message: string): void {
    const style = this.styles.get(name);
    const line = `${name} ${message}`;
    this.io.stdout.write(`${style === undefined ? line : this.paint(style, line)}\n`);
  }
}

/** The container's name without its project: `shop-web-1` is `web-1`. */
export function shortName(name: string, project: string): string {
  return name.startsWith(`${project}-`) ? name.slice(project.length + 1) : name;
}
