import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteIndex, type SqliteIndex } from './sqlite-index.ts';

/**
 * The index files of a folder, one an organization, shared by several processes. Files are made, opened and removed
 * under a lock of the whole folder, so that a database never meets the write-ahead log of another one of the same name.
 * A file that is gone or replaced is noticed before each use by its inode; SQLite itself leaves the log alone when it
 * closes a database whose file has moved.
 */
export interface SqliteFiles {
  /** The organization's index, or undefined when it has none. */
  existing(organizationId: string): SqliteIndex | undefined;
  /** Runs `work` in a write transaction; the file is made when `make` is set and nothing is done when it is not. */
  write(organizationId: string, make: boolean, work: (index: SqliteIndex) => void): void;
  remove(organizationId: string): void;
  close(): void;
}

interface OpenFile {
  index: SqliteIndex;
  inode: bigint;
}

/** @param most databases kept open; the least recently used is closed for the next */
export function createSqliteFiles(directory: string, dimensions: number, most: number): SqliteFiles {
  /** The least recently used first. */
  const open = new Map<string, OpenFile>();
  let closed = false;
  const path = (organizationId: string) => join(directory, `${organizationId}.sqlite`);

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
      const index = openSqliteIndex(file, dimensions);
      const opened = { index, inode: inodeOf(file) as bigint };
      open.set(organizationId, opened);
      for (const oldest of [...open.keys()].slice(0, -most)) drop(oldest);
      return opened;
    });
  }

  function drop(organizationId: string): void {
    open.get(organizationId)?.index.close();
    open.delete(organizationId);
  }

  return {
    existing: (organizationId) => acquire(organizationId, false)?.index,
    write(organizationId, make, work) {
      for (;;) {
        const file = acquire(organizationId, make);
        if (file === undefined) return;
        // Another process may have removed the file while this one waited for its turn to write.
        const isCurrent = () => inodeOf(path(organizationId)) === file.inode;
        if (file.index.write(isCurrent, () => work(file.index))) return;
      }
    },
    remove(organizationId) {
      refuseWhenClosed();
      drop(organizationId);
      if (inodeOf(directory) === undefined) return;
      exclusively(directory, () => {
        // The log goes after its database: a log alone is discarded, a database without its log is damaged.
        for (const part of ['', '-wal', '-shm']) rmSync(path(organizationId) + part, { force: true });
      });
    },
    close() {
      closed = true;
      for (const organizationId of open.keys()) drop(organizationId);
    },
  };
}

const inodeOf = (file: string): bigint | undefined => statSync(file, { bigint: true, throwIfNoEntry: false })?.ino;

/** Runs `work` while no other process of this folder is in here; the lock of a process that dies is freed. */
function exclusively<T>(directory: string, work: () => T): T {
  const lock = new DatabaseSync(join(directory, 'lock'), { timeout: 5_000 });
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
