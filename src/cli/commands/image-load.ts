import { resolve } from 'node:path';
import { TscomposeError } from '../../errors.ts';
import { defineCommand, flag, text } from '../spec.ts';

export const imageLoad = defineCommand({
  summary: 'Load images from a tar archive, as `docker save`, `podman save` and OCI tools write it',
  options: {
    input: text('-i, --input <path>', 'The archive (default: standard input)'),
    quiet: flag('-q, --quiet', 'Accepted for compatibility', { hidden: true }),
  },
  examples: ['tscompose image load -i app.tar', 'gunzip -c app.tar.gz | tscompose image load'],
  run: async (cli, options) => {
    const { io } = cli;
    if (options.input === undefined && io.stdin.isTTY)
      throw new TscomposeError('CLI_USAGE', 'requested load from stdin, but stdin is a terminal', {
        hint: 'name the archive with -i',
      });
    const client = await cli.client();
    const path = options.input === undefined ? '-' : resolve(io.cwd, options.input);
    for (const { id, references } of await client.imageLoad(io.readBytes(path))) {
      if (references.length === 0) cli.print(`Loaded image ID: ${id}`);
      for (const reference of references) cli.print(`Loaded image: ${reference}`);
    }
    return undefined;
  },
});
