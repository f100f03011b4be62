/** Errors across the socket: what is thrown in the agent is thrown again in the client, equal in every field. */
import { ComposeError, HostError, TscomposeError } from '../errors.ts';
import type { WireError } from './protocol.ts';

export function toWire(error: unknown): WireError {
  if (!(error instanceof TscomposeError)) return bug(error);
  return {
    name: nameOf(error),
    code: error.code,
    message: error.message,
    exitCode: error.exitCode,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.at === undefined ? {} : { at: error.at }),
    ...(error instanceof ComposeError ? { problems: error.problems } : {}),
  };
}

export function fromWire(wire: WireError): Error {
  const options = {
    exitCode: wire.exitCode,
    ...(wire.hint === undefined ? {} : { hint: wire.hint }),
    ...(wire.at === undefined ? {} : { at: wire.at }),
  };
  switch (wire.name) {
    case 'ComposeError':
      return new ComposeError(wire.problems ?? []);
    case 'HostError':
      return new HostError(wire.code, wire.message, options);
    case 'TscomposeError':
      return new TscomposeError(wire.code, wire.message, options);
    case 'Error': {
      const error = new Error(wire.message);
      if (wire.stack !== undefined) error.stack = wire.stack;
      return error;
    }
  }
}

function nameOf(error: TscomposeError): WireError['name'] {
  if (error instanceof ComposeError) return 'ComposeError';
  return error instanceof HostError ? 'HostError' : 'TscomposeError';
}

/** A mistake of ours: its stack goes along, because it is what we will be asked for. */
function bug(error: unknown): WireError {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { name: 'Error', code: 'INTERNAL', message, exitCode: 1, ...(stack === undefined ? {} : { stack }) };
}
