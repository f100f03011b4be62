/** Colours, in one place: whether to use them at all, and how. */
import { styleText } from 'node:util';
import type { Output } from '../io.ts';

export type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

export const plainPaint: Paint = (_style, text) => text;

const colourPaint: Paint = (style, text) => styleText(style, text, { validateStream: false });

/** `auto` colours a terminal, unless `NO_COLOR` is set or the terminal is a dumb one. @see no-color.org */
export function painter(
  output: Output,
  ansi: 'auto' | 'never' | 'always',
  environment: Readonly<Record<string, string | undefined>>,
): Paint {
  if (ansi !== 'auto') return ansi === 'always' ? colourPaint : plainPaint;
  const refused = (environment.NO_COLOR ?? '') !== '' || environment.TERM === 'dumb';
  return output.isTTY && !refused ? colourPaint : plainPaint;
}
