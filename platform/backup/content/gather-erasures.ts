import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  ERASURES_FOLDER,
  type Erasure,
  type ErasureJournal,
  readErasures,
} from '../../capabilities/storage/erasure-journal.ts';
import { openErasureJournal, storageVariables } from '../../capabilities/storage/open-storage.ts';
import type { Source } from '../../kernel/composition.ts';
import { readEnvironment } from '../../kernel/environment.ts';
import { secretsFromFiles } from '../../kernel/secret-files.ts';
import { shareAll } from '../../services/carry-over.ts';
import type { Home } from '../../services/home.ts';

/**
 * Brings what all hosts have noted in the bucket into the folder of files of this one, where backups find it.
 * @param source the operator's settings
 * @returns all that is known now
 * @throws when the bucket does not answer
 */
export async function gatherErasures(home: Pick<Home, 'files' | 'ids'>, source: Source): Promise<Erasure[]> {
  const directory = resolve(source.UPLOAD_DIR || home.files);
  const folder = join(directory, ERASURES_FOLDER);
  await (await openJournal(source, directory)).gather();
  if (home.ids && existsSync(folder)) await shareAll(folder, home.ids.files);
  return readErasures(folder);
}

/**
 * What the hosts have noted in their bucket, for a restore; none without one.
 * @throws when the bucket does not answer
 */
export async function notedErasures(source: Source): Promise<Erasure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'pandect-erasures-'));
  try {
    await (await openJournal(source, folder)).gather();
    return await readErasures(join(folder, ERASURES_FOLDER));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function openJournal(source: Source, directory: string): Promise<ErasureJournal> {
  const given = { ...source, ...secretsFromFiles(storageVariables, source), UPLOAD_DIR: directory };
  return openErasureJournal(readEnvironment(storageVariables, given));
}
