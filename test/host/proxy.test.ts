import { describe, expect, test } from 'vitest';
import { proxyRules } from '../../src/host/proxy.ts';

const proxy = 'http://proxy:3128';

describe('the proxy before a server', () => {
  test.each([
    ['http://proxy:3128', 'http://proxy:3128'],
    ['https://proxy', 'https://proxy'],
    ['proxy:3128', 'http://proxy:3128'],
  ])('is %s', (text, origin) => {
    expect(proxyRules({ proxy: text })('registry.test', 443)?.origin).toBe(origin);
  });

  test.each([{}, { proxy: '' }])('is none when none is named: %o', (settings) => {
    expect(proxyRules(settings)('registry.test', 443)).toBeUndefined();
  });

  test.each(['localhost', '127.0.0.1', '127.8.0.1', '::1', '[::1]'])(
    'is none for this machine: %s',
    (host) => {
      expect(proxyRules({ proxy })(host, 5000)).toBeUndefined();
    },
  );

  test.each([
    ['*', 'registry.test'],
    ['registry.test', 'registry.test'],
    ['registry.test', 'a.registry.test'],
    ['other, Registry.Test', 'REGISTRY.test'],
    ['.test', 'registry.test'],
    ['*.test', 'registry.test'],
    ['registry.test:5000', 'registry.test'],
    ['10.0.0.7', '10.0.0.7'],
    ['10.0.0.0/8', '10.1.2.3'],
    ['fd00::/8', 'fd12::1'],
    ['[fd12::1]:5000', '[fd12::1]'],
  ])('is none where NO_PROXY=%s and the server is %s', (noProxy, host) => {
    expect(proxyRules({ proxy, noProxy })(host, 5000)).toBeUndefined();
  });

  test.each([
    ['registry.test', 'myregistry.test'],
    ['.registry.test', 'registry.test'],
    ['registry.test:443', 'registry.test'],
    ['10.0.0.0/8', '11.0.0.1'],
    ['10.0.0.0/8', 'registry.test'],
    ['10.0.0.0/99', '10.0.0.1'],
    ['', 'registry.test'],
  ])('stays where NO_PROXY=%s and the server is %s', (noProxy, host) => {
    expect(proxyRules({ proxy, noProxy })(host, 5000)?.origin).toBe(proxy);
  });

  test.each(['socks5://me:secret@proxy:1080', 'http://'])(
    'that cannot be used is refused without its password: %s',
    (text) => {
      expect(() => proxyRules({ proxy: text })).toThrow(
        expect.objectContaining({
          code: 'HOST_PROXY_INVALID',
          message: expect.not.stringContaining('secret'),
        }),
      );
    },
  );
});
