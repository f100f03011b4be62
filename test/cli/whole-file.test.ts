import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeWhole } from '../../src/cli/whole-file.ts';

let place = '';
beforeEach(() => {
  place = fs.mkdtempSync(join(tmpdir(), 'tscompose-file-'));
});
afterEach(() => fs.rmSync(place, { recursive: true, force: true }));

const say =
  (...words: readonly string[]) =>
  async (to: NodeJS.WritableStream): Promise<void> => {
    for (const word of words) to.write(word);
  };

describe('a file that a command writes', () => {
  test('holds all that was written, for its owner only', async () => {
    const path = join(place, 'app.tar');
    await writeWhole(path, say('one ', 'two'));
    expect(fs.readFileSync(path, 'utf8')).toBe('one two');
    expect(fs.statSync(path).mode & 0o777).toBe(0o600);
    expect(fs.readdirSync(place)).toEqual(['app.tar']);
  });

  test('stays as it was when writing fails', async () => {
    const path = join(place, 'app.tar');
    fs.writeFileSync(path, 'before');
    const failing = async (to: NodeJS.WritableStream): Promise<void> => {
      to.write('half');
      throw new Error('there is no such image');
    };
    await expect(writeWhole(path, failing)).rejects.toThrow('there is no such image');
    expect(fs.readFileSync(path, 'utf8')).toBe('before');
    expect(fs.readdirSync(place)).toEqual(['app.tar']);
  });

  test('is written where a link leads', async () => {
    fs.symlinkSync('app.tar', join(place, 'link'));
    fs.writeFileSync(join(place, 'app.tar'), 'before');
    await writeWhole(join(place, 'link'), say('after'));
    expect(fs.readFileSync(join(place, 'app.tar'), 'utf8')).toBe('after');
  });

  test('may be a device', async () => {
    await writeWhole('/dev/null', say('away'));
    expect(fs.statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  test.each([
    ['none/app.tar', 'HOST_ENOENT', 'there is no such directory'],
    ['', 'HOST_EISDIR', 'it is a directory'],
  ])('at "%s" is refused before anything is asked for', async (name, code, words) => {
    const path = join(place, name);
    let asked = 0;
    await expect(writeWhole(path, async () => void asked++)).rejects.toMatchObject({
      code,
      message: `cannot write ${path}: ${words}`,
    });
    expect(asked).toBe(0);
  });
});
