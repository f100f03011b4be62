import { defineCommand } from '../spec.ts';

export const imageTag = defineCommand({
  summary: 'Give an image another name',
  args: '<image> <name>',
  options: {},
  run: async (cli, _options, [source = '', target = '']) => {
    const client = await cli.client();
    await client.imageTag(source, target);
    return undefined;
  },
});
