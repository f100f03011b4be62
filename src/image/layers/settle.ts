/**
 * Durability without waiting for it. A layer may be used at once; only a power loss within the next seconds could
 * leave its files empty. So its record names the boot in which it was unpacked until a sync has been through;
 * a record that still names an earlier boot marks a layer to be unpacked again.
 */
import type { Host } from '../../host/host.ts';
import { syncFileSystem } from '../../host/tree-files.ts';

export interface Settler<Record> {
  /** The kernel's id of this boot. */
  boot(): Promise<string>;
  /** Rewrites the record at `path` without the mark, once everything is on disk. */
  later(path: string, record: Record): void;
  idle(): Promise<void>;
}

export function createSettler<Record extends { readonly unsettledSince?: string }>(
  host: Host,
  directory: string,
): Settler<Record> {
  const waiting = new Map<string, Record>();
  let running: Promise<void> | undefined;
  let boot: Promise<string> | undefined;

  const drain = async (): Promise<void> => {
    // Layers come in groups; one sync serves all that come within this time.
    await host.clock.sleep(gatherMs);
    while (waiting.size > 0) {
      const batch = [...waiting];
      await syncFileSystem(directory);
      for (const [path, { unsettledSince: _, ...record }] of batch) {
        waiting.delete(path);
        if ((await host.files.stat(path)) !== undefined)
          await host.files.writeAtomic(path, `${JSON.stringify(record, null, 2)}\n`);
      }
    }
  };

  return {
    boot: () => (boot ??= bootId(host)),
    later: (path, record) => {
      waiting.set(path, record);
      running ??= drain().finally(() => {
        running = undefined;
      });
      // A failed sync leaves the mark: the layer is then unpacked again after the next boot.
      running.catch(() => undefined);
    },
    idle: async () => {
      while (running !== undefined) await running.catch(() => undefined);
    },
  };
}

const gatherMs = 500;

async function bootId(host: Host): Promise<string> {
  return (await host.files.readText('/proc/sys/kernel/random/boot_id'))?.trim() ?? 'unknown';
}
