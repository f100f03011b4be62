import { exitCodes } from '../exit.ts';
import { defineCommand, flag } from '../spec.ts';
import { forEach } from './each.ts';

export const imageRm = defineCommand({
  summary: 'Remove images, or names of them',
  description: 'An image goes with its last name. One that a container uses is kept.',
  args: '<image...>',
  options: {
    force: flag('-f, --force', 'Remove all names of the image at once; what is not there is no failure'),
    noPrune: flag('--no-prune', 'Accepted for compatibility', { hidden: true }),
  },
  run: async (cli, options, images) => {
    const client = await cli.client();
    const failures = await forEach(cli, images, async (image) => {
      for (const { untagged, deleted } of await client.imageRemove(image, { force: options.force })) {
        if (untagged !== undefined) cli.print(`Untagged: ${untagged}`);
        if (deleted !== undefined) cli.print(`Deleted: ${deleted}`);
      }
    });
    const isFine = failures.every(({ code }) => options.force && code === 'IMAGE_NOT_FOUND');
    return isFine ? exitCodes.success : exitCodes.failure;
  },
});
