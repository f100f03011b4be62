import { defineCommand, flag, text } from '../spec.ts';

export const imagePull = defineCommand({
  summary: 'Fetch an image from its registry',
  args: '<name>',
  options: {
    quiet: flag('-q, --quiet', 'Show no progress'),
    platform: text('--platform <os/arch>', 'Which of its platforms, such as linux/arm64'),
  },
  run: async (cli, options, [name = '']) => {
    const client = await cli.client();
    const interrupt = new AbortController();
    const release = cli.io.onInterrupt(() => interrupt.abort());
    // Layers come side by side, each in its steps.
    const told = new Set<string>();
    try {
      const image = await client.imagePull(name, {
        signal: interrupt.signal,
        ...(options.platform === undefined ? {} : { platform: options.platform }),
        onProgress: (text) => {
          if (!options.quiet && !told.has(text)) cli.note(text);
          told.add(text);
        },
      });
      cli.print(image.references[0] ?? image.id);
    } finally {
      release();
    }
    return undefined;
  },
});
