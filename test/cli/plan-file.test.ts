import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { AgentClient } from '../../src/agent/protocol.ts';
import type { SavedPlan } from '../../src/compose/plan/saved.ts';
import { empty } from '../compose/plan/model.ts';
import { creating, linesOf, planOf, run, shop, type WorldOptions } from './world.ts';

const saved: SavedPlan = {
  grounds: { salt: '0123456789ab', project: { 'services.web': 'd1' }, observed: empty },
  digest: 'd2',
};

/** An agent that has one container to create, and keeps a plan where it is asked to. */
const apply: AgentClient['apply'] = async ({ projectName, keep }, { onLine }) => {
  const plan = planOf(projectName, [creating('shop-web-1')]);
  for (const line of linesOf(plan)) onLine(line);
  if (keep) onLine({ kind: 'kept', saved });
  return plan;
};

/** Runs the command with files that it can also write. */
async function runWith(files: Record<string, string>, words: string, options: WorldOptions = {}) {
  const ended = await run(words, {
    files,
    client: { apply },
    ...options,
    io: {
      writeBytes: async (path, write) => {
        const stream = new PassThrough();
        await write(stream);
        stream.end();
        files[`/shop/${path}`] = String(await buffer(stream));
      },
    },
  });
  return ended;
}

async function withPlan(words = 'plan -o plan.json'): Promise<Record<string, string>> {
  const files = { ...shop };
  expect(await runWith(files, words)).toMatchObject({ code: 0, err: '' });
  return files;
}

const usage = (message: string) => ({ code: 1, requests: [], err: `tscompose: ${message}\n` });

describe('plan -o', () => {
  it('shows the plan and keeps it, with how its files are found and what is to be done', async () => {
    const files: Record<string, string> = { ...shop };
    const { out, requests } = await runWith(files, '--profile debug plan -o plan.json --scale web=2 web');
    expect(out).toBe('shop: 1 step\n  n0  create container shop-web-1  new\n');
    expect(requests).toMatchObject([{ dryRun: true, keep: { salt: '0123456789ab' } }]);
    expect(JSON.parse(files['/shop/plan.json']!)).toEqual({
      format: 'tscompose plan',
      version: 1,
      project: 'shop',
      source: {
        purpose: 'run',
        services: ['web'],
        cwd: '/shop',
        files: [],
        envFiles: [],
        profiles: ['debug'],
        allResources: false,
      },
      command: requests[0]?.command,
      steps: [{ does: 'create container shop-web-1', because: 'new', after: [] }],
      warnings: [],
      saved,
      checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('cannot keep a plan of what comes in by standard input', async () => {
    expect(await run('-f - plan -o plan.json', { files: { '-': shop['/shop/compose.yaml'] } })).toMatchObject(
      {
        code: 1,
        requests: [],
        err: 'tscompose: a plan of what comes in by standard input cannot be kept\nhint: write it to a file, and name that with -f\n',
      },
    );
  });
});

describe('up --plan', () => {
  it('asks for exactly what was planned, wherever it is called', async () => {
    const files = await withPlan('plan -o plan.json --scale web=2 --force-recreate -t 3 --wait web');
    const { code, requests } = await runWith(files, 'up --plan /shop/plan.json', { io: { cwd: '/' } });
    expect(code).toBe(0);
    expect(requests).toMatchObject([
      {
        projectName: 'shop',
        dryRun: false,
        saved,
        command: { services: ['web'], scale: { web: 2 }, recreate: 'force', timeoutMs: 3000, wait: true },
      },
    ]);
    expect(requests[0]?.project?.workingDir).toBe('/shop');
  });

  it('shows what would happen under --dry-run', async () => {
    const files = await withPlan();
    const { out, requests } = await runWith(files, 'up --plan plan.json --dry-run');
    expect(requests).toMatchObject([{ dryRun: true, saved }]);
    expect(out).toBe('shop: 1 step\n  n0  create container shop-web-1  new\n');
  });

  it('takes options that ask for the same project, or about output', async () => {
    const files = await withPlan('-p store plan -o plan.json');
    expect((await runWith(files, '-p store up --plan plan.json -d --quiet-pull')).code).toBe(0);
    expect((await runWith(files, 'up --plan plan.json --no-attach web --timestamps')).code).toBe(0);
  });

  it.each([
    ['up --plan plan.json web', 'services'],
    ['up --plan plan.json --scale web=2 -y -V', '--scale, --yes, --renew-anon-volumes'],
    ['up --plan plan.json --wait', '--wait'],
    ['up --plan plan.json -t 0', '--timeout'],
    ['-p other up --plan plan.json', '-p'],
    ['-f other.yaml --profile x up --plan plan.json', '-f, --profile'],
  ])('refuses "%s"', async (words, names) => {
    expect(await runWith(await withPlan(), words)).toMatchObject(
      usage(`--plan cannot be combined with ${names}: the plan is made already`),
    );
  });

  it.each<[string, (text: string) => string | undefined, string]>([
    ['is not there', () => undefined, 'there is no plan plan.json'],
    ['is something else', () => '{"a": 1}', 'plan.json is no plan of tscompose'],
    ['is no JSON', (text) => text.slice(0, 90), 'plan.json is no plan of tscompose'],
    [
      'was changed',
      (text) => text.replace('"recreate": "diverged"', '"recreate": "force"'),
      'plan.json was changed after it was written, or cut short',
    ],
    [
      'is of another version',
      (text) => text.replace('"version": 1', '"version": 2'),
      'plan.json was written by another version of tscompose',
    ],
  ])('refuses a file that %s', async (_, change, message) => {
    const { '/shop/plan.json': text = '', ...rest } = await withPlan();
    const changed = change(text);
    const files = changed === undefined ? rest : { ...rest, '/shop/plan.json': changed };
    expect(await runWith(files, 'up -d --plan plan.json')).toMatchObject(
      usage(`${message}\nhint: make one with \`tscompose plan -o FILE\``),
    );
  });
});
