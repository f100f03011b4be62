import { describe, expect, test } from 'vitest';
import { applyChanges, parseImageConfig } from '../../src/image/index.ts';

const bare = parseImageConfig({ architecture: 'amd64', os: 'linux' });

/** The instructions, and the settings they leave. */
const table: readonly (readonly [readonly string[], object])[] = [
  [['CMD ["sh", "-l"]'], { cmd: ['sh', '-l'] }],
  [['cmd echo $HOME "x y"'], { cmd: ['/bin/sh', '-c', 'echo $HOME "x y"'] }],
  [["CMD ['single']"], { cmd: ['/bin/sh', '-c', "['single']"] }],
  [['ENTRYPOINT ["/init"]', 'CMD []'], { entrypoint: ['/init'], cmd: [] }],
  [['ENV A=1 B="two words" C=a\\ b'], { env: ['A=1', 'B=two words', 'C=a b'] }],
  [['ENV A the rest of it'], { env: ['A=the rest of it'] }],
  [['ENV A=1', 'ENV A=2'], { env: ['A=2'] }],
  [['ENV URL=http://x/?a=b=c'], { env: ['URL=http://x/?a=b=c'] }],
  [['EXPOSE 80 53/udp 8000-8010'], { exposedPorts: ['80/tcp', '53/udp', '8000-8010/tcp'] }],
  [['LABEL a=1 "b c"=\'d e\''], { labels: { a: '1', 'b c': 'd e' } }],
  [['USER app:staff'], { user: 'app:staff' }],
  [['VOLUME ["/data", "/log"]'], { volumes: ['/data', '/log'] }],
  [['VOLUME /data /data'], { volumes: ['/data'] }],
  [['WORKDIR /srv', 'WORKDIR app'], { workingDir: '/srv/app' }],
  [['STOPSIGNAL SIGQUIT'], { stopSignal: 'SIGQUIT' }],
  [['HEALTHCHECK NONE'], { healthcheck: { test: ['NONE'] } }],
  [
    ['HEALTHCHECK --interval=1m30s --timeout=500ms --retries=3 CMD curl -f localhost'],
    {
      healthcheck: {
        test: ['CMD-SHELL', 'curl -f localhost'],
        intervalMs: 90_000,
        timeoutMs: 500,
        retries: 3,
      },
    },
  ],
  [
    ['HEALTHCHECK --start-period=2s CMD ["true"]'],
    { healthcheck: { test: ['CMD', 'true'], startPeriodMs: 2000 } },
  ],
];

describe('changes', () => {
  test.each(table)('%j', (changes, expected) => {
    expect(applyChanges(bare, changes)).toEqual({ ...bare, ...expected });
  });

  test.each([
    ['RUN true', 'must be one of CMD, ENTRYPOINT'],
    ['', 'must be one of'],
    ['ENV A', 'needs name=value'],
    ['ENV', 'needs a value'],
    ['ENV A="x', 'has a quote without its end'],
    ['ENV A=1 B', '"B" is not name=value'],
    ['EXPOSE http', '"http" is no port'],
    ['USER', 'needs a value'],
    ['HEALTHCHECK curl', 'needs CMD and a command, or NONE'],
    ['HEALTHCHECK --often CMD x', '"--often" is no option of it'],
  ])('"%s" is refused: %s', (change, why) => {
    expect(() => applyChanges(bare, [change])).toThrow(
      expect.objectContaining({ code: 'IMAGE_CHANGE_INVALID', message: expect.stringContaining(why) }),
    );
  });
});
