/** Plans that are kept by a dry run and carried out later. */
import { describe, expect, it } from 'vitest';
import type { ApplyLine } from '../../src/agent/protocol.ts';
import type { Observed } from '../../src/compose/plan/observed.ts';
import type { SavedPlan } from '../../src/compose/plan/saved.ts';
import { ComposeError } from '../../src/errors.ts';
import { carryOut } from '../compose/plan/machine.ts';
import { empty, project, up } from '../compose/plan/model.ts';
import { type Conversation, converse } from './conversation.ts';
import { fakeEngine } from './fake-engine.ts';

const shop = project({ services: { web: {} } });
const request = { projectName: 'shop', project: shop, command: up(), dryRun: false } as const;

/** A machine that remembers what was done to it, and looks as the test wants it to. */
async function talkTo(machine: { observed: Observed }) {
  const performed: string[] = [];
  const engine = fakeEngine({
    observe: async () => machine.observed,
    perform: async (action) => {
      performed.push(action.kind);
      if (action.kind === 'EnsureImage')
        machine.observed = { ...machine.observed, images: { [action.image]: 'sha256:pulled' } };
    },
  });
  return { talk: await converse(async () => engine), performed };
}

async function keep({ client }: Conversation): Promise<SavedPlan> {
  const lines: ApplyLine[] = [];
  await client.apply(
    { ...request, dryRun: true, keep: { salt: 'salt' } },
    { onLine: (line) => lines.push(line) },
  );
  expect(lines.map(({ kind }) => kind)).toEqual(['plan', 'kept', 'outcome']);
  return lines.flatMap((line) => (line.kind === 'kept' ? [line.saved] : []))[0]!;
}

async function refusal(applied: Promise<unknown>): Promise<readonly string[]> {
  const error = await applied.then(() => undefined).catch((thrown: unknown) => thrown);
  if (!(error instanceof ComposeError)) throw error;
  return error.problems.map(({ message }) => message);
}

const onLine = (): void => undefined;

describe('a plan that was kept', () => {
  it('is carried out as it was made', async () => {
    const { talk, performed } = await talkTo({ observed: empty });
    await using _ = talk;
    const saved = await keep(talk);
    expect(performed).toEqual([]);
    const plan = await talk.client.apply({ ...request, saved }, { onLine });
    expect(plan.nodes.map(({ id }) => id)).toEqual(['network:default', 'create:web-1', 'start:web-1']);
    expect(performed).toEqual(['CreateNetwork', 'CreateContainer', 'StartContainer']);
  });

  it('is refused before anything is done when the machine is another, also when it is only to be shown', async () => {
    const machine = { observed: empty };
    const { talk, performed } = await talkTo(machine);
    await using _ = talk;
    const saved = await keep(talk);
    const { client } = talk;
    machine.observed = carryOut(await client.apply({ ...request, dryRun: true }, { onLine }), empty);
    for (const dryRun of [false, true])
      expect(await refusal(client.apply({ ...request, saved, dryRun }, { onLine }))).toEqual([
        'the saved plan no longer fits, so nothing was changed',
        'network shop_default is new',
        'container shop-web-1 is new',
      ]);
    expect(performed).toEqual([]);
  });

  it('is refused when another command is asked for with it', async () => {
    const { talk, performed } = await talkTo({ observed: empty });
    await using _ = talk;
    const saved = await keep(talk);
    const command = up({ scale: { web: 2 } });
    expect(await refusal(talk.client.apply({ ...request, command, saved }, { onLine }))).toEqual([
      'the saved plan was made by another version of tscompose, so nothing was changed',
    ]);
    expect(performed).toEqual([]);
  });

  it('fetches its images first, and goes on when they ask for no other steps', async () => {
    const { talk, performed } = await talkTo({ observed: { ...empty, images: {} } });
    await using _ = talk;
    const saved = await keep(talk);
    await talk.client.apply({ ...request, saved }, { onLine });
    expect(performed).toEqual(['EnsureImage', 'CreateNetwork', 'CreateContainer', 'StartContainer']);
  });

  it('ends after its images when these ask for other steps', async () => {
    const { talk, performed } = await talkTo({ observed: empty });
    await using _ = talk;
    const { client } = talk;
    const first = carryOut(await client.apply({ ...request, dryRun: true }, { onLine }), empty);
    const again = await talkTo({ observed: first });
    await using __ = again.talk;
    const pulling = { ...request, command: up({ pull: 'always' }) } as const;
    const lines: ApplyLine[] = [];
    await again.talk.client.apply(
      { ...pulling, dryRun: true, keep: { salt: 'salt' } },
      { onLine: (line) => lines.push(line) },
    );
    const [saved] = lines.flatMap((line) => (line.kind === 'kept' ? [line.saved] : []));
    expect(await refusal(again.talk.client.apply({ ...pulling, saved: saved! }, { onLine }))).toEqual([
      'the images that were fetched lead to other steps than the saved plan has, so nothing else was changed',
      'stop container shop-web-1 is not in the saved plan',
      'recreate container shop-web-1 is not in the saved plan',
      'start container shop-web-1 is not in the saved plan',
    ]);
    expect([performed, again.performed]).toEqual([[], ['EnsureImage']]);
  });
});
