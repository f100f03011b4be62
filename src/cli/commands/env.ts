import type { Explanation } from '../../compose/explain/explanation.ts';
import type { Json } from '../../compose/model/project.ts';
import { noSuchService } from '../../compose/plan/blame.ts';
import type { Cli } from '../cli.ts';
import { defineCommand, flag, oneOf } from '../spec.ts';
import { explanationsOf, explanationText } from '../views/explanations.ts';

export const env = defineCommand({
  summary: "Print the environment that a service's containers get, beside what their image sets",
  description: 'One NAME=value a line: `environment` over `env_file`, with every variable replaced.',
  args: '<service>',
  options: {
    explain: flag('--explain', 'Show where each variable is set, and what else was said of it'),
    format: oneOf('--format <format>', 'text or json (default: text)', ['text', 'json']),
  },
  examples: ['tscompose env web', 'tscompose env web --explain', 'tscompose env web --format json'],
  run: async (cli, { explain, format }, [service = '']) => {
    if (explain) {
      const found = await explained(cli, service);
      cli.io.stdout.write(
        format === 'json' ? json(found) : await explanationText(cli, found, headOf(service)),
      );
      return undefined;
    }
    const project = await cli.projectLoadedHere({ services: [service] });
    const { environment } = project.services[service] ?? missing(service, Object.keys(project.services));
    // A name without value is one that the container does not get.
    const set = Object.entries(environment).filter(([, value]) => value !== null);
    if (format === 'json') cli.io.stdout.write(json(Object.fromEntries(set)));
    else for (const [name, value] of set) cli.print(`${name}=${value}`);
    return undefined;
  },
});

function missing(service: string, known: readonly string[]): never {
  throw noSuchService(service, known);
}

async function explained(cli: Cli, service: string): Promise<readonly Explanation[]> {
  const all = await explanationsOf(cli, [`services.${service}`], { services: [service] });
  return all.filter(({ path }) => path.startsWith(prefixOf(service)));
}

function prefixOf(service: string): string {
  return `services.${service}.environment.`;
}

function headOf(service: string): (path: string, text: string, value: Json | undefined) => string {
  return (path, text, value) => {
    const name = path.slice(prefixOf(service).length);
    return value === null ? `${name} is not set` : `${name}=${text}`;
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
