/**
 * The table of containers: in memory for reading, on disk for surviving. The single writer of both.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Directories } from '../host/directories.ts';
import type { Host } from '../host/host.ts';
import { type ObjectStore, objectStore } from '../host/objects.ts';
import { createTurns } from '../host/turns.ts';
import type { ContainerRecord, RunRecord } from './record.ts';

/** A container as the engine holds it. */
export interface Entry {
  record: ContainerRecord;
  /** Present while processes of it exist. */
  run?: RunRecord;
  removing: boolean;
}

export class ContainerTable {
  /** One creation at a time per name: nobody may take it between looking who has it and taking it. */
  readonly naming = createTurns();
  private readonly entries = new Map<string, Entry>();
  private readonly listeners = new Set<() => void>();
  /** One write at a time per container, so that the last change is the one that stays. */
  private readonly writing = createTurns();
  private readonly store: ObjectStore<ContainerRecord>;
  private readonly host: Host;
  private readonly dirs: Directories;

  constructor(host: Host, dirs: Directories) {
    this.host = host;
    this.dirs = dirs;
    this.store = objectStore<ContainerRecord>(host.files, join(dirs.data, 'containers'), 'container.json');
  }

  /** Reads every record; run records are given as found and not yet believed. */
  async open(): Promise<void> {
    await this.store.sweep();
    for (const { id, value } of await this.store.list()) {
      const run = await this.readRun(id);
      this.entries.set(id, { record: value, removing: false, ...(run === undefined ? {} : { run }) });
    }
  }

  /** Directory that survives a reboot: record, log, upper directory. */
  directory(id: string): string {
    return this.store.directory(id);
  }

  /** Directory of the OCI bundle. */
  bundle(id: string): string {
    return join(this.dirs.run, 'containers', id);
  }

  all(): readonly Entry[] {
    return [...this.entries.values()];
  }

  get(id: string): Entry | undefined {
    return this.entries.get(id);
  }

  /** @param project absent: of whichever project */
  byName(name: string, project?: string): Entry | undefined {
    return this.all().find(
      ({ record: { spec }, removing }) =>
        spec.name === name && (project ?? spec.project) === spec.project && !removing,
    );
  }

  newId(): string {
    return randomBytes(32).toString('hex');
  }

  async add(record: ContainerRecord): Promise<Entry> {
    await this.store.put(record.id, record);
    const entry: Entry = { record, removing: false };
    this.entries.set(record.id, entry);
    this.tell();
    return entry;
  }

  /** @throws HostError when it could not be written; the record is then as it was, here as on disk */
  change(entry: Entry, changes: Partial<ContainerRecord>): Promise<void> {
    return this.persist(entry, { ...entry.record, ...changes });
  }

  /** Drops optional fields that no longer hold. */
  async forget(entry: Entry, field: 'replaces' | 'error'): Promise<void> {
    if (entry.record[field] === undefined) return;
    const { [field]: _gone, ...rest } = entry.record;
    await this.persist(entry, rest);
  }

  /** The run record is replaced by a rename, without fsync: it is only believed within one boot. */
  async changeRun(entry: Entry, run: RunRecord | undefined): Promise<void> {
    if (run === undefined) delete entry.run;
    else entry.run = run;
    this.tell();
    const path = this.runPath(entry.record.id);
    await this.writing.take(path, async () => {
      if (entry.run === undefined) return this.host.files.remove(path);
      await this.host.files.write(`${path}.tmp`, JSON.stringify(entry.run), 0o600);
      await this.host.files.rename(`${path}.tmp`, path);
    });
  }

  async delete(entry: Entry): Promise<void> {
    await this.writing.take(entry.record.id, () => this.store.delete(entry.record.id));
    this.entries.delete(entry.record.id);
    this.tell();
  }

  /** Tells those who wait that something about a container is new. */
  tell(): void {
    for (const listener of [...this.listeners]) listener();
  }

  /** Resolves with the first answer other than `undefined`; asks again after every change. */
  until<T>(ask: () => T | undefined, signal: AbortSignal): Promise<T | 'aborted'> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        this.listeners.delete(look);
        signal.removeEventListener('abort', look);
      };
      const look = (): void => {
        try {
          const answer = ask();
          if (answer === undefined && !signal.aborted) return;
          settle();
          resolve(answer ?? 'aborted');
        } catch (error) {
          settle();
          reject(error);
        }
      };
      this.listeners.add(look);
      signal.addEventListener('abort', look);
      look();
    });
  }

  private async persist(entry: Entry, record: ContainerRecord): Promise<void> {
    const before = entry.record;
    entry.record = record;
    this.tell();
    try {
      await this.writing.take(record.id, () => this.store.put(record.id, entry.record));
    } catch (error) {
      if (entry.record === record) entry.record = before;
      throw error;
    }
  }

  private runPath(id: string): string {
    return join(this.bundle(id), 'run.json');
  }

  private async readRun(id: string): Promise<RunRecord | undefined> {
    const text = await this.host.files.readText(this.runPath(id));
    return text === undefined || text === '' ? undefined : (JSON.parse(text) as RunRecord);
  }
}
