import { TscomposeError } from '../../errors.ts';
import { exitCodes } from '../exit.ts';
import { defineCommand, flag } from '../spec.ts';
import { renderError } from '../views/problems.ts';

export const imageRm = defineCommand({
  summary: 'Remove images, or names of them',
  description: 'An image goes with its last name. One that a container uses is kept.',
  args: '<image...>',
  options: { force: flag('-f, --force', 'Remove all names of the image at once') },
  run: async (cli, options, images) => {
    const client = await cli.client();
    let failed = false;
    for (const image of images) {
      try {
        for (const { untagged, deleted } of await client.imageRemove(image, { force: options.force })) {
          if (untagged !== undefined) cli.print(`Untagged: ${untagged}`);
          if (deleted !== undefined) cli.print(`Deleted: ${deleted}`);
        }
      } catch (error) {
        if (!(error instanceof TscomposeError)) throw error;
        failed = true;
        cli.io.stderr.write(`${await renderError(error, cli.io, cli.settings.ansi)}\n`);
      }
    }
    return failed ? exitCodes.failure : exitCodes.success;
  },
});
