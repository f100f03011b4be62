/** The schema's regular expressions in words. */

interface PatternWords {
  /** Behind the value: `"w" is …`. */
  readonly refusal: string;
  /** Words that match, for a misspelt one. */
  readonly choices: readonly string[];
  readonly hint: string;
}

const policies = ['always', 'never', 'missing', 'if_not_present', 'build', 'daily', 'weekly', 'refresh'];

/** By the pattern as the schema has it. */
export const patternWords: Readonly<Record<string, PatternWords>> = {
  '[a-zA-Z0-9][a-zA-Z0-9_.-]+': {
    refusal: 'cannot be the name of a container',
    choices: [],
    hint: 'use letters, digits, dots, dashes and underscores, at least two',
  },
  '^all$': { refusal: 'is no number of devices', choices: ['all'], hint: 'write all, or a list of devices' },
  'always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+': {
    refusal: `is none of ${policies.join(', ')} and every_12h`,
    choices: policies,
    hint: 'write when to pull: always, missing, never, daily, or a time such as every_12h',
  },
};
