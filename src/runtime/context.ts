/** What the steps of a container's life work with, once the host has been looked at. */
import type { Host } from '../host/host.ts';
import type { FilterCache } from './filter-cache.ts';
import type { HostSurvey } from './host-facts.ts';
import type { MonitorTools } from './monitor.ts';
import type { MonitoredTable } from './monitored.ts';
import type { OciRuntime } from './oci-command.ts';
import type { OciRuntimeName, RuntimePaths } from './paths.ts';

export interface RuntimeContext {
  readonly host: Host;
  readonly paths: RuntimePaths;
  readonly survey: HostSurvey;
  readonly tools: MonitorTools;
  readonly monitored: MonitoredTable;
  readonly filters: FilterCache;
  /** The OCI runtime that a container was made with, which may be another than new ones get. */
  runtimeOf(name: OciRuntimeName): OciRuntime;
}
