/** What it means that an agent does not answer: nobody there, gone meanwhile, or another user's. */
import { TscomposeError } from '../errors.ts';

/** What the kernel and Node say when nobody listens, or when somebody did and died. */
const goneCodes: ReadonlySet<string> = new Set(['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE']);

export function isGone(error: unknown): boolean {
  return goneCodes.has((error as NodeJS.ErrnoException).code ?? '');
}

export function isLost(error: unknown): boolean {
  return error instanceof TscomposeError && (error.code === 'AGENT_LOST' || error.code === 'AGENT_LEFT');
}

/** Node's word for it, or that of our own files. */
export function isForbidden(error: unknown): boolean {
  return ['EACCES', 'EPERM', 'HOST_EACCES'].includes((error as NodeJS.ErrnoException).code ?? '');
}

export function agentForbidden(place: string, cause: unknown): TscomposeError {
  return new TscomposeError('AGENT_FORBIDDEN', `${place} belongs to another user`, {
    hint: 'run the command as that user (sudo for root), or set TSCOMPOSE_ROOT to a directory of yours',
    cause,
  });
}

export function agentLost(cause?: unknown): TscomposeError {
  return new TscomposeError('AGENT_LOST', 'the agent ended before the work was done', {
    hint: 'run the same command again: it continues where this one stopped',
    cause,
  });
}

export function agentSilent(socketPath: string, cause: unknown): TscomposeError {
  return new TscomposeError('AGENT_SILENT', `no agent answers on ${socketPath}`, {
    hint: `look into agent.log beside it; another agent may hold agent.lock`,
    cause,
  });
}
