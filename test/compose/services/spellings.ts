/** Every spelling of yes and no that a boolean attribute takes, quoted or not, with what it means. */
export const spellings: readonly (readonly [written: string, means: boolean])[] = [
  ['true', true],
  ['"true"', true],
  ['yes', true],
  ['On', true],
  ['"1"', true],
  ['false', false],
  ['"False"', false],
  ['n', false],
  ['"off"', false],
  ['"0"', false],
];
