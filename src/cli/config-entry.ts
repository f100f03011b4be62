import { type Entry, entry } from './entry.ts';

export const configEntry: Entry = {
  ...entry(
    'file',
    'config',
    'Check the files and print them in full',
    async () => (await import('./commands/config.ts')).config,
  ),
  aliases: ['convert'],
};
