import { expect, test } from 'vitest';
import { resolveUser } from '../../src/runtime/users.ts';

const files = {
  passwd: 'root:x:0:0:root:/root:/bin/sh\n# comment\napp:x:1000:1001::/home/app:/bin/sh\nbare:x:7:7::\n',
  group: 'root:x:0:\nwheel:x:10:root,app\naudio:x:29:app\nstaff:x:50:\n',
};

test.each([
  ['', [], { uid: 0, gid: 0, additionalGids: [0, 10], home: '/root' }],
  ['app', [], { uid: 1000, gid: 1001, additionalGids: [1001, 10, 29], home: '/home/app' }],
  ['1000', [], { uid: 1000, gid: 1001, additionalGids: [1001, 10, 29], home: '/home/app' }],
  ['app:staff', [], { uid: 1000, gid: 50, additionalGids: [50], home: '/home/app' }],
  ['app:99', [], { uid: 1000, gid: 99, additionalGids: [99], home: '/home/app' }],
  ['4242', [], { uid: 4242, gid: 0, additionalGids: [0], home: '/' }],
  ['4242:4343', ['audio', '77'], { uid: 4242, gid: 4343, additionalGids: [4343, 29, 77], home: '/' }],
  ['bare', [], { uid: 7, gid: 7, additionalGids: [7], home: '/' }],
])('user "%s" with the groups %j', (user, groupAdd, expected) => {
  expect(resolveUser(user, groupAdd, files)).toEqual(expected);
});

test('names need an entry, numbers do not, not even files', () => {
  expect(() => resolveUser('nobody', [], files)).toThrow(
    'unable to find user nobody: no matching entries in passwd file',
  );
  expect(() => resolveUser('app:nogroup', [], files)).toThrow(
    expect.objectContaining({ code: 'GROUP_UNKNOWN' }),
  );
  expect(() => resolveUser('app', ['nogroup'], files)).toThrow(
    expect.objectContaining({ code: 'GROUP_UNKNOWN' }),
  );
  expect(resolveUser('5:6', [], { passwd: '', group: '' })).toEqual({
    uid: 5,
    gid: 6,
    additionalGids: [6],
    home: '/',
  });
});
