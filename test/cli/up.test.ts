import { describe, expect, it } from 'vitest';
import type { AgentClient } from '../../src/agent/protocol.ts';
import type { Action } from '../../src/compose/plan/plan.ts';
import { applying, creating, emptyPlan, linesOf, planOf, run, shop } from './world.ts';

const network: Action = {
  kind: 'CreateNetwork',
  network: { name: 'shop_default' } as Extract<Action, { kind: 'CreateNetwork' }>['network'],
};
const volume: Action = {
  kind: 'CreateVolume',
  volume: { name: 'shop_data' } as Extract<Action, { kind: 'CreateVolume' }>['volume'],
};
const start = (name: string): Action => ({ kind: 'StartContainer', name, service: 'web' });
const everything = [
  network,
  volume,
  creating('shop-db-1'),
  start('shop-db-1'),
  { kind: 'WaitFor', name: 'shop-db-1', service: 'db', condition: 'healthy', required: true } as const,
  creating('shop-web-1', { replaces: 'shop-web-1' }),
  start('shop-web-1'),
];

describe('up -d', () => {
  it("tells what happens in Docker Compose's words, beside the results", async () => {
    expect(await run('up -d', { files: shop, client: { apply: applying(...everything) } })).toMatchObject({
      code: 0,
      out: '',
      err: ` Network shop_default  Creating
 Network shop_default  Created
 Volume shop_data  Creating
 Volume shop_data  Created
 Container shop-db-1  Creating
 Container shop-db-1  Created
 Container shop-db-1  Starting
 Container shop-db-1  Started
 Container shop-db-1  Waiting
 Container shop-db-1  Healthy
 Container shop-web-1  Recreate
 Container shop-web-1  Recreated
 Container shop-web-1  Starting
 Container shop-web-1  Started
`,
    });
  });

  it('tells it on standard output when COMPOSE_STATUS_STDOUT wants it there', async () => {
    const environment = { COMPOSE_STATUS_STDOUT: '1' };
    const { out, err } = await run('up -d', {
      files: shop,
      environment,
      client: { apply: applying(network) },
    });
    expect({ out, err }).toEqual({
      out: ' Network shop_default  Creating\n Network shop_default  Created\n',
      err: '',
    });
  });

  it('tells it as JSON lines', async () => {
    const { err } = await run('--progress json up -d', { files: shop, client: { apply: applying(network) } });
    expect(err).toBe(
      '{"id":"Network shop_default","status":"Working","text":"Creating"}\n{"id":"Network shop_default","status":"Done","text":"Created"}\n',
    );
  });

  it('tells once of a container that several wait for', async () => {
    const wait = (condition: 'healthy' | 'running-or-healthy'): Action => ({
      kind: 'WaitFor',
      name: 'shop-db-1',
      service: 'db',
      condition,
      required: true,
    });
    const plan = planOf('shop', [wait('healthy'), wait('running-or-healthy')]);
    const client: Partial<AgentClient> = {
      apply: async (_request, { onLine }) => {
        onLine({ kind: 'plan', plan });
        for (const phase of ['started', 'done'] as const)
          for (const { id } of plan.nodes) onLine({ kind: 'node', node: id, phase });
        return plan;
      },
    };
    expect((await run('up -d', { files: shop, client })).err).toBe(
      ' Container shop-db-1  Waiting\n Container shop-db-1  Healthy\n',
    );
    expect((await run('--progress json up -d', { files: shop, client })).err).toBe(
      '{"id":"Container shop-db-1","status":"Working","text":"Waiting"}\n{"id":"Container shop-db-1","status":"Done","text":"Healthy"}\n',
    );
  });

  it('keeps quiet when asked to', async () => {
    const client = { apply: applying(network) };
    expect((await run('--progress quiet up -d', { files: shop, client })).err).toBe('');
    expect(
      (await run('up -d', { files: shop, client, environment: { COMPOSE_PROGRESS: 'quiet' } })).err,
    ).toBe('');
  });

  it('names containers that run and needed nothing', async () => {
    const apply: AgentClient['apply'] = async (_request, { onLine }) => {
      const plan = { ...emptyPlan('shop'), running: ['shop-web-1'] };
      onLine({ kind: 'plan', plan });
      return plan;
    };
    expect((await run('up -d', { files: shop, client: { apply } })).err).toBe(
      ' Container shop-web-1  Running\n',
    );
  });

  it('speaks of an image only when it is fetched, and not with --quiet-pull', async () => {
    const image: Action = { kind: 'EnsureImage', image: 'nginx', policy: 'missing', service: 'web' };
    const plan = planOf('shop', [image]);
    const node = plan.nodes[0]!.id;
    const present = { apply: applying(image) };
    expect((await run('up -d', { files: shop, client: present })).err).toBe('');
    const fetched = {
      apply: (async (_request, { onLine }) => {
        onLine({ kind: 'plan', plan });
        onLine({ kind: 'node', node, phase: 'started' });
        onLine({
          kind: 'detail',
          node,
          detail: { text: '', currentBytes: 5_000_000, totalBytes: 20_000_000 },
        });
        onLine({ kind: 'node', node, phase: 'done' });
        return plan;
      }) satisfies ReturnType<typeof applying>,
    };
    expect((await run('up -d', { files: shop, client: fetched })).err).toBe(
      ' Image nginx  Pulling\n Image nginx  Pulled\n',
    );
    expect((await run('up -d --quiet-pull', { files: shop, client: fetched })).err).toBe('');
    expect((await run('--progress json up -d', { files: shop, client: fetched })).err).toContain(
      '"text":"Pulling","details":"5MB / 20MB","current":5000000,"total":20000000}',
    );
  });

  it('says at the object what failed, then why, and ends with 1', async () => {
    const plan = planOf('shop', [start('shop-web-1')]);
    const node = plan.nodes[0]!.id;
    const { TscomposeError } = await import('../../src/errors.ts');
    const apply = (async (_request, { onLine }) => {
      onLine({ kind: 'waiting', reason: '"down" of project shop is still at work' });
      onLine({ kind: 'plan', plan: { ...plan, warnings: ['Found orphan containers (shop-old-1)'] } });
      onLine({ kind: 'node', node, phase: 'started' });
      onLine({ kind: 'node', node, phase: 'failed', message: 'no such program: sh' });
      throw new TscomposeError('CONTAINER_CREATE', 'cannot start shop-web-1: no such program: sh', {
        exitCode: 127,
      });
    }) satisfies ReturnType<typeof applying>;
    expect(await run('up -d', { files: shop, client: { apply } })).toMatchObject({
      code: 1,
      err: ` "down" of project shop is still at work
time="2024-05-01T10:00:00Z" level=warning msg="Found orphan containers (shop-old-1)"
 Container shop-web-1  Starting
 Container shop-web-1  Error  no such program: sh
tscompose: cannot start shop-web-1: no such program: sh
`,
    });
  });

  it('asks the agent for exactly what the flags say', async () => {
    const { requests } = await run(
      'up -d --force-recreate --always-recreate-deps --no-deps --scale web=3 -t 5 --pull always -V --remove-orphans --wait --wait-timeout 30 web',
      { files: shop },
    );
    expect(requests[0]).toMatchObject({ projectName: 'shop', dryRun: false });
    expect(requests[0]?.command).toEqual({
      kind: 'up',
      services: ['web'],
      recreate: 'force',
      recreateDependencies: true,
      noDeps: true,
      start: true,
      wait: true,
      waitTimeoutMs: 30_000,
      removeOrphans: true,
      ignoreOrphans: false,
      scale: { web: 3 },
      timeoutMs: 5_000,
      pull: 'always',
      renewAnonymousVolumes: true,
      divergedVolumes: 'keep',
    });
  });

  describe('where a volume would lose its data', () => {
    const question = {
      volume: 'shop_data',
      text: 'Volume "shop_data" differs. Recreate (data will be lost)?',
    };
    /** Asks until the command holds an answer. */
    const asking: AgentClient['apply'] = async ({ projectName, command }, { onLine }) => {
      const decided = command.kind === 'up' ? command.divergedVolumes : undefined;
      const isAsked = typeof decided === 'object' && decided.shop_data === undefined;
      const plan = {
        ...planOf(projectName, [start('shop-web-1')]),
        ...(isAsked ? { questions: [question] } : {}),
      };
      for (const line of isAsked ? [{ kind: 'plan', plan } as const] : linesOf(plan)) onLine(line);
      return plan;
    };
    const upOnTerminal = async (answer: string | undefined, words = 'up -d') => {
      const questions: string[] = [];
      const ask = async (text: string) => {
        questions.push(text);
        return answer;
      };
      const { code, requests } = await run(words, {
        files: shop,
        tty: true,
        client: { apply: asking },
        io: { ask },
      });
      const decisions = requests.map(({ command }) => command.kind === 'up' && command.divergedVolumes);
      return { code, questions, decisions };
    };

    it.each([
      ['y', true],
      ['Yes', true],
      ['n', false],
      ['', false],
      [undefined, false],
    ])('asks, takes %j for an answer, and comes again with it', async (answer, agreed) => {
      expect(await upOnTerminal(answer)).toEqual({
        code: 0,
        questions: [`? ${question.text} (y/N) `],
        decisions: [{}, { shop_data: agreed }],
      });
    });

    it('asks nothing with -y, under --dry-run, or without a terminal', async () => {
      expect(await upOnTerminal('n', 'up -d -y')).toEqual({ code: 0, questions: [], decisions: ['remake'] });
      expect(await upOnTerminal('y', 'create -y')).toMatchObject({ questions: [], decisions: ['remake'] });
      expect(await upOnTerminal('y', 'up -d --dry-run')).toMatchObject({
        questions: [],
        decisions: ['keep'],
      });
      expect(await upOnTerminal('y', 'plan')).toMatchObject({ questions: [], decisions: ['keep'] });
      expect(await upOnTerminal('y', 'plan -y')).toMatchObject({ questions: [], decisions: ['remake'] });
      const { requests } = await run('up -d', { files: shop, client: { apply: asking } });
      expect(requests.map(({ command }) => command)).toMatchObject([{ divergedVolumes: 'keep' }]);
    });
  });

  it('passes the bound on how much happens at once', async () => {
    expect((await run('--parallel 2 up -d', { files: shop })).requests[0]?.parallel).toBe(2);
    const environment = { COMPOSE_PARALLEL_LIMIT: '-1' };
    expect((await run('up -d', { files: shop, environment })).requests[0]?.parallel).toBe(-1);
    expect(
      await run('up -d', { files: shop, environment: { COMPOSE_PARALLEL_LIMIT: 'many' } }),
    ).toMatchObject({
      code: 1,
      err: 'tscompose: COMPOSE_PARALLEL_LIMIT="many" is not a whole number\n',
    });
  });

  it('creates and starts nothing with --no-start', async () => {
    const { requests, code } = await run('up --no-start', { files: shop });
    expect({ code, start: requests[0]?.command.kind === 'up' && requests[0].command.start }).toEqual({
      code: 0,
      start: false,
    });
    expect((await run('create --scale web=2', { files: shop })).requests[0]?.command).toMatchObject({
      kind: 'up',
      start: false,
      scale: { web: 2 },
    });
  });

  it('passes --build on', async () => {
    const built = await run('up -d --build', { files: shop });
    const plain = await run('up -d', { files: shop });
    const isBuild = ({ requests: [first] }: typeof built) =>
      first?.command.kind === 'up' && first.command.build;
    expect([isBuild(built), isBuild(plain)]).toEqual([true, undefined]);
    const client = { apply: applying(creating('shop-web-run-1', { oneOff: true })) };
    expect((await run('run -d --build web', { files: shop, client })).requests[0]?.command).toMatchObject({
      kind: 'run',
      build: true,
    });
  });

  it.each([
    ['up --build --no-build', '--build and --no-build are incompatible'],
    ['up --force-recreate --no-recreate', '--force-recreate and --no-recreate are incompatible'],
    ['up -V --no-recreate', '--no-recreate and --renew-anon-volumes are incompatible'],
    ['up --always-recreate-deps --no-recreate', '--always-recreate-deps and --no-recreate are incompatible'],
    [
      'up --abort-on-container-exit --abort-on-container-failure',
      '--abort-on-container-failure cannot be combined with --abort-on-container-exit',
    ],
    [
      'up --wait --abort-on-container-exit',
      '--wait cannot be combined with --abort-on-container-exit, --attach or --attach-dependencies',
    ],
    [
      'up --wait --attach web',
      '--wait cannot be combined with --abort-on-container-exit, --attach or --attach-dependencies',
    ],
    [
      'up -d --exit-code-from web',
      '--detach cannot be combined with --abort-on-container-exit, --abort-on-container-failure, --attach or --attach-dependencies',
    ],
    [
      'up -d --abort-on-container-failure',
      '--detach cannot be combined with --abort-on-container-exit, --abort-on-container-failure, --attach or --attach-dependencies',
    ],
    ['up --attach web --attach-dependencies', 'cannot combine --attach and --attach-dependencies'],
    ['up --scale web', '"web" is not of the form SERVICE=NUMBER'],
    ['up --attach nobody', 'cannot attach to services not included in up: nobody'],
    ['up --exit-code-from nobody', 'no such service: nobody'],
    ['create --force-recreate --no-recreate', '--force-recreate and --no-recreate are incompatible'],
  ])('refuses "%s"', async (words, message) => {
    expect(await run(words, { files: shop })).toMatchObject({
      code: 1,
      out: '',
      err: `tscompose: ${message}\n`,
    });
  });

  it('refuses --remove-orphans where orphans are to be ignored', async () => {
    const environment = { COMPOSE_IGNORE_ORPHANS: '1' };
    expect(await run('up -d --remove-orphans', { files: shop, environment })).toMatchObject({
      code: 1,
      err: 'tscompose: cannot combine COMPOSE_IGNORE_ORPHANS and --remove-orphans\n',
    });
  });

  it('removes orphans where COMPOSE_REMOVE_ORPHANS says so', async () => {
    const { requests } = await run('up -d', { files: shop, environment: { COMPOSE_REMOVE_ORPHANS: 'true' } });
    expect(requests[0]?.command).toMatchObject({ removeOrphans: true });
  });
});

