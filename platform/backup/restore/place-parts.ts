import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ERASURES_FOLDER } from '../../capabilities/storage/erasure-journal.ts';
import { giveAll, shareAll } from '../../services/carry-over.ts';
import type { Home } from '../../services/home.ts';
import { serverUser } from '../../services/process-user.ts';
import { DATABASE_FOLDER, DUMP } from '../content/copy-database.ts';
import { CERTIFICATES_FOLDER, KEYS_FOLDER } from '../content/copy-home.ts';
import { hashFile } from '../content/inventory.ts';
import { runProgram } from '../content/run-program.ts';
import type { Manifest } from '../manifest.ts';
import type { Repository } from '../repository/restic.ts';
import { backupFolder } from '../state.ts';

interface Placing {
  repository: Repository;
  manifest: Manifest;
  home: Home;
  /** Folder of PostgreSQL's programs; PATH when empty. */
  programs: string;
  /** The snapshot of the files; undefined where there are none. */
  files: string | undefined;
  progress: (line: string) => void;
}

/** Brings the parts of a backup to where they belong in an empty home. @throws when the database is not as PostgreSQL wrote it */
export async function placeParts({ repository, manifest, home, programs, files, progress }: Placing): Promise<void> {
  const draft = join(backupFolder(home), 'restored');
  await mkdir(draft, { recursive: true, mode: 0o700 });
  progress('Fetching database and keys');
  await repository.restore(manifest.snapshots.home, draft);
  const data = join(home.postgres, 'data');
  if (manifest.database.kind === 'dump') await placeDump(draft, { home, manifest });
  else {
    const database = join(draft, DATABASE_FOLDER);
    await verifyDatabase(database, manifest, programs);
    await rm(data, { recursive: true, force: true });
    await rename(database, data);
  }
  for (const name of await readdir(join(draft, KEYS_FOLDER))) {
    await rename(join(draft, KEYS_FOLDER, name), join(home.keys, name));
  }
  const certificates = join(draft, CERTIFICATES_FOLDER);
  if (existsSync(certificates)) await cp(certificates, home.caddy, { recursive: true });
  if (files !== undefined) {
    progress('Fetching files');
    await repository.restore(files, home.files);
  }
  const erasures = join(draft, ERASURES_FOLDER);
  if (existsSync(erasures)) await cp(erasures, join(home.files, ERASURES_FOLDER), { recursive: true });
  await rm(draft, { recursive: true, force: true });
  await giveToOwners(home, data);
}

/** Where a dump waits until its database is filled from it. */
export const placedDump = (home: Pick<Home, 'root'>): string => join(backupFolder(home), DUMP);

async function placeDump(draft: string, { home, manifest }: Pick<Placing, 'home' | 'manifest'>): Promise<void> {
  const dump = join(draft, DUMP);
  if ((await hashFile(dump)) !== manifest.database.sha256) {
    throw new Error(`Restore backup "${manifest.id}": the dump is not the one of the manifest`);
  }
  await rename(dump, placedDump(home));
}

async function verifyDatabase(folder: string, { id, database }: Manifest, programs: string): Promise<void> {
  if ((await hashFile(join(folder, 'backup_manifest'))) !== database.sha256) {
    throw new Error(`Restore backup "${id}": the list of the database's files is not the one of the manifest`);
  }
  const program = join(programs, 'pg_verifybackup');
  await runProgram('Verify restored database', { program, args: ['--exit-on-error', '--quiet', folder] });
}

/** Numbers of users and groups are this host's, not those of the host that was backed up. */
async function giveToOwners(home: Home, data: string): Promise<void> {
  if (home.user && existsSync(data)) await giveAll(data, home.user.uid, home.user.gid);
  if (!home.ids) return;
  const edge = serverUser(home, 'edge');
  if (edge) await giveAll(home.caddy, edge.uid, edge.gid);
  await shareAll(home.files, home.ids.files);
}
