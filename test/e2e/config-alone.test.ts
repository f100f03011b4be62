/** `config` has a bundle of its own, which holds no other command: whoever calls it must not notice. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const program = join(import.meta.dirname, '../../bin/tscompose.cjs');
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'tsc-config-'));
  writeFileSync(
    join(directory, 'compose.yaml'),
    'name: shop\nservices:\n  web: {image: "web:1", ports: ["8080:80"]}\n  dev: {image: "dev:1", profiles: [dev]}\n',
  );
  writeFileSync(join(directory, 'wrong.yaml'), 'services:\n  web: {imag: x}\n');
});

afterAll(() => rmSync(directory, { recursive: true }));

function run(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
    encoding: 'utf8',
    cwd: directory,
  });
  return { status, stdout, stderr };
}

describe('the bundle of `config` alone', () => {
  // With `--profile=…` it takes a parser to tell which command is meant: then the one with all commands is loaded.
  it.each([
    ['prints the same', []],
    ['prints the same JSON', ['--format', 'json']],
    ['hashes the same', ['--hash', '*']],
    ['explains the same', ['--explain', 'services.web.ports']],
    ['lists the same', ['--services']],
    ['has the same help', ['--help']],
    ['refuses the same option', ['--bogus']],
    ['refuses the same combination', ['--services', '--images']],
  ])('%s', (_, flags) => {
    const own = run('--profile', 'dev', 'config', ...flags);
    expect(own).toEqual(run('--profile=dev', 'config', ...flags));
    expect(`${own.stdout}${own.stderr}`).not.toBe('');
  });

  it('tells the same mistakes', () => {
    const own = run('-f', 'wrong.yaml', 'config');
    expect(own).toEqual(run('--file=wrong.yaml', 'config'));
    expect(own).toMatchObject({ status: 1, stdout: '' });
    expect(own.stderr).toContain('wrong.yaml:2:9');
  });

  it('leaves other commands to the bundle of all', () => {
    expect(run('-f', 'compose.yaml', 'plan', '--help').stdout).toContain('tscompose plan');
    expect(run('-p', 'config', 'version', '--short').status).toBe(0);
    expect(run('-f', 'config').stdout).toContain('Usage: tscompose [OPTIONS] COMMAND');
  });
});
