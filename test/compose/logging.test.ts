import { expect, test } from 'vitest';
import { loadFiles } from './load/loading.ts';

test.each([
  ['{}', undefined],
  ['{driver: json-file}', undefined],
  ['{driver: json-file, options: {max-file: "3"}}', undefined],
  ['{driver: json-file, options: {max-size: 10m}}', { kind: 'bounded', maxBytes: 10_000_000, maxFiles: 1 }],
  ['{options: {max-size: 200k, max-file: 3}}', { kind: 'bounded', maxBytes: 200_000, maxFiles: 3 }],
  ['{driver: local}', { kind: 'bounded', maxBytes: 20 * 1024 * 1024, maxFiles: 5 }],
  ['{driver: local, options: {max-size: 1g}}', { kind: 'bounded', maxBytes: 1e9, maxFiles: 5 }],
  ['{driver: none}', { kind: 'none' }],
  ['{driver: syslog, options: {max-size: 10m}}', undefined],
])('logging %s keeps %j', async (logging, expected) => {
  const yaml = `services:\n  web:\n    image: x\n    logging: ${logging}\n`;
  const { project } = await loadFiles({ '/p/compose.yaml': yaml });
  expect(project?.services.web?.logging).toEqual(expected);
});
