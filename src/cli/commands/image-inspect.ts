import { exitCodes } from '../exit.ts';
import { defineCommand, text } from '../spec.ts';
import { renderTemplate } from '../views/template.ts';
import { forEach } from './each.ts';

export const imageInspect = defineCommand({
  summary: 'Show everything known of images, as JSON',
  args: '<image...>',
  options: { format: text('-f, --format <template>', 'A Go template, such as {{.Id}}') },
  run: async (cli, options, images) => {
    const client = await cli.client();
    const found: unknown[] = [];
    const failures = await forEach(cli, images, async (image) => {
      found.push(await client.imageInspect(image));
    });
    if (options.format === undefined) cli.print(JSON.stringify(found, null, 4));
    else for (const image of found) cli.print(renderTemplate(options.format, image));
    return failures.length === 0 ? exitCodes.success : exitCodes.failure;
  },
});
