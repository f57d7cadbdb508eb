import { closeSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createChunkKeeper } from './kept-chunks.ts';
import { isDamage } from './sqlite-damage.ts';
import { openSqliteIndex, type SqliteIndex } from './sqlite-index.ts';

/**
 * The index files of a folder, one an organization, shared by several processes. Files are made, opened and removed
 * under a lock of the whole folder, so that a database never meets the write-ahead log of another one of the same name.
 * A file that is gone or replaced is noticed before each use by its inode; SQLite itself leaves the log alone when it
 * closes a database whose file has moved.
 */
export interface SqliteFiles {
  /**
   * Runs `work` on the organization's index, or on undefined when it has none. A file that turns out to be damaged is put aside
   * with its log, for every process, and the organization has none from then on: what it held is in the database.
   */
  read<T>(organizationId: string, work: (index: SqliteIndex | undefined) => T): T;
  /** Runs `work` in a write transaction; the file is made when `make` is set and nothing is done when it is not. */
  write(organizationId: string, make: boolean, work: (index: SqliteIndex) => void): void;
  remove(organizationId: string): void;
  /** Organizations whose file was put aside and not given up yet. */
  damaged(): string[];
  /** Gives up the file that was put aside. */
  forgetDamaged(organizationId: string): void;
  /** Some organization that has a file, another one each time; undefined when none has. */
  any(): string | undefined;
  close(): void;
}

/** Behind the name of a file that is damaged. */
const ASIDE = '.damaged';

interface OpenFile {
  index: SqliteIndex;
  inode: bigint;
}

/** @param most databases kept open; the least recently used is closed for the next */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one cache of open files; every operation shares its eviction.
export function createSqliteFiles(directory: string, dimensions: number, most: number): SqliteFiles {
  /** The least recently used first. */
  const open = new Map<string, OpenFile>();
  const keeper = createChunkKeeper();
  let closed = false;
  let looked = 0;
  const path = (organizationId: string) => join(directory, `${organizationId}.sqlite`);

  /** Organizations with a file that ends like this. */
  const names = (end: string): string[] =>
    inodeOf(directory) === undefined
      ? []
      : readdirSync(directory).flatMap((name) => (name.endsWith(end) ? [name.slice(0, -end.length)] : []));

  function refuseWhenClosed(): void {
    if (closed) throw new Error('Use vector store: it is closed');
  }

  function acquire(organizationId: string, make: boolean): OpenFile | undefined {
    refuseWhenClosed();
    const file = path(organizationId);
    const held = open.get(organizationId);
    const inode = inodeOf(file);
    if (held && held.inode === inode) {
      open.delete(organizationId);
      open.set(organizationId, held);
      return held;
    }
    drop(organizationId);
    if (inode === undefined && !make) return undefined;
    mkdirSync(directory, { recursive: true });
    return exclusively(directory, () => {
      if (!make && inodeOf(file) === undefined) return undefined;
      const index = openOrPutAside(organizationId, make);
      if (index === undefined) return undefined;
      const opened = { index, inode: inodeOf(file) as bigint };
      open.set(organizationId, opened);
      for (const oldest of [...open.keys()].slice(0, -most)) drop(oldest);
      return opened;
    });
  }

  function openFile(file: string): SqliteIndex {
    makeFile(file);
    return openSqliteIndex(file, dimensions, keeper.open());
  }

  function openOrPutAside(organizationId: string, make: boolean): SqliteIndex | undefined {
    const file = path(organizationId);
    try {
      return openFile(file);
    } catch (error) {
      if (!isDamage(error)) throw error;
      putAside(organizationId);
      return make ? openFile(file) : undefined;
    }
  }

  function drop(organizationId: string): void {
    const held = open.get(organizationId);
    open.delete(organizationId);
    try {
      held?.index.close();
    } catch (error) {
      if (!isDamage(error)) throw error;
    }
  }

  /** Within the folder's lock. An earlier one makes way. */
  function putAside(organizationId: string): void {
    const file = path(organizationId);
    // The database goes first: a log alone is discarded, a database without its log is damaged.
    renameSync(file, `${file}${ASIDE}`);
    for (const part of ['-wal', '-shm']) rmSync(file + part, { force: true });
  }

  /** Once more when the file was damaged, without it. */
  function healing<T>(organizationId: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      const held = open.get(organizationId);
      if (!held || !isDamage(error)) throw error;
      drop(organizationId);
      exclusively(directory, () => {
        // Another process may have been here before.
        if (inodeOf(path(organizationId)) === held.inode) putAside(organizationId);
      });
      return work();
    }
  }

  return {
    read: (organizationId, work) => healing(organizationId, () => work(acquire(organizationId, false)?.index)),
    write: (organizationId, make, work) =>
      healing(organizationId, () => {
        for (;;) {
          const file = acquire(organizationId, make);
          if (file === undefined) return;
          // Another process may have removed the file while this one waited for its turn to write.
          const isCurrent = () => inodeOf(path(organizationId)) === file.inode;
          if (file.index.write(isCurrent, () => work(file.index))) return;
        }
      }),
    remove(organizationId) {
      refuseWhenClosed();
      drop(organizationId);
      if (inodeOf(directory) === undefined) return;
      exclusively(directory, () => {
        // The log goes after its database: a log alone is discarded, a database without its log is damaged.
        for (const part of ['', '-wal', '-shm', ASIDE]) rmSync(path(organizationId) + part, { force: true });
      });
    },
    damaged: () => names(`.sqlite${ASIDE}`),
    forgetDamaged: (organizationId) => rmSync(path(organizationId) + ASIDE, { force: true }),
    any() {
      const held = names('.sqlite');
      looked += 1;
      return held[looked % held.length];
    },
    close() {
      closed = true;
      for (const organizationId of open.keys()) drop(organizationId);
    },
  };
}

const inodeOf = (file: string): bigint | undefined => statSync(file, { bigint: true, throwIfNoEntry: false })?.ino;

/** SQLite gives the files that it makes the mode of their database, and a new database one that only its owner writes. */
const makeFile = (path: string): void => closeSync(openSync(path, 'a', 0o660));

/** Runs `work` while no other process of this folder is in here; the lock of a process that dies is freed. */
function exclusively<T>(directory: string, work: () => T): T {
  const path = join(directory, 'lock');
  makeFile(path);
  const lock = new DatabaseSync(path, { timeout: 5_000 });
  try {
    try {
      lock.exec('BEGIN EXCLUSIVE');
    } catch (cause) {
      throw new Error(`Lock vector indexes "${directory}": ${(cause as Error).message}`, { cause });
    }
    return work();
  } finally {
    lock.close();
  }
}
