import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TscomposeError } from '../../src/errors.ts';
import { familiarName, fullName, parseReference, withDefaultTag } from '../../src/image/references.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

/** As written; in full with the default tag; as short as it can be. */
const good: readonly (readonly [string, string, string])[] = [
  ['nginx', 'docker.io/library/nginx:latest', 'nginx:latest'],
  ['mysql:5.7', 'docker.io/library/mysql:5.7', 'mysql:5.7'],
  ['library/nginx', 'docker.io/library/nginx:latest', 'nginx:latest'],
  ['docker.io/nginx', 'docker.io/library/nginx:latest', 'nginx:latest'],
  ['index.docker.io/nginx', 'docker.io/library/nginx:latest', 'nginx:latest'],
  ['index.docker.io/library/nginx:1', 'docker.io/library/nginx:1', 'nginx:1'],
  ['bitnami/redis', 'docker.io/bitnami/redis:latest', 'bitnami/redis:latest'],
  ['docker.io/a/b/c:v1', 'docker.io/a/b/c:v1', 'a/b/c:v1'],
  ['library/foo/bar', 'docker.io/library/foo/bar:latest', 'library/foo/bar:latest'],
  ['localhost/app', 'localhost/app:latest', 'localhost/app:latest'],
  ['localhost:5000/app:2', 'localhost:5000/app:2', 'localhost:5000/app:2'],
  ['host:5000/x', 'host:5000/x:latest', 'host:5000/x:latest'],
  ['127.0.0.1:5000/a/b', '127.0.0.1:5000/a/b:latest', '127.0.0.1:5000/a/b:latest'],
  ['[::1]:5000/repo', '[::1]:5000/repo:latest', '[::1]:5000/repo:latest'],
  [
    'registry.example.com/owner/name',
    'registry.example.com/owner/name:latest',
    'registry.example.com/owner/name:latest',
  ],
  ['Uppercase/name', 'Uppercase/name:latest', 'Uppercase/name:latest'],
  ['test_com/foo', 'docker.io/test_com/foo:latest', 'test_com/foo:latest'],
  ['a__b/c-d.e', 'docker.io/a__b/c-d.e:latest', 'a__b/c-d.e:latest'],
  ['x---y', 'docker.io/library/x---y:latest', 'x---y:latest'],
  ['nginx:V1.2_3-x', 'docker.io/library/nginx:V1.2_3-x', 'nginx:V1.2_3-x'],
  [`nginx@${digest}`, `docker.io/library/nginx@${digest}`, `nginx@${digest}`],
  [`nginx:1@${digest}`, `docker.io/library/nginx:1@${digest}`, `nginx:1@${digest}`],
];

const bad: readonly (readonly [string, string])[] = [
  ['', 'it is empty'],
  ['Nginx', 'the repository must be in lower case'],
  ['a/Nginx', 'the repository must be in lower case'],
  ['nginx:', '"" is no tag'],
  ['nginx:-x', '"-x" is no tag'],
  [`nginx:${'a'.repeat(129)}`, 'is no tag'],
  ['nginx@sha256:12', 'after the @ must come sha256: and 64 hexadecimal digits'],
  ['nginx@md5:0123', 'after the @ must come sha256: and 64 hexadecimal digits'],
  ['a//b', '"a//b" is no repository'],
  ['a/b/', '"a/b/" is no repository'],
  ['a___b', '"library/a___b" is no repository'],
  ['a..b', '"library/a..b" is no repository'],
  ['-a', '"library/-a" is no repository'],
  ['host:port/x', '"host:port" is no registry'],
  ['-host.de/x', '"-host.de" is no registry'],
  ['a b', '"library/a b" is no repository'],
  ['../etc', '".." is no registry'],
  [`example.com/${'a'.repeat(255)}`, 'the name is longer than 255 characters'],
  ['0123456789abcdef'.repeat(4), 'a name of 64 hexadecimal digits would look like an image id'],
];

describe('references', () => {
  test.each(good)('%s means %s and is shown as %s', (text, full, familiar) => {
    const reference = withDefaultTag(parseReference(text));
    expect([fullName(reference), familiarName(reference)]).toEqual([full, familiar]);
  });

  test.each(good)('what is shown of %s means the same again', (text) => {
    const reference = withDefaultTag(parseReference(text));
    expect(parseReference(familiarName(reference))).toEqual(reference);
    expect(parseReference(fullName(reference))).toEqual(reference);
  });

  test.each(bad)('"%s" is refused: %s', (text, why) => {
    let error: unknown;
    try {
      parseReference(text);
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({
      code: 'IMAGE_REFERENCE_INVALID',
      message: expect.stringContaining(why),
    });
  });

  test('an upper-case repository is answered with the way to write it', () => {
    expect(() => parseReference('Nginx')).toThrow(expect.objectContaining({ hint: 'write nginx' }));
  });

  test('any text is either a reference that survives printing or a typed error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z0-9.:/@_-]{1,40}$/)), (text) => {
        try {
          const reference = parseReference(text);
          expect(parseReference(fullName(reference))).toEqual(reference);
        } catch (error) {
          expect(error).toBeInstanceOf(TscomposeError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
