import { describe, expect, it } from 'vitest';
import { fromWire, toWire } from '../../src/agent/wire-error.ts';
import { ComposeError, HostError, TscomposeError } from '../../src/errors.ts';

const at = { file: '/app/compose.yaml', line: 3, column: 5, endLine: 3, endColumn: 9 };

describe('an error that crosses the socket', () => {
  it.each([
    new TscomposeError('PORT_IN_USE', 'port 80 is in use by nginx (pid 812)', {
      hint: 'choose another',
      at,
      exitCode: 1,
    }),
    new TscomposeError('INTERRUPTED', 'interrupted', { exitCode: 130 }),
    new HostError('HOST_ENOSPC', 'cannot write /data/x', { hint: 'free some space' }),
    new ComposeError([{ code: 'COMPOSE_UNKNOWN_KEY', message: 'unknown key "imgae"', at, hint: 'image' }]),
  ])('is thrown again with its class, code, message, hint, place and exit code: $code', (error) => {
    const rebuilt = fromWire(JSON.parse(JSON.stringify(toWire(error))));
    expect(rebuilt).toStrictEqual(error);
    expect(rebuilt.constructor).toBe(error.constructor);
  });

  it('keeps the stack of a bug, and says that it is one by being no typed error', () => {
    const bug = new TypeError('x is not a function');
    const rebuilt = fromWire(JSON.parse(JSON.stringify(toWire(bug))));
    expect(rebuilt).not.toBeInstanceOf(TscomposeError);
    expect({ message: rebuilt.message, stack: rebuilt.stack }).toEqual({
      message: bug.message,
      stack: bug.stack,
    });
  });

  it('does not take its cause along, which may hold what must not be shown', () => {
    const error = new HostError('HOST_COMMAND_FAILED', 'cannot run x', { cause: new Error('token=abc') });
    expect(JSON.stringify(toWire(error))).not.toContain('abc');
  });
});
