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

/** Where all hosts note erasures. */
export interface SharedErasures {
  /** Noting one twice is fine. */
  note(erasure: Erasure): Promise<void>;
  read(): Promise<Erasure[]>;
}

/**
 * Notes erasures outside of the database, in the folder of files and, where hosts share a bucket, in that too: a restore of the database does
 * not take them back, and applies them again. Noting one twice is fine.
 */
export interface ErasureJournal {
  note(erasure: Erasure): Promise<void>;
  /** Notes for the other hosts what only the folder of this one has, as from before it shared a bucket. @returns how many */
  share(): Promise<number>;
  /** Notes here what other hosts have noted, for the backups of this one. @returns how many */
  gather(): Promise<number>;
}

/** Next to the finished files; their keys never begin like this. */
export const ERASURES_FOLDER = 'erasures';
const pattern = /^(organization|key|user|bot-user)-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Its part of a file's or an object's name, without the time. */
export const nameOfErasure = ({ kind, id }: Pick<Erasure, 'kind' | 'id'>): string => `${kind}-${id}`;

/** @returns undefined for a name that is of no erasure */
export function erasureNamed(name: string): Pick<Erasure, 'kind' | 'id'> | undefined {
  const [, kind, id] = pattern.exec(name) ?? [];
  return kind && id ? { kind: kind as Erasure['kind'], id } : undefined;
}

/** @param directory that files are stored in */
export function createErasureJournal({
  directory,
  shared,
}: {
  directory: string;
  shared?: SharedErasures;
}): ErasureJournal {
  const folder = join(directory, ERASURES_FOLDER);
  async function noteHere(erasure: Erasure): Promise<void> {
    await mkdir(folder, { recursive: true });
    const file = await open(join(folder, nameOfErasure(erasure)), 'a');
    try {
      if (erasure.at) await file.write(`${erasure.at.toISOString()}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  }
  async function compare(): Promise<{ here: Erasure[]; there: Erasure[] }> {
    const [here, there] = await Promise.all([readErasures(folder), shared?.read() ?? []]);
    return { here, there: lastErasures(there) };
  }
  return {
    async note(erasure) {
      await noteHere(erasure);
      await shared?.note(erasure);
    },
    async share() {
      if (!shared) return 0;
      const { here, there } = await compare();
      const missing = unknownTo(there, here);
      for (const erasure of missing) await shared.note(erasure);
      return missing.length;
    },
    async gather() {
      const { here, there } = await compare();
      const missing = unknownTo(here, there);
      for (const erasure of missing) await noteHere(erasure);
      return missing.length;
    },
  };
}

/** Those that are not known, or only with an earlier time. */
function unknownTo(known: readonly Erasure[], erasures: readonly Erasure[]): Erasure[] {
  const timeOf = ({ at }: Erasure) => at?.getTime() ?? 0;
  const times = new Map(known.map((erasure) => [nameOfErasure(erasure), timeOf(erasure)]));
  return erasures.filter((erasure) => timeOf(erasure) > (times.get(nameOfErasure(erasure)) ?? -1));
}

/** All that is noted in a folder of that name; none when there is no such folder. */
export async function readErasures(folder: string): Promise<Erasure[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const found = names.map(async (name): Promise<Erasure[]> => {
    const erasure = erasureNamed(name);
    if (!erasure) return [];
    const last = (await readFile(join(folder, name), 'utf8')).trim().split('\n').toSorted().at(-1);
    return [{ ...erasure, ...(last && { at: new Date(last) }) }];
  });
  return (await Promise.all(found)).flat();
}

/** One for each id, with the last of its times: several journals may know the same one. */
export function lastErasures(found: readonly Erasure[]): Erasure[] {
  const inTime = found.toSorted((a, b) => (a.at?.getTime() ?? 0) - (b.at?.getTime() ?? 0));
  return [...new Map(inTime.map((erasure) => [nameOfErasure(erasure), erasure])).values()];
}
