/**
 * The size of the terminal that a child of ours made for a child of its own: `crun exec` gives its program one of
 * the right size, and does not follow when ours changes.
 */
import { closeSync, constants, openSync, readFileSync, readlinkSync } from 'node:fs';
import { native } from './libc.ts';

const TIOCSWINSZ = process.arch === 'ppc64' ? 0x80087467 : 0x5414;

/** Sets the size, in characters, of the terminals that the children of that process have as their input. */
export function resizeTerminals(pid: number, rows: number, columns: number): void {
  const ioctl = native('libc.so.6', 'int ioctl(int fd, unsigned long request, const void *argument)');
  const size = Buffer.alloc(8);
  size.writeUInt16LE(rows, 0);
  size.writeUInt16LE(columns, 2);
  for (const terminal of childrenOf(pid).map((child) => `/proc/${child}/fd/0`)) {
    const fd = openTerminal(terminal);
    if (fd === undefined) continue;
    ioctl(fd, TIOCSWINSZ, size);
    closeSync(fd);
  }
}

function childrenOf(pid: number): string[] {
  const text = ifThere(() => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')) ?? '';
  return text.split(' ').filter((child) => child !== '');
}

/** Nothing else is opened: that could have effects. */
function openTerminal(path: string): number | undefined {
  const isTerminal = ifThere(() => readlinkSync(path))?.startsWith('/dev/pts/') ?? false;
  if (!isTerminal) return undefined;
  return ifThere(() => openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK));
}

/** A program may end at any moment; then there is nothing to resize. */
function ifThere<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EIO' || code === 'ENXIO') return undefined;
    throw error;
  }
}
