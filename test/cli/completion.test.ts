import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { container, run } from './world.ts';

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

  it('knows the services of this directory that have containers', async () => {
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
