import type { Home } from '../../services/home.ts';
import { startPostgres } from '../../services/postgres.ts';
import type { Repository } from '../repository/restic.ts';
import { readStoredInventory } from '../verify-backup.ts';
import { bringBackDump } from './bring-back-dump.ts';
import type { Choice } from './choose-backup.ts';
import { placeLog } from './place-log.ts';
import { placedDump, placeParts } from './place-parts.ts';
import { type Proof, proveReplayed, proveRestored } from './prove-restored.ts';
import { readRecoveryEnd, startRestored } from './start-restored.ts';

interface Replaying {
  repository: Repository;
  choice: Choice;
  home: Home;
  progress: (line: string) => void;
}

/** A database that was restored. */
export interface RestoredDatabase {
  url: string;
  /** Ends a server of the home; one elsewhere stays as it is. */
  stop(): Promise<void>;
}

/**
 * Puts a backup and the log that follows it into an empty home, starts its server or fills the database elsewhere, and proves what is there.
 * The caller ends the server.
 */
export async function replay({
  repository,
  choice,
  home,
  progress,
}: Replaying): Promise<{ server: RestoredDatabase; proofs: Proof[] }> {
  const { backup, manifest, programs, chapters, at, files } = choice;
  await placeParts({ repository, manifest, home, programs, files: files?.snapshot, progress });
  const [first, last] = [chapters[0], chapters.at(-1)];
  const isReplayed = first !== undefined && last !== undefined;
  if (isReplayed) await placeLog(repository, { home, chapters, progress });
  const inventory = isReplayed ? [] : await readStoredInventory(repository, manifest, backup.manifest);
  const isDump = manifest.database.kind === 'dump';
  if (!isDump) progress(isReplayed ? 'Replaying the log' : 'Starting the database');
  const { server, isAtEnd } = isDump
    ? { server: await fillFromDump({ choice, home, progress }), isAtEnd: true }
    : await startRestored(home, programs, isReplayed ? { at } : undefined);
  try {
    progress('Comparing with the manifest');
    if (!isReplayed) {
      return { server, proofs: await proveRestored({ url: server.url, filesFolder: home.files }, manifest, inventory) };
    }
    const filesFolder = manifest.files === null ? undefined : home.files;
    const log = { from: manifest.database.log?.to ?? first.from, to: last.to, isWhole: isAtEnd };
    const proofs = await proveReplayed({ url: server.url, filesFolder }, { end: await readRecoveryEnd(home), log });
    return { server, proofs };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** The files of the home are in their places by now: whatever fails until here leaves the database empty. */
async function fillFromDump({ choice, home, progress }: Omit<Replaying, 'repository'>): Promise<RestoredDatabase> {
  const { programs, databaseUrl } = choice;
  const server =
    databaseUrl === undefined
      ? await startPostgres({ home, binaries: { postgres: programs }, progress })
      : { url: databaseUrl, stop: async () => {} };
  progress('Bringing back the dump');
  try {
    await bringBackDump({ file: placedDump(home), url: server.url, programs });
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}
