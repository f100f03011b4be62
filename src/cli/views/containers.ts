/** Containers as rows: the table of `ps` and the JSON that scripts read, with Docker's exact keys. */
import type { ContainerView } from '../../agent/protocol.ts';
import { ago, duration, ellipsis, localTime } from './human.ts';
import { displayPorts, type Publisher, publishers } from './ports.ts';

export interface ContainerRow {
  readonly Command: string;
  readonly CreatedAt: string;
  readonly ExitCode: number;
  readonly Health: string;
  readonly ID: string;
  readonly Image: string;
  readonly Labels: string;
  readonly LocalVolumes: string;
  readonly Mounts: string;
  readonly Name: string;
  readonly Names: string;
  readonly Networks: string;
  readonly Ports: string;
  readonly Project: string;
  readonly Publishers: readonly Publisher[];
  readonly RunningFor: string;
  readonly Service: string;
  readonly Size: string;
  readonly State: string;
  readonly Status: string;
}

/** Headings of the fields, for tables of a template. */
export const containerHeadings: Readonly<Partial<Record<keyof ContainerRow, string>>> = {
  ID: 'CONTAINER ID',
  Name: 'NAME',
  Names: 'NAMES',
  Project: 'PROJECT',
  Service: 'SERVICE',
  Image: 'IMAGE',
  Command: 'COMMAND',
  CreatedAt: 'CREATED AT',
  RunningFor: 'CREATED',
  Ports: 'PORTS',
  State: 'STATE',
  Status: 'STATUS',
  Size: 'SIZE',
  Labels: 'LABELS',
  Mounts: 'MOUNTS',
  LocalVolumes: 'LOCAL VOLUMES',
  Networks: 'NETWORKS',
  Health: 'HEALTH',
  ExitCode: 'EXIT CODE',
};

export function containerRow(
  view: ContainerView,
  { now, truncate }: { readonly now: number; readonly truncate: boolean },
): ContainerRow {
  const cut = (text: string, length: number): string => (truncate ? ellipsis(text, length) : text);
  const published = publishers(view.ports);
  const row: ContainerRow = {
    Command: quoted(cut(commandLine(view.command), 20)),
    // The table has no use for it, and the name of a time zone is dear.
    get CreatedAt() {
      return localTime(view.createdAt);
    },
    ExitCode: view.exitCode,
    Health: view.health === 'none' ? '' : view.health,
    ID: truncate ? view.id.slice(0, 12) : view.id,
    Image: view.image,
    Labels: Object.entries(view.labels)
      .map(([key, value]) => `${key}=${value}`)
      .sort()
      .join(','),
    LocalVolumes: String(view.mounts.filter(({ type }) => type === 'volume').length),
    Mounts: view.mounts.map(({ name, source }) => cut(name ?? source, 15)).join(','),
    Name: view.name,
    Names: view.name,
    Networks: view.networks.map(({ name }) => name).join(','),
    Ports: displayPorts(published),
    Project: view.project,
    Publishers: published,
    RunningFor: ago(view.createdAt, now),
    Service: view.service,
    Size: '0B',
    State: view.state,
    Status: status(view, now),
  };
  // For `{{.Label "key"}}`; a label's value may hold commas, so the joined text would not do. Not in the JSON.
  return Object.defineProperty(row, 'labelMap', { value: view.labels, enumerable: false });
}

/** `Up 5 minutes (healthy)`, `Exited (0) 3 seconds ago`. */
export function status(view: ContainerView, now: number): string {
  const up = `Up ${duration(now - view.startedAt)}`;
  switch (view.state) {
    case 'created':
      return 'Created';
    case 'running':
      return `${up}${healthNote[view.health]}`;
    case 'paused':
      return `${up} (Paused)`;
    case 'restarting':
      return `Restarting (${view.exitCode}) ${ago(view.finishedAt, now)}`;
    case 'exited':
      return `Exited (${view.exitCode}) ${ago(view.finishedAt, now)}`;
    case 'removing':
      return 'Removal In Progress';
  }
}

const healthNote: Readonly<Record<ContainerView['health'], string>> = {
  none: '',
  starting: ' (health: starting)',
  healthy: ' (healthy)',
  unhealthy: ' (unhealthy)',
};

/** As Docker's daemon joins them: an argument with spaces stands in quotes. */
function commandLine([program = '', ...args]: readonly string[]): string {
  return [program, ...args.map((arg) => (arg.includes(' ') ? `'${arg}'` : arg))].join(' ');
}

/** As Go's strconv.Quote does for ordinary text: the ellipsis stays readable. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
