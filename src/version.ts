/** The version people are shown; `package.json` says the same. */
export const version = '0.1.0';
