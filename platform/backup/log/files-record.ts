import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { replaceFile } from '../../kernel/replace-file.ts';
import type { Home } from '../../services/home.ts';
import { readIfExists } from '../../services/processes.ts';

/** How far the files of a home are kept between two backups. */
const schema = z.object({
  /** All files that had been stored by then are at the target. */
  archivedAt: z.iso.datetime().optional(),
  /** Why the target does not have more; undefined when the last attempt was a success. */
  failure: z.object({ at: z.iso.datetime(), since: z.iso.datetime(), message: z.string() }).optional(),
});

export type FilesRecord = z.output<typeof schema>;

const pathOf = ({ root }: Pick<Home, 'root'>) => join(root, 'backup', 'files.json');

/** Undefined where none were stored, or what is there cannot be read. */
export async function readFilesRecord(home: Pick<Home, 'root'>): Promise<FilesRecord | undefined> {
  const text = await readIfExists(pathOf(home));
  if (text === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export const removeFilesRecord = (home: Pick<Home, 'root'>): Promise<void> => rm(pathOf(home), { force: true });

/** Only what keeps the files does so. */
export const writeFilesRecord = (home: Pick<Home, 'root'>, record: FilesRecord): Promise<void> =>
  replaceFile(pathOf(home), `${JSON.stringify(record, null, 1)}\n`);
