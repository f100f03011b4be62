import { constants } from 'node:os';
import { expect, test } from 'vitest';
import { signalNumber } from '../../src/runtime/signals.ts';

test.each([
  ['SIGTERM', 15],
  ['term', 15],
  ['9', 9],
  ['SIGHUP', 1],
  ['SIGSYS', 31],
  ['SIGRTMIN', 34],
  ['SIGRTMIN+3', 37],
  ['RTMAX-1', 63],
  ['64', 64],
])('%s is %d', (signal, number) => {
  expect(signalNumber(signal)).toBe(number);
});

test('every name that Node knows has its number', () => {
  const known = Object.entries(constants.signals).filter(([name]) => name !== 'SIGPOLL');
  expect(known.map(([name]) => [name, signalNumber(name)])).toEqual(known);
});

test.each(['', '0', '65', 'SIGNOPE', 'SIGRTMIN+31', 'SIGRTMAX+1', '-1'])('"%s" is no signal', (signal) => {
  expect(() => signalNumber(signal)).toThrow(expect.objectContaining({ code: 'SIGNAL_INVALID' }));
});
