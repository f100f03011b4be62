/**
 * tscompose as a library: the language, and the client of the agent that carries plans out.
 * Goes in: compose files, questions, commands. Comes out: a `Project` with its problems, plans, events, views.
 * It is the same client as the command line's: same protocol, same agent, same speed.
 * It never prints, never ends the process, and starts the agent only when asked something that needs it.
 * Everything here is re-exported; nothing is made here.
 */
export {
  type AgentClient,
  type AgentInfo,
  type ApplyLine,
  type ApplyRequest,
  type ConnectOptions,
  type ContainerFilter,
  type ContainerLogEntry,
  type ContainerView,
  connect,
  type ExecPlan,
  type ImageView,
  type LogsQuery,
  type NetworkView,
  type PlanEvent,
  type VolumeView,
} from './agent/index.ts';
export {
  type LoadOptions,
  type LoadResult,
  load,
  printConfig,
  type Reader,
  renderProblem,
} from './compose/index.ts';
export type { Project, Service } from './compose/model/project.ts';
export type { Command } from './compose/plan/command.ts';
export { plan, printPlan } from './compose/plan/index.ts';
export type { Observed } from './compose/plan/observed.ts';
export type { Action, Plan, PlanNode } from './compose/plan/plan.ts';
export type { SavedPlan } from './compose/plan/saved.ts';
export {
  ComposeError,
  HostError,
  type Problem,
  type SourceRange,
  TscomposeError,
  type Via,
} from './errors.ts';
export { loadProject } from './load-project.ts';
export { version } from './version.ts';
