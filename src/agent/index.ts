/**
 * The background process that is the single writer of state, and the way to talk to it.
 * Goes in: a project and a command, or a question. Comes out: the plan, its events, views of what is there.
 * It is started by the first command that needs it and leaves when nothing runs and nobody asks.
 * It never decides what should be done (the planner does) nor how (the engine does), and never draws.
 * This is the client's side; `main.ts` is the process's own entry.
 */
export { type ConnectOptions, connect } from './client.ts';
export type * from './protocol.ts';
