/** Volumes as rows, with Docker's keys. */
import type { VolumeView } from '../../agent/protocol.ts';

export interface VolumeRow {
  readonly Driver: string;
  readonly Labels: string;
  readonly Mountpoint: string;
  readonly Name: string;
  readonly Scope: string;
}

export const volumeColumns = [
  ['Driver', 'DRIVER'],
  ['Name', 'VOLUME NAME'],
] as const;

export function volumeRow(view: VolumeView): VolumeRow {
  return {
    Driver: view.driver,
    Labels: Object.entries(view.labels)
      .map(([key, value]) => `${key}=${value}`)
      .sort()
      .join(','),
    Mountpoint: view.mountpoint,
    Name: view.name,
    Scope: 'local',
  };
}
