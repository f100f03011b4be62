import { expect, test } from 'vitest';
import { explainFailure, ociLogErrors } from '../../src/runtime/failures.ts';

test.each([
  ['executable file `nosuch` not found in $PATH: No such file or directory', 127],
  ['exec: "nosuch": executable file not found in $PATH: unknown', 127],
  ['exec: "/bin/nosuch": stat /bin/nosuch: no such file or directory', 127],
  ['open executable: No such file or directory', 127],
  ['open executable: Permission denied', 126],
  ['exec: "/bin/x": permission denied: unknown', 126],
  ['open executable: Operation not permitted', 126],
  ['exec: "/bin": is a directory: unknown', 126],
  ['exec container process `/bin/x`: Exec format error', 126],
  ['exec container process (missing dynamic library?) `/bin/x`: No such file or directory', 127],
  ['mount `/src` to `/data`: No such file or directory', 125],
  ["error stat'ing file `/dev/absent`: No such file or directory", 125],
  ['error mounting "/x" to rootfs at "/y": stat /x: no such file or directory', 125],
  ['write to `/sys/fs/cgroup/…`: Permission denied', 125],
  ['', 125],
])('"%s" ends with %d', (said, exitCode) => {
  expect(explainFailure(said, 'program').exitCode).toBe(exitCode);
});

test.each([
  'mount `/src` to `etc/passwd`: Not a directory',
  'error mounting "/src" to rootfs at "/etc/passwd": mount src=/src, dst=/etc/passwd: not a directory: Are you trying',
])('"%s" is told as what it means', (said) => {
  expect(explainFailure(said, 'program')).toEqual({
    exitCode: 127,
    message: 'cannot mount /src at /etc/passwd: one of them is a directory, the other is not',
    hint: expect.stringContaining('check that the host path is what was meant'),
  });
});

test("what is not understood is passed on in the runtime's own words", () => {
  expect(explainFailure('  something new\n', 'x')).toEqual({ exitCode: 125, message: 'something new' });
});

test('errors are read out of a log of JSON lines and other noise', () => {
  const log = [
    '{"msg":"cgroup v1 is deprecated","level":"warning","time":"…"}',
    'plain text',
    '{"msg":"first","level":"error"}',
    '{"broken',
    '{"msg":"second","level":"error"}',
  ].join('\n');
  expect(ociLogErrors(log)).toBe('first; second');
});
