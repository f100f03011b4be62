import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { container, run, shop } from './world.ts';

const complete = async (words: string[], options = {}) =>
  (await run(['__complete', '--', ...words], options)).out.split('\n').filter(Boolean);

describe('completion', () => {
  it('knows the commands', async () => {
    expect(await complete(['re'])).toEqual(['restart']);
    expect(await complete(['-p', 'up', 'p'])).toEqual(['pause', 'ps', 'port', 'plan', 'pull']);
    expect(await complete(['image', 'l'])).toEqual(['ls', 'load']);
    expect(await complete(['completion', ''])).toEqual(['bash', 'zsh', 'fish']);
  });

  it('knows the options of a command', async () => {
    expect(await complete(['--pro'])).toEqual([
      '--project-name',
      '--profile',
      '--project-directory',
      '--progress',
    ]);
    expect(await complete(['logs', '--t'])).toEqual(['--tail', '--timestamps']);
    expect(await complete(['image', 'save', '--'])).toEqual(['--output', '--help']);
  });

  it('knows what options may be set to, and leaves files to the shell', async () => {
    expect(await complete(['--progress', 'p'])).toEqual(['plain']);
    expect(await complete(['up', '--pull', ''])).toEqual(['always', 'missing', 'never', 'build']);
    expect(await complete(['-f', ''])).toEqual([]);
    expect(await complete(['image', 'load', '-i', ''])).toEqual([]);
    expect(await complete(['up', '--attach', 'd'], { files: shop })).toEqual(['db']);
  });

  it('knows the services of the files, whatever is wrong with them', async () => {
    expect(await complete(['up', ''], { files: shop })).toEqual(['db', 'web']);
    const files = { '/shop/other.yaml': 'services: {app: {image: a, profiles: [x], depends_on: [gone]}}' };
    expect(await complete(['-f', 'other.yaml', 'logs', '-f', ''], { files })).toEqual(['app']);
  });

  it('leaves the words of the program that is run to the shell', async () => {
    expect(await complete(['exec', '-u', 'root', ''], { files: shop })).toEqual(['db', 'web']);
    expect(await complete(['exec', '-u', 'root', 'web', ''], { files: shop })).toEqual([]);
    expect(await complete(['run', 'web', '--'], { files: shop })).toEqual([]);
  });

  it('knows the services of this directory that have containers, where there are no files', async () => {
    const labels = { 'com.docker.compose.project.working_dir': '/shop' };
    const client = {
      containers: async () => [
        container({ labels }),
        container({ labels, service: 'db' }),
        container({ service: 'far' }),
      ],
    };
    expect(await complete(['exec', ''], { client })).toEqual(['db', 'web']);
    expect(await complete(['logs', 'w'], { client })).toEqual(['web']);
    expect(await complete(['-p', 'x', 'stop', ''], { client })).toEqual(['db', 'far', 'web']);
  });

  it('gives bash a script that it accepts', async () => {
    const { code, out } = await run('completion bash');
    expect(code).toBe(0);
    expect(spawnSync('bash', ['-n'], { input: out }).status).toBe(0);
    expect((await run('completion zsh')).out).toMatch(/^#compdef tscompose\n/);
    expect((await run('completion fish')).out).toContain('complete -c tscompose');
  });

  it('refuses a shell that it does not know', async () => {
    expect(await run('completion tcsh')).toMatchObject({
      code: 1,
      err: 'tscompose: there is no completion for "tcsh"\nhint: the shells are bash, zsh, fish\n',
    });
  });
});
