import { mkdir, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What must stay gone when a database is restored to a time before: an erased organization or person, a revoked key. */
export const erasureKinds = ['organization', 'key', 'user', 'bot-user'] as const;
export interface Erasure {
  kind: (typeof erasureKinds)[number];
  id: string;
  /** The last time, where the same id may come back. */
  at?: Date | undefined;
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
const pattern = /^(organization|key|user|bot-user)-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** @param directory that files are stored in */
export function createErasureJournal({ directory }: { directory: string }): ErasureJournal {
  const folder = join(directory, ERASURES_FOLDER);
  return {
    async note({ kind, id, at }) {
      await mkdir(folder, { recursive: true });
      const file = await open(join(folder, `${kind}-${id}`), 'a');
      try {
        if (at) await file.write(`${at.toISOString()}\n`);
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
  const found = names.map(async (name): Promise<Erasure[]> => {
    const [, kind, id] = pattern.exec(name) ?? [];
    if (!kind || !id) return [];
    const last = (await readFile(join(folder, name), 'utf8')).trim().split('\n').toSorted().at(-1);
    return [{ kind: kind as Erasure['kind'], id, ...(last && { at: new Date(last) }) }];
  });
  return (await Promise.all(found)).flat();
}

/** One for each id, with the last of its times: several journals may know the same one. */
export function lastErasures(found: readonly Erasure[]): Erasure[] {
  const inTime = found.toSorted((a, b) => (a.at?.getTime() ?? 0) - (b.at?.getTime() ?? 0));
  return [...new Map(inTime.map((erasure) => [`${erasure.kind}-${erasure.id}`, erasure])).values()];
}
