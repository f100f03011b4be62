/** Loading with this process's own files and environment, for programs that use the library. */
import { type LoadOptions, type LoadResult, load } from './compose/index.ts';
import { projectReader } from './host/project-reader.ts';

/**
 * Loads the project as the command line would in the current directory; every option may be given.
 * Mistakes in the files are in the answer's `problems`, all at once and in file order.
 *
 *     const { project, problems } = await loadProject({ files: ['compose.yaml'] });
 */
export function loadProject(options: Partial<LoadOptions> = {}): Promise<LoadResult> {
  const environment = options.environment ?? definedOnes(process.env);
  return load({
    reader: projectReader(),
    environment,
    cwd: process.cwd(),
    files: [],
    envFiles: [],
    profiles: [],
    services: [],
    ...(environment.HOME === undefined ? {} : { home: environment.HOME }),
    ...options,
  });
}

function definedOnes(variables: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
