import { expect, it } from 'vitest';
import { openNamespace, within } from '../../src/host/namespaces.ts';

it('a closed namespace is entered no more, whatever its descriptor’s number stands for by then', () => {
  const namespace = openNamespace(process.pid);
  namespace.close();
  namespace.close();
  expect(namespace.fd).toBe(-1);
  expect(() => within(namespace, () => 'inside')).toThrow(expect.objectContaining({ code: 'HOST_EBADF' }));
});
