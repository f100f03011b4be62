import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { attachStdio, isNotListening } from '../../src/host/attach.ts';

/** What conmon does, in as far as a client sees it: packets out, input back as output, then the end. */
const monitor = `
use Socket;
socket(my $server, AF_UNIX, SOCK_SEQPACKET, 0) or die;
bind($server, pack_sockaddr_un("attach")) or die $!;
listen($server, 1);
$| = 1; print "listening\\n";
accept(my $client, $server) or die;
send($client, "\\x02" . ("x" x 8192), 0);
send($client, "\\x03oops", 0);
my $total = 0; my $packets = 0;
while (1) {
  my $bytes = ""; recv($client, $bytes, 40000, 0); last if length($bytes) == 0;
  $total += length($bytes); $packets += 1;
}
send($client, "\\x02got $total in $packets", 0);
`;

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

/** A directory whose path alone is longer than a socket's address may be. */
function longDirectory(): string {
  const root = mkdtempSync(join(tmpdir(), 'tscompose-attach-'));
  roots.push(root);
  const directory = join(root, 'd'.repeat(60), 'e'.repeat(60));
  mkdirSync(directory, { recursive: true });
  return directory;
}

describe('the attach socket', () => {
  it('carries whole packets of both streams, and input in pieces that conmon takes', async () => {
    const cwd = longDirectory();
    const server = spawn('perl', ['-e', monitor], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    await once(server.stdout, 'data');
    const stdio = attachStdio({ socket: join(cwd, 'attach'), control: join(cwd, 'ctl') });
    const packets: [string, string][] = [];
    const over = stdio.read((stream, bytes) => void packets.push([stream, bytes.toString()]));
    await stdio.write(Buffer.alloc(20_000, 'y'));
    stdio.endInput();
    await over;
    stdio.close();
    expect(packets).toEqual([
      ['stdout', 'x'.repeat(8192)],
      ['stderr', 'oops'],
      ['stdout', 'got 20000 in 3'],
    ]);
  });

  it('that nobody serves is told apart from other failures', () => {
    const directory = longDirectory();
    const paths = { socket: join(directory, 'attach'), control: join(directory, 'ctl') };
    expect(errorOf(() => attachStdio(paths))).toSatisfy(isNotListening);
    expect(errorOf(() => attachStdio({ ...paths, socket: join(directory, 'gone/attach') }))).toSatisfy(
      isNotListening,
    );
    expect(isNotListening(new Error('something else'))).toBe(false);
  });

  it('tells the size of the terminal to whoever reads the control fifo, and to nobody without complaint', async () => {
    const cwd = longDirectory();
    const control = join(cwd, 'ctl');
    await once(spawn('mkfifo', [control]), 'close');
    const server = spawn('perl', ['-e', monitor], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    await once(server.stdout, 'data');
    const stdio = attachStdio({ socket: join(cwd, 'attach'), control });
    stdio.resize(40, 120);
    const reader = openSync(control, constants.O_RDONLY | constants.O_NONBLOCK);
    stdio.resize(50, 132);
    expect(readFileSync(reader, 'utf8')).toBe('1 50 132\n');
    stdio.close();
    await once(server, 'close');
  });
});

function errorOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
