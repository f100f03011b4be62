import { describe, expect, it } from 'vitest';
import type { AgentClient, ImageView } from '../../src/agent/protocol.ts';
import { TscomposeError } from '../../src/errors.ts';
import { now, run } from './world.ts';

const image: ImageView = {
  id: `sha256:${'f'.repeat(64)}`,
  references: ['app:1'],
  createdAt: now,
  sizeBytes: 1,
  os: 'linux',
  architecture: 'amd64',
};

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

describe('image', () => {
  it('load reads the archive that is named, or standard input', async () => {
    const read: string[] = [];
    const client: Partial<AgentClient> = {
      imageLoad: async (archive) => {
        read.push(await textOf(archive));
        return [image, { ...image, references: [] }];
      },
    };
    const out = `Loaded image: app:1\nLoaded image ID: ${image.id}\n`;
    expect(await run('image load -i app.tar', { client })).toMatchObject({ code: 0, out });
    expect(await run('image load', { client })).toMatchObject({ code: 0, out });
    expect(read).toEqual(['bytes of /shop/app.tar', 'bytes of -']);
  });

  it('load does not wait for somebody to type an archive', async () => {
    expect(await run('image load', { tty: true, environment: { NO_COLOR: '1' } })).toMatchObject({
      code: 1,
      err: 'tscompose: requested load from stdin, but stdin is a terminal\nhint: name the archive with -i\n',
    });
  });

  it('save writes to a file, and not to a terminal', async () => {
    const client: Partial<AgentClient> = { imageSave: async () => undefined };
    expect(await run('image save -o app.tar app:1 db', { client })).toMatchObject({ code: 0, out: '' });
    expect(await run('image save app:1', { tty: true, environment: { NO_COLOR: '1' } })).toMatchObject({
      code: 1,
      err: 'tscompose: cowardly refusing to save to a terminal\nhint: use -o to name a file, or redirect\n',
    });
  });

  it('import hands over changes and message', async () => {
    const client: Partial<AgentClient> = { imageImport: async () => image };
    const { out, calls } = await run(
      ['image', 'import', '-c', 'CMD ["sh"]', '-c', 'ENV A=1', '-m', 'base', 'root.tar', 'base:1'],
      { client },
    );
    expect(out).toBe(`${image.id}\n`);
    expect(calls).toEqual([
      'imageImport({"changes":["CMD [\\"sh\\"]","ENV A=1"],"reference":"base:1","message":"base"})',
    ]);
  });

  it('pull says how it goes beside its result', async () => {
    const client: Partial<AgentClient> = {
      imagePull: async (_reference, { onProgress }) => {
        for (const text of ['resolving', 'resolving', 'unpacking']) onProgress?.(text);
        return image;
      },
    };
    expect(await run('image pull app:1', { client })).toMatchObject({
      code: 0,
      out: 'app:1\n',
      err: 'resolving\nunpacking\n',
    });
    expect(await run('image pull -q app:1', { client })).toMatchObject({ out: 'app:1\n', err: '' });
  });

  it('inspect prints an array, or a field of each', async () => {
    const client: Partial<AgentClient> = {
      imageInspect: async (reference) => ({ Id: reference, Config: { Env: ['A=1', 'B=2'] } }),
    };
    expect(JSON.parse((await run('image inspect a b', { client })).out)).toHaveLength(2);
    const words = [
      'image',
      'inspect',
      '-f',
      '{{.Id}}: {{range .Config.Env}}<{{.}}>{{end}} {{json .Config}}',
      'a',
    ];
    expect((await run(words, { client })).out).toBe('a: <A=1><B=2> {"Env":["A=1","B=2"]}\n');
  });

  it('history cuts what is long, and says what it does not know', async () => {
    const row = { id: image.id, createdAt: now - 60_000, createdBy: '', sizeBytes: 4_500_000, comment: '' };
    const client: Partial<AgentClient> = {
      imageHistory: async () => [
        {
          ...row,
          createdBy: '/bin/sh -c apt-get update && apt-get install -y something',
          comment: 'buildkit',
        },
        { ...row, id: '<missing>', createdAt: 0, createdBy: 'ADD rootfs.tar /' },
      ],
    };
    expect((await run('image history app:1', { client })).out).toBe(
      `IMAGE          CREATED              CREATED BY                                      SIZE      COMMENT
ffffffffffff   About a minute ago   /bin/sh -c apt-get update && apt-get install…   4.5MB     buildkit
<missing>      N/A                  ADD rootfs.tar /                                4.5MB
`,
    );
    expect((await run('image history -q --no-trunc app:1', { client })).out).toBe(`${image.id}\n<missing>\n`);
  });

  it('tag makes one call', async () => {
    expect((await run('image tag app:1 app:2')).calls).toEqual(['imageTag("app:1", "app:2")']);
  });

  it('rm goes on after an image that it could not remove, and fails at the end', async () => {
    const client: Partial<AgentClient> = {
      imageRemove: async (reference) => {
        if (reference === 'used')
          throw new TscomposeError('IMAGE_IN_USE', 'image used is used by shop-web-1');
        return [{ untagged: reference }, { deleted: image.id }];
      },
    };
    expect(await run('image rm used app:1', { client })).toMatchObject({
      code: 1,
      out: `Untagged: app:1\nDeleted: ${image.id}\n`,
      err: 'tscompose: image used is used by shop-web-1\n',
    });
  });

  it('rm -f does not fail for what is not there, but tells it', async () => {
    const client: Partial<AgentClient> = {
      imageRemove: async (reference) => {
        throw new TscomposeError('IMAGE_NOT_FOUND', `there is no image ${reference}`);
      },
    };
    const err = 'tscompose: there is no image gone\n';
    expect(await run('image rm -f gone', { client })).toMatchObject({ code: 0, out: '', err });
    expect(await run('image rm gone', { client })).toMatchObject({ code: 1, out: '', err });
  });

  it('inspect prints what it found and tells of the rest', async () => {
    const client: Partial<AgentClient> = {
      imageInspect: async (reference) => {
        if (reference === 'gone') throw new TscomposeError('IMAGE_NOT_FOUND', 'no such image: gone');
        return { Id: reference };
      },
    };
    expect(await run('image inspect -f {{.Id}} a gone b', { client })).toMatchObject({
      code: 1,
      out: 'a\nb\n',
      err: 'tscompose: no such image: gone\n',
    });
  });

  it.each([
    [['team/*'], 'team/app:1 team/app:2'],
    [['team/app:?'], 'team/app:1 team/app:2'],
    [['*'], 'db:1'],
    [['db'], 'db:1'],
    [['-f', 'dangling=true'], '<none>:<none>'],
    [['-f', 'dangling=false'], 'team/app:1 team/app:2 db:1'],
    [['-f', 'reference=db', '-f', 'reference=*/*:2'], 'team/app:2 db:1'],
    [['-f', 'reference=db', '--filter', 'dangling=true'], ''],
  ])('ls keeps what %j asks for', async (words, expected) => {
    const images = [['team/app:1', 'team/app:2'], ['db:1'], []].map((references) => ({
      ...image,
      references,
    }));
    const { out } = await run(['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}', ...words], {
      client: { images: async () => images },
    });
    expect(out.trim().replaceAll('\n', ' ')).toBe(expected);
  });

  it.each(['dangling=maybe', 'size=1', 'dangling'])(
    'ls has no filter "%s", and says what there is',
    async (word) => {
      expect(await run(['image', 'ls', '-f', word], { environment: { NO_COLOR: '1' } })).toMatchObject({
        code: 1,
        err: `tscompose: "${word}" is no filter of images\nhint: write dangling=true, dangling=false or reference=PATTERN\n`,
      });
    },
  );

  it('ls shows the newest first', async () => {
    const images = [1, 3, 2].map((day) => ({ ...image, references: [`day:${day}`], createdAt: now + day }));
    const { out } = await run('image ls --format {{.Tag}}', { client: { images: async () => images } });
    expect(out).toBe('3\n2\n1\n');
  });
});
