import { describe, expect, it } from 'vitest';
import { byName, byText, sortedKeys } from '../../../src/compose/load/order.ts';

describe('the order of keys', () => {
  it.each([
    ['numbers by what they count', ['9', '10', 'web2', 'web10', 'web10a']],
    [
      'capitals first, other signs before letters',
      ['_a', '9', 'A', 'A2', 'A10', 'Z', 'a', 'a-b', 'a.b', 'ab'],
    ],
    ['behind a digit letters come first', ['v1a', 'v1.2', 'v1_2']],
    [
      'zeros that lead after those that do not, and count within a number',
      ['a1', 'a01', 'a2', 'a100', 'a101'],
    ],
  ])('in YAML has %s', (_, keys) => {
    expect([...keys].reverse().sort(byName)).toEqual(keys);
    expect(sortedKeys(new Map([...keys].reverse().map((key) => [key, 1])), byName)).toEqual(keys);
  });

  it('in JSON is that of the text', () => {
    expect(['a2', 'a10', 'B'].sort(byText)).toEqual(['B', 'a10', 'a2']);
  });

  it('is the same for few keys and for many', () => {
    const many = Array.from({ length: 100 }, (_, index) => `service-${99 - index}`);
    expect(sortedKeys(new Map(many.map((key) => [key, 1])), byName)).toEqual([...many].reverse());
  });
});
