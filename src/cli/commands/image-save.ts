import { resolve } from 'node:path';
import { TscomposeError } from '../../errors.ts';
import { defineCommand, text } from '../spec.ts';

export const imageSave = defineCommand({
  summary: 'Write images to a tar archive that `docker load` and `podman load` read',
  args: '<image...>',
  options: { output: text('-o, --output <path>', 'Where to write it (default: standard output)') },
  examples: ['tscompose image save -o app.tar app:1.2'],
  run: async (cli, options, images) => {
    const { io } = cli;
    if (options.output === undefined && io.stdout.isTTY)
      throw new TscomposeError('CLI_USAGE', 'cowardly refusing to save to a terminal', {
        hint: 'use -o to name a file, or redirect',
      });
    const client = await cli.client();
    const path = options.output === undefined ? '-' : resolve(io.cwd, options.output);
    await io.writeBytes(path, (to) => client.imageSave(images, to));
    return undefined;
  },
});
