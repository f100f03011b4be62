import { describe, expect, it } from 'vitest';
import { agentEnvironment } from '../../src/agent/environment.ts';

describe("the agent's environment", () => {
  it('is chosen from that of the client who starts it', () => {
    expect(
      agentEnvironment({
        PATH: '/usr/bin',
        HOME: '/root',
        TSCOMPOSE_ROOT: '/tmp/x',
        DOCKER_CONFIG: '/root/.docker',
        https_proxy: 'http://proxy:3128',
        PASSWORD_STORE_DIR: '/root/.store',
        AWS_PROFILE: 'team',
        DB_PASSWORD: 'secret',
        NODE_OPTIONS: '--inspect',
      }),
    ).toEqual({
      LC_ALL: 'C.UTF-8',
      UV_THREADPOOL_SIZE: '8',
      MALLOC_ARENA_MAX: '2',
      MALLOC_TRIM_THRESHOLD_: '131072',
      PATH: '/usr/bin',
      HOME: '/root',
      TSCOMPOSE_ROOT: '/tmp/x',
      DOCKER_CONFIG: '/root/.docker',
      https_proxy: 'http://proxy:3128',
      PASSWORD_STORE_DIR: '/root/.store',
      AWS_PROFILE: 'team',
    });
  });

  it('keeps further certificate authorities under a name that does not slow the start', () => {
    const chosen = agentEnvironment({ NODE_EXTRA_CA_CERTS: '/etc/ca.pem' });
    expect(chosen).toMatchObject({ TSCOMPOSE_EXTRA_CA_CERTS: '/etc/ca.pem' });
    expect(chosen).not.toHaveProperty('NODE_EXTRA_CA_CERTS');
  });

  it('names their file by a path that holds wherever the agent is at work', () => {
    expect(agentEnvironment({ NODE_EXTRA_CA_CERTS: 'ca.pem' })).toMatchObject({
      TSCOMPOSE_EXTRA_CA_CERTS: `${process.cwd()}/ca.pem`,
    });
  });
});
