import { describe, expect, test } from 'vitest';
import type { Digest } from '../../src/image/images.ts';
import type { Descriptor } from '../../src/image/media.ts';
import {
  choosePlatform,
  formatPlatform,
  isMadeFor,
  parsePlatform,
  platformOfMachine,
} from '../../src/image/platforms.ts';

function offer(...platforms: readonly string[]): Descriptor[] {
  return platforms.map((text) => {
    const [os = '', architecture = '', variant] = text.split('/');
    return {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest: text as Digest,
      size: 1,
      platform: { os, architecture, ...(variant === undefined ? {} : { variant }) },
    };
  });
}

describe('platforms', () => {
  test.each<[string, readonly string[], string | undefined]>([
    ['linux/amd64', ['linux/arm64', 'linux/amd64'], 'linux/amd64'],
    ['linux/amd64', ['unknown/unknown', 'linux/amd64'], 'linux/amd64'],
    ['linux/amd64', ['windows/amd64'], undefined],
    ['linux/arm64', ['linux/arm64/v8'], 'linux/arm64/v8'],
    ['linux/arm64', ['linux/arm/v7', 'linux/arm64'], 'linux/arm64'],
    ['linux/arm/v7', ['linux/arm/v5', 'linux/arm/v6'], 'linux/arm/v6'],
    ['linux/arm/v7', ['linux/arm/v6', 'linux/arm/v7'], 'linux/arm/v7'],
    ['linux/arm/v6', ['linux/arm/v7'], undefined],
    ['linux/arm', ['linux/arm/v7'], 'linux/arm/v7'],
    ['linux/amd64', ['linux/amd64/v3', 'linux/amd64'], 'linux/amd64'],
    ['linux/amd64/v3', ['linux/amd64', 'linux/amd64/v2'], 'linux/amd64/v2'],
    ['linux/386', ['linux/amd64', 'linux/386'], 'linux/386'],
    ['linux/amd64', [], undefined],
  ])('for %s of %j the choice is %s', (wanted, offered, chosen) => {
    expect(choosePlatform(offer(...offered), parsePlatform(wanted))?.digest).toBe(chosen);
  });

  test.each([
    ['linux/amd64', 'linux/amd64', true],
    ['linux/amd64', 'linux/x86_64', true],
    ['linux/arm/v6', 'linux/arm/v7', true],
    ['linux/arm/v7', 'linux/arm/v6', false],
    ['linux/amd64', 'linux/arm64', false],
    ['windows/amd64', 'linux/amd64', false],
  ])('an image made for %s is one for %s: %s', (made, wanted, answer) => {
    expect(isMadeFor(parsePlatform(made), parsePlatform(wanted))).toBe(answer);
  });

  test.each([
    ['amd64', 'linux/amd64'],
    ['linux/x86_64', 'linux/amd64'],
    ['linux/aarch64', 'linux/arm64'],
    ['armhf', 'linux/arm/v7'],
    ['Linux/ARM64', 'linux/arm64'],
  ])('%s is read as %s', (text, expected) => {
    expect(formatPlatform(parsePlatform(text))).toBe(expected);
  });

  test.each(['', 'a/b/c/d', 'linux/', 'linux amd64'])('"%s" is refused', (text) => {
    expect(() => parsePlatform(text)).toThrow(expect.objectContaining({ code: 'PLATFORM_INVALID' }));
  });

  test.each([
    ['x64', 'linux/amd64'],
    ['arm64', 'linux/arm64'],
    ['arm', 'linux/arm/v7'],
  ])('Node’s %s is %s', (arch, expected) => {
    expect(formatPlatform(platformOfMachine(arch))).toBe(expected);
  });
});
