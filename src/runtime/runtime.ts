/** Puts the parts of the runtime layer together behind its interface. */
import { TscomposeError } from '../errors.ts';
import { groupDirectory, groupProcesses } from '../host/cgroups.ts';
import type { Directories } from '../host/directories.ts';
import type { Host } from '../host/host.ts';
import { isProcessAlive, sendSignal } from '../host/procfs.ts';
import type { ExecRequest, Runtime } from './container.ts';
import type { RuntimeContext } from './context.ts';
import { type ExecFiles, execRefusal, readConfig, runExec, writeProcessFile } from './exec.ts';
import { exitWatch } from './exits.ts';
import { commandError, explainFailure } from './failures.ts';
import { filterCache } from './filter-cache.ts';
import { surveyHost } from './host-facts.ts';
import { killGroup, thaw } from './kill.ts';
import { Lifecycle } from './lifecycle.ts';
import { readLogToEnd } from './logs/follow.ts';
import { logRotation } from './logs/rotation.ts';
import { type Monitored, monitoredTable } from './monitored.ts';
import { chooseOciRuntime, type OciRuntime, ociCommand, requireProgram } from './oci-command.ts';
import { type OciRuntimeName, runtimePaths } from './paths.ts';
import { refusedCommand } from './program.ts';
import { refusals } from './refusals.ts';
import { signalNumber } from './signals.ts';
import { readProcesses, topContext, topRow, topTitles } from './top.ts';

export interface RuntimeOptions {
  /** `crun` or `runc`; absent: what works. The value of `TSCOMPOSE_RUNTIME`. */
  readonly runtime?: string;
  /** Words before a command that bring a client into the engine's namespaces. */
  readonly enter?: readonly [string, ...string[]];
}

const SIGKILL = 9;

/** The client runs the command at once; a minute later nobody reads its description any longer. */
const execBeginsWithinMs = 60_000;

