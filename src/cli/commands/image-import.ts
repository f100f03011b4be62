import { resolve } from 'node:path';
import { defineCommand, list, text } from '../spec.ts';

export const imageImport = defineCommand({
  summary: 'Make an image of one layer from the tar of a root file system',
  args: '<archive> [name]',
  options: {
    change: list(
      '-c, --change <instruction>',
      'Dockerfile instruction to apply, such as CMD ["sh"] (repeatable)',
    ),
    message: text('-m, --message <text>', 'Comment in its history'),
    platform: text('--platform <os/arch>', 'Accepted for compatibility', { hidden: true }),
  },
  examples: [
    `tscompose image import -c 'CMD ["sh"]' rootfs.tar base:1`,
    'cat rootfs.tar | tscompose image import - base:1',
  ],
  run: async (cli, options, [archive = '-', reference]) => {
    const client = await cli.client();
    const path = archive === '-' ? '-' : resolve(cli.io.cwd, archive);
    const image = await client.imageImport(cli.io.readBytes(path), {
      changes: options.change,
      ...(reference === undefined ? {} : { reference }),
      ...(options.message === undefined ? {} : { message: options.message }),
    });
    cli.print(image.id);
    return undefined;
  },
});
