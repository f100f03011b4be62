import { describe, expect, test } from 'vitest';
import type { Action } from '../../src/compose/plan/plan.ts';
import { preflight } from '../../src/engine/preflight.ts';
import type { ComposeError } from '../../src/errors.ts';
import { fakeImage, fakeParts, specOf } from './fakes.ts';

const at = { file: '/shop/compose.yaml', line: 4, column: 5, endLine: 4, endColumn: 10 };
const pull: Action = { kind: 'EnsureImage', image: 'app', policy: 'always', service: 'web' };

describe('an image without a command', () => {
  /** Problems of new containers, whose services name their images at `at`. */
  async function problems(...actions: readonly Action[]) {
    const parts = await fakeParts();
    const images = { ...parts.images, find: async () => fakeImage({ cmd: [] }) };
    const places = { 'services.web.image': at };
    const refusal = preflight({ ...parts, images }, actions, { places }).then(() => undefined);
    return (await refusal.catch((error: ComposeError) => error))?.problems ?? [];
  }

  const create = (...spec: Parameters<typeof specOf>): Action => ({
    kind: 'CreateContainer',
    container: specOf(...spec),
  });

  test('is refused at the line that names it, once for all replicas', async () => {
    expect(await problems(create('web'), create('web-2', { service: 'web' }))).toEqual([
      {
        code: 'COMMAND_MISSING',
        message: 'service "web": no command specified, and the image app has none',
        at,
        hint: 'give the service a command or an entrypoint',
      },
    ]);
  });

  test('will do for a service that has one, and may be another when it is about to be pulled', async () => {
    expect(await problems(create('web', { command: ['serve'] }))).toEqual([]);
    expect(await problems(pull, create('web'))).toEqual([]);
  });
});
