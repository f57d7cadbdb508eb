import { mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What must stay gone when a database is restored to a time before: an erased organization, a revoked key. */
export const erasureKinds = ['organization', 'key'] as const;
export interface Erasure {
  kind: (typeof erasureKinds)[number];
  id: string;
}

/**
 * Notes erasures outside of the database, in the folder of files, where a restore of the database does not take them back. A restore
 * applies them again; noting one twice is fine.
 */
export interface ErasureJournal {
  note(erasure: Erasure): Promise<void>;
}

/** Next to the finished files; their keys never begin like this. */
export const ERASURES_FOLDER = 'erasures';
const pattern = /^(organization|key)-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** @param directory that files are stored in */
export function createErasureJournal({ directory }: { directory: string }): ErasureJournal {
  const folder = join(directory, ERASURES_FOLDER);
  return {
    async note({ kind, id }) {
      await mkdir(folder, { recursive: true });
      const file = await open(join(folder, `${kind}-${id}`), 'a');
      try {
        await file.sync();
      } finally {
        await file.close();
      }
    },
  };
}

/** All that is noted in a folder of that name; none when there is no such folder. */
export async function readErasures(folder: string): Promise<Erasure[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.flatMap((name) => {
    const [, kind, id] = pattern.exec(name) ?? [];
    return kind && id ? [{ kind: kind as Erasure['kind'], id }] : [];
  });
}
