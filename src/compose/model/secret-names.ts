/** Variables whose names say that they hold a secret: what they hold is shown to nobody. */

const telling =
  /(?:^|[_.-])(?:[a-z\d]*(?:password|passwd|passphrase|secret|token|credentials?)|pass|pwd|(?:api|private)key|secret_key_base)$/i;

/** `KEY` alone names a key of a mapping as often as a secret one. */
const keys = /[_.-]key$/i;
const openKeys = /(?:^|[_.-])(?:public|primary|foreign|sort|partition)[_.-]key$/i;

/** `DB_PASSWORD`, `API_KEY`, `GITHUB_TOKEN`; not `DB_PASSWORD_FILE`, which names a file. */
export function isSecretName(name: string): boolean {
  return telling.test(name) || (keys.test(name) && !openKeys.test(name));
}

/** `RANDOM_PASSWORD=yes`: a switch that is about a secret is none. */
export function isSwitch(value: string): boolean {
  return /^(?:|true|false|yes|no|on|off|0|1)$/i.test(value);
}

/** A line of a file with asterisks, as many, in the place of every secret that is written out in it. */
export function withoutSecrets(line: string): string {
  let shown = line;
  for (const { 0: start, 1: name = '', index } of line.matchAll(/([A-Za-z_][\w.-]*)["']?(?:\s*:\s+|=)/g)) {
    if (!isSecretName(name)) continue;
    const from = index + start.length;
    const value = valueIn(line.slice(from), /[{[]/.test(line.slice(0, index)));
    const said = value.replace(/^["']|["']$/g, '');
    if (isSwitch(said) || said.startsWith('$')) continue;
    const hidden = value.replaceAll(/[^\s"']/g, '*');
    shown = `${shown.slice(0, from)}${hidden}${shown.slice(from + value.length)}`;
  }
  return shown;
}

/** What is in quotes, or what stands before the next sign of the brackets around it, a comment or the end. */
function valueIn(text: string, isInBrackets: boolean): string {
  const quoted = /^(?:"(?:[^"\\]|\\.)*"|'[^']*')/.exec(text)?.[0];
  if (quoted !== undefined) return quoted;
  return (isInBrackets ? /^[^,}\]]*/ : /^.*?(?=\s+#|\s*$)/).exec(text)?.[0] ?? '';
}