describe('plan and --dry-run', () => {
  const apply = applying(creating('shop-web-1'), start('shop-web-1'));

  it('print the steps and why, and change nothing', async () => {
    const plan = await run('plan', { files: shop, client: { apply } });
    expect(plan.requests[0]?.dryRun).toBe(true);
    expect({ code: plan.code, out: plan.out }).toEqual({
      code: 0,
      out: `shop: 2 steps
  n0  create container shop-web-1  new
  n1  start container shop-web-1   new  after n0
`,
    });
    for (const words of ['--dry-run up', 'up --dry-run', 'up -d --dry-run']) {
      const dry = await run(words, { files: shop, client: { apply } });
      expect({ out: dry.out, err: dry.err, dryRun: dry.requests[0]?.dryRun }).toEqual({
        out: plan.out,
        err: '',
        dryRun: true,
      });
    }
  });

  it('say so when there is nothing to do', async () => {
    expect((await run('plan', { files: shop })).out).toBe('Nothing to do: everything is as the file says.\n');
  });

  it('print the plan as data', async () => {
    const { out } = await run('plan --json', { files: shop, client: { apply } });
    expect(JSON.parse(out)).toEqual(
      JSON.parse(JSON.stringify(planOf('shop', [creating('shop-web-1'), start('shop-web-1')]))),
    );
  });
});
