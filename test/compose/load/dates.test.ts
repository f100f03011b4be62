import { describe, expect, it } from 'vitest';
import { canonicalOf, mistakesIn, placesIn, projectOf } from './loading.ts';

const web = (value: string): string => `services: {web: {image: x, environment: {D: ${value}}}}\n`;

describe('an unquoted date', () => {
  it('is a point in time to YAML and refused, as the reference refuses it', async () => {
    expect(await mistakesIn(web('2024-01-31'))).toEqual([
      '1:45 COMPOSE_TYPE: services.web.environment.D: 2024-01-31 without quotes is a date to YAML, and no text -> put it in quotes: "2024-01-31"',
    ]);
  });

  it.each(['2024-1-2', '2024-01-31T10:00:00Z', '2024-01-31t1:2:3.5+02:00', '2024-01-31 10:00:00'])(
    'may be short or have a time: %s',
    async (date) => {
      expect(await placesIn(web(date))).toEqual(['1:45 COMPOSE_TYPE']);
    },
  );

  it.each(['"2024-01-31"', "'2024-01-31'", '"${D:-2024-01-31}"'])('is text in quotes: %s', async (date) => {
    expect(await canonicalOf(web(date))).toEqual({ environment: { D: '2024-01-31' } });
  });

  it.each(['2024-02-30', '2024-13-01', '2024-01-31-x', '2024-01', '24-01-31', '2024-01-31T10:00'])(
    'is text when there is no such day, or more behind it: %s',
    async (text) => {
      expect(await canonicalOf(web(text))).toEqual({ environment: { D: text } });
    },
  );

  it('may stand in an extension', async () => {
    const yaml = `x-since: 2024-01-31\nservices: {web: {image: x, x-since: 2024-01-31}}\n`;
    expect((await projectOf(yaml)).canonical['x-since']).toBe('2024-01-31');
  });
});
