import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const script = fileURLToPath(new URL('../../scripts/leaks.sh', import.meta.url));
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'leaks-'));
  machine({ links: [], tables: [] });
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Stands in for the machine's `ip` and `nft`. */
function machine({ links, tables }: { links: readonly string[]; tables: readonly string[] }): void {
  answers('ip', links);
  answers('nft', tables);
}

function answers(program: string, lines: readonly string[]): void {
  const path = join(directory, program);
  writeFileSync(path, `#!/bin/sh\ncat <<'END'\n${lines.join('\n')}\nEND\n`);
  chmodSync(path, 0o755);
}

const environment = () => ({ PATH: `${directory}:${process.env.PATH}` });

function inventory(): string {
  return execFileSync('bash', [script], { env: environment(), encoding: 'utf8' });
}

function since(before: string, below = '/'): { code: number | null; left: string } {
  const file = join(directory, 'before');
  writeFileSync(file, before);
  const { status, stdout } = spawnSync('bash', [script, 'since', file, below], {
    env: environment(),
    encoding: 'utf8',
  });
  return { code: status, left: stdout };
}

const bridge = (tag: string) => `7: tsb${tag}0a1b2c: <UP> mtu 1500 qdisc noqueue state UP`;

test('links and tables are listed with the tag of their root, and nobody elses are', () => {
  machine({
    links: ['1: lo: <UP>', bridge('aaaaaa'), '9: tsvbbbbbb000001@if2: <UP>', '10: docker0: <UP>'],
    tables: ['table inet tscompose_aaaaaa', 'table ip nat'],
  });
  const lines = inventory()
    .split('\n')
    .filter((line) => /^(link|table) /.test(line));
  expect(lines).toEqual([
    'link aaaaaa tsbaaaaaa0a1b2c',
    'link bbbbbb tsvbbbbbb000001',
    'table aaaaaa tscompose_aaaaaa',
  ]);
});

test('what a new root left behind is a leak', () => {
  const before = inventory();
  machine({ links: [bridge('cccccc')], tables: [] });
  expect(since(before)).toMatchObject({
    code: 1,
    left: expect.stringContaining('link cccccc tsbcccccc0a1b2c'),
  });
});

test('what belongs to a root that was in use before is another stack', () => {
  machine({ links: [bridge('dddddd')], tables: [] });
  const before = inventory();
  machine({ links: [bridge('dddddd')], tables: ['table inet tscompose_dddddd'] });
  expect(since(before).left).not.toContain('dddddd');
});

test('what belongs to a live agent whose root lies elsewhere is another stack', async () => {
  const before = inventory();
  const respawner = join(directory, 'respawner.sh');
  writeFileSync(respawner, 'read -r _\n');
  const root = join(directory, 'elsewhere');
  const tag = createHash('sha256').update(join(root, 'data')).digest('hex').slice(0, 6);
  const agent = spawn('/bin/sh', [respawner, join(root, 'run')], { stdio: ['pipe', 'ignore', 'ignore'] });
  try {
    machine({ links: [bridge(tag)], tables: [] });
    expect(since(before, join(directory, 'here')).left).not.toContain(tag);
    expect(since(before, directory).left).toContain(`link ${tag} `);
  } finally {
    agent.stdin.end();
    await once(agent, 'close');
  }
});
