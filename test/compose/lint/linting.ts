/** What one rule says of a file, each warning as `line:column message -> hint`. */
import { type Given, warningsIn } from '../load/loading.ts';

export async function lintOf(
  code: string,
  yaml: string | Readonly<Record<string, string>>,
  given: Given = {},
): Promise<readonly string[]> {
  const warnings = await warningsIn(yaml, { purpose: 'lint', ...given });
  return warnings
    .filter((warning) => warning.includes(` ${code}: `))
    .map((warning) => warning.replace(`${code}: `, ''));
}