export function createRuntime(host: Host, dirs: Directories, options: RuntimeOptions = {}): Runtime {
  const paths = runtimePaths(dirs);
  const monitored = monitoredTable(host, paths);
  const enter = options.enter ?? ['nsenter', '-t', String(process.pid), '-m', '--'];
  let opened: { context: RuntimeContext; lifecycle: Lifecycle } | undefined;

  const parts = (): { context: RuntimeContext; lifecycle: Lifecycle } => {
    if (opened === undefined) throw new Error('the runtime is used before open()');
    return opened;
  };
  const exits = exitWatch(host, paths, () => parts().context.survey.cgroups);

  /** @throws TscomposeError `CONTAINER_NOT_RUNNING` */
  const running = async (id: string): Promise<Monitored & { readonly command: OciRuntime }> => {
    const known = await monitored.get(id);
    if (known === undefined || !isProcessAlive(known.pid, known.pidStartTime))
      throw new TscomposeError(
        'CONTAINER_NOT_RUNNING',
        `container ${known?.name ?? id.slice(0, 12)} is not running`,
      );
    return { ...known, command: parts().context.runtimeOf(known.runtime) };
  };
  const control = async (id: string, command: 'pause' | 'resume'): Promise<void> => {
    const known = await running(id);
    await host.runQuickly(ociCommand(known.command, paths, command, id), {
      purpose: `${command} ${known.name}`,
    });
  };
  const describe = async (id: string, request: ExecRequest): Promise<ExecFiles> => {
    const { process } = await readConfig(host, paths.bundle(id));
    const { capabilities } = parts().context.survey.facts;
    return writeProcessFile(host, paths.bundle(id), process, request, capabilities);
  };

  return {
    get name() {
      return parts().context.tools.runtime.name;
    },
    get cgroupVersion() {
      return parts().context.survey.facts.cgroupVersion;
    },
    open: async () => {
      const context = await openContext(host, paths, monitored, options.runtime);
      opened = { context, lifecycle: new Lifecycle(context) };
    },
    refusals: (settings) => refusals(host, parts().context.survey, settings),
    create: (request) => parts().lifecycle.create(request),
    start: (id) => parts().lifecycle.start(id),
    hasBegun: (id) => parts().lifecycle.hasBegun(id),
    delete: (id) => parts().lifecycle.delete(id),
    kill: async (id, signal) => {
      const number = signalNumber(signal);
      const known = await monitored.get(id);
      if (known === undefined || !isProcessAlive(known.pid, known.pidStartTime)) return;
      sendSignal(known.pid, number);
      if (number === SIGKILL) await thaw(parts().context.survey.cgroups, paths.group(id));
    },
    killAll: (id) => killGroup(host, parts().context.survey.cgroups, paths.group(id)),
    pause: (id) => control(id, 'pause'),
    resume: (id) => control(id, 'resume'),
    isAlive: async ({ pid, pidStartTime }) => isProcessAlive(pid, pidStartTime),
    exit: (id, created, signal) => exits.wait(id, created, signal),
    exec: async (id, request, execOptions) => {
      const known = await running(id);
      const { processFile: file } = await describe(id, request);
      const pidFile = `${file}.pid`;
      const argv = ociCommand(known.command, paths, 'exec', '--pid-file', pidFile, '--process', file, id);
      try {
        const { started, ...result } = await runExec(host, argv, pidFile, execOptions);
        return started || result.timedOut ? result : refusedExec(id, request, result.output);
      } finally {
        await host.files.remove(file);
      }
    },
    execArgv: async (id, request) => {
      const known = await running(id);
      const { process, processFile } = await describe(id, request);
      setTimeout(() => void host.files.remove(processFile), execBeginsWithinMs).unref();
      const { arch } = parts().context.survey.facts;
      const refusal = await refusedCommand(host, `/proc/${known.pid}/root`, process, arch);
      if (refusal !== undefined) throw commandError(refusal);
      const [program, ...rest] = enter;
      const command = ociCommand(known.command, paths, 'exec', '--process', processFile, id);
      return { argv: [program, ...rest, ...command] };
    },
    attachPaths: (id) => ({ socket: paths.file(id, 'attach'), control: paths.file(id, 'ctl') }),
    logs: (id, query, signal) => {
      const end = async (stop: AbortSignal): Promise<void> => {
        const known = await monitored.get(id);
        if (known !== undefined) await exits.wait(id, known, stop);
      };
      return readLogToEnd(host, { containerId: id, path: paths.log(id), end }, query, signal);
    },
    rotateLog: logRotation(host, paths, monitored),
    top: async (id) => {
      await running(id);
      const group = groupDirectory(parts().context.survey.cgroups, paths.group(id));
      const context = await topContext(host);
      const rows = await readProcesses(host, groupProcesses(group));
      return { titles: topTitles, processes: rows.map((row) => topRow(row, context)) };
    },
    list: async () => {
      const group = groupDirectory(parts().context.survey.cgroups, paths.parentGroup);
      const places = [paths.bundles, paths.stateRoot('crun'), paths.stateRoot('runc'), group];
      const entries = await Promise.all(places.map((place) => host.files.list(place)));
      const names = entries.flat().filter((entry) => entry.isDirectory());
      return [...new Set(names.map(({ name }) => name))];
    },
  };
}

async function openContext(
  host: Host,
  paths: RuntimeContext['paths'],
  monitored: RuntimeContext['monitored'],
  wanted: string | undefined,
): Promise<RuntimeContext> {
  const survey = await surveyHost(host);
  const bootId = (await host.files.readText('/proc/sys/kernel/random/boot_id')) ?? '';
  const [runtime, conmon] = await Promise.all([
    chooseOciRuntime(host, survey.cgroups, wanted),
    requireProgram(host, 'conmon'),
    host.files.makeDirectory(paths.bundles, 0o700),
    host.files.makeDirectory(paths.exits, 0o700),
    host.files.makeDirectory(paths.stateRoot('crun'), 0o700),
    host.files.makeDirectory(paths.stateRoot('runc'), 0o700),
  ]);
  return {
    host,
    paths,
    survey,
    monitored,
    filters: filterCache(host, paths.filters, `${survey.facts.kernel} ${bootId}`),
    tools: { conmon, runtime },
    // The other one is looked up when it is needed: by containers from before the choice changed.
    runtimeOf: (name: OciRuntimeName) => (name === runtime.name ? runtime : { name, program: name }),
  };
}

/** The command never began: Docker's codes for why. */
function refusedExec(
  id: string,
  request: ExecRequest,
  said: string,
): { code: number; output: string; timedOut: boolean } {
  const failure = explainFailure(said, request.args[0] ?? '');
  if (failure.exitCode === 125) throw execRefusal(id, said.trim());
  return { code: failure.exitCode, output: failure.message, timedOut: false };
}
