import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemHost } from '../../src/host/system-host.ts';
import type { Domain } from '../../src/image/references.ts';
import { type Credentials, dockerCredentials } from '../../src/image/registry/credentials.ts';

let home = '';
beforeEach(() => {
  home = fs.mkdtempSync(join(tmpdir(), 'tscompose-login-'));
});
afterEach(() => fs.rmSync(home, { recursive: true, force: true }));

/** A credential helper that runs this shell script; it sees HOME, and PATH leads to it. */
function helper(name: string, script: string): void {
  fs.mkdirSync(join(home, 'bin'), { recursive: true });
  fs.writeFileSync(join(home, `bin/docker-credential-${name}`), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

function find(config: object, domain = 'registry.test'): Promise<Credentials | undefined> {
  fs.writeFileSync(join(home, 'config.json'), JSON.stringify(config));
  const environment = { HOME: home, PATH: `${join(home, 'bin')}:/usr/bin:/bin` };
  return dockerCredentials(systemHost, { directory: home, environment })(domain as Domain);
}

describe('a credential helper', () => {
  test('is asked for the server, in the environment that it was set up in', async () => {
    helper('home', 'read -r server; printf \'{"Username":"%s","Secret":"%s"}\' "$server" "$HOME"');
    expect(await find({ credsStore: 'home' })).toEqual({
      kind: 'password',
      user: 'registry.test',
      password: home,
    });
    expect(await find({ credsStore: 'home' }, 'docker.io')).toMatchObject({
      user: 'https://index.docker.io/v1/',
    });
  });

  test.each([
    ['registry.test', 'registry.test'],
    ['docker.io', 'https://index.docker.io/v1/'],
  ])('for %s stands before the general one, under the name %s', async (domain, name) => {
    helper('own', 'echo \'{"Username":"own","Secret":"secret"}\'');
    expect(await find({ credsStore: 'none', credHelpers: { [name]: 'own' } }, domain)).toMatchObject({
      user: 'own',
    });
  });

  test('may answer with an identity token', async () => {
    helper('token', 'echo \'{"Username":"<token>","Secret":"mine"}\'');
    expect(await find({ credsStore: 'token' })).toEqual({ kind: 'identity', token: 'mine' });
  });

  test('that knows of no login is no error', async () => {
    helper('empty', 'echo "credentials not found in native keychain"; exit 1');
    expect(await find({ credsStore: 'empty' })).toBeUndefined();
  });

  test.each([
    [
      'complains',
      'echo "pass not initialized: exit status 1"; exit 1',
      'pass not initialized: exit status 1',
    ],
    ['complains elsewhere', 'echo "no agent" >&2; exit 2', 'no agent'],
    ['says nothing', 'exit 3', 'it ends with 3'],
    ['talks of something else', 'echo secret', 'it does not answer with JSON'],
  ])('that %s is told of', async (_what, script, words) => {
    helper('bad', script);
    await expect(find({ credsStore: 'bad' })).rejects.toMatchObject({
      code: 'REGISTRY_CREDENTIALS_INVALID',
      message: `the credential helper "bad" has no answer for registry.test: ${words}`,
      hint: `set the helper up, or take it out of ${home}/config.json (credsStore, credHelpers)`,
    });
  });

  test.each([
    ['that is not there', 'desktop', 'the program "docker-credential-desktop" is not on this machine'],
    ['with a path for a name', '../bad', 'that is no name of a helper'],
  ])('%s is told of', async (_what, name, words) => {
    await expect(find({ credsStore: name })).rejects.toMatchObject({
      code: 'REGISTRY_CREDENTIALS_INVALID',
      message: expect.stringContaining(words),
    });
  });
});
