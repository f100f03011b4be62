/** Every spelling of yes and no that a boolean attribute takes, quoted or not, with what it means. */
export const spellings: readonly (readonly [written: string, means: boolean])[] = [
  ['true', true],
  ['"true"', true],
  ['yes', true],
  ['On', true],
  ['false', false],
  ['"False"', false],
  ['n', false],
  ['"off"', false],
];

/** Durations as they may be written, as they are printed, and how long they are. `TIME` is a variable of two minutes. */
export const durations: readonly (readonly [written: string, printed: string, milliseconds: number])[] = [
  ['30s', '30s', 30_000],
  ['90s', '1m30s', 90_000],
  ['1.5s', '1.5s', 1500],
  ['500ms', '500ms', 500],
  ['1d', '24h0m0s', 86_400_000],
  ['"0"', '0s', 0],
  ['$TIME', '2m0s', 120_000],
];

/** What is no time that a health check can wait, and what it is called. */
export const noTimes: readonly (readonly [written: string, code: string])[] = [
  ['5', 'COMPOSE_TYPE'],
  ['soon', 'COMPOSE_DURATION'],
  ['100us', 'COMPOSE_VALUE'],
  ['-5s', 'COMPOSE_VALUE'],
];
