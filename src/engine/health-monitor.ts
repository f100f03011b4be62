/** Runs the health checks of running containers, and keeps what came of them with the run. */
import type { Healthcheck } from '../compose/model/project.ts';
import { HostError, TscomposeError } from '../errors.ts';
import type { ImageConfig } from '../image/images.ts';
import {
  afterProbe,
  defaultHealthOptions,
  type HealthOptions,
  type HealthState,
  maximumOutputBytes,
  nextProbeDelay,
  type ProbeResult,
  probeCommand,
} from '../runtime/health.ts';
import { inBackground } from './background.ts';
import { environmentOf } from './bundle-request.ts';
import type { Entry } from './containers.ts';
import type { Parts } from './parts.ts';

interface Check {
  readonly args: readonly string[];
  readonly options: HealthOptions;
}

/** A check with the image that it runs in. */
interface ImageCheck {
  readonly check: Check;
  readonly image: ImageConfig;
}

export class HealthMonitor {
  private readonly running = new Map<string, AbortController>();
  private readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /** How its health is checked; `undefined` when it is not. */
  async find({ record }: Entry): Promise<ImageCheck | undefined> {
    const image = (await this.parts.images.find(record.imageId))?.config;
    const check = image === undefined ? undefined : checkOf(record.spec.healthcheck, image);
    return image === undefined || check === undefined ? undefined : { check, image };
  }

  /** Begins checking a container that has just started, or goes on with one that was adopted or paused. */
  begin(entry: Entry, found: ImageCheck | undefined): void {
    if (found === undefined || entry.run === undefined) return;
    this.end(entry);
    const stopped = new AbortController();
    this.running.set(entry.record.id, stopped);
    inBackground(`checking ${entry.record.spec.name}`, this.loop(entry, found, stopped.signal));
  }

  /** The container has ended or is paused. */
  end(entry: Entry): void {
    this.running.get(entry.record.id)?.abort();
    this.running.delete(entry.record.id);
  }

  private async loop(entry: Entry, { check, image }: ImageCheck, signal: AbortSignal): Promise<void> {
    const { clock } = this.parts.host;
    for (;;) {
      const before = entry.run?.health;
      if (before === undefined) return;
      await clock.sleep(nextProbeDelay(before, check.options, clock.now()), signal);
      if (signal.aborted) return;
      const result = await this.probe(entry, check, image, signal);
      if (signal.aborted) return;
      await this.note(entry, afterProbe(before, result, check.options));
    }
  }

  private async probe(
    entry: Entry,
    check: Check,
    image: ImageConfig,
    signal: AbortSignal,
  ): Promise<ProbeResult> {
    const { runtime, host } = this.parts;
    const { id, spec } = entry.record;
    const at = host.clock.now();
    const user = spec.user ?? image.user;
    const cwd = spec.workingDir ?? image.workingDir;
    const request = {
      args: check.args,
      env: environmentOf(spec, image),
      groupAdd: spec.groupAdd,
      tty: false,
      privileged: spec.privileged,
      ...(user === '' ? {} : { user }),
      ...(cwd === '' ? {} : { cwd }),
    };
    try {
      const { code, output, timedOut } = await runtime.exec(id, request, {
        timeoutMs: check.options.timeoutMs,
        signal,
        maxOutputBytes: maximumOutputBytes,
      });
      const endedAt = host.clock.now();
      if (!timedOut) return { at, endedAt, exitCode: code, output };
      return {
        at,
        endedAt,
        exitCode: -1,
        output: `Health check exceeded timeout (${check.options.timeoutMs} ms)`,
      };
    } catch (error) {
      // The container may end under the probe, or the probe cannot be started: a failed check, not a failed engine.
      if (!(error instanceof TscomposeError)) throw error;
      return { at, endedAt: host.clock.now(), exitCode: -1, output: error.message };
    }
  }

  private async note(entry: Entry, health: HealthState): Promise<void> {
    if (entry.run === undefined) return;
    try {
      await this.parts.containers.changeRun(entry, { ...entry.run, health });
    } catch (error) {
      // On a full disk it is known all the same, here and to those who wait; the next check writes it again.
      if (!(error instanceof HostError)) throw error;
      console.error(`noting the health of ${entry.record.spec.name}:`, error);
    }
  }
}

/** The service's check laid over the image's; `undefined` when there is none. @see Compose Specification, healthcheck */
export function checkOf(
  service: Healthcheck | undefined,
  image: Pick<ImageConfig, 'healthcheck' | 'shell'>,
): Check | undefined {
  if (service?.kind === 'disabled') return undefined;
  const args = probeCommand(service?.test ?? image.healthcheck?.test ?? [], image.shell);
  if (args === undefined || args.length === 0) return undefined;
  const given = { ...definedTimes(image.healthcheck), ...definedTimes(service) };
  return { args, options: { ...defaultHealthOptions, ...given } };
}

const times = ['intervalMs', 'timeoutMs', 'startPeriodMs', 'startIntervalMs', 'retries'] as const;

/** A time of 0 means the default, as an image built by Docker writes it. */
function definedTimes(check: Partial<HealthOptions> | undefined): Partial<HealthOptions> {
  return Object.fromEntries(times.flatMap((name) => (check?.[name] ? [[name, check[name]]] : [])));
}
