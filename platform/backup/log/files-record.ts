import { z } from 'zod';
import type { Home } from '../../services/home.ts';
import { failureSchema, recordFile } from './record-file.ts';

/** How far the files of a home are kept between two backups. */
const schema = z.object({
  /** All files that had been stored by then are at the target. */
  archivedAt: z.iso.datetime().optional(),
  /** Why the target does not have more; undefined when the last attempt was a success. */
  failure: failureSchema.optional(),
});

export type FilesRecord = z.output<typeof schema>;

const file = recordFile('files.json', schema);

/** Undefined where none were stored, or what is there cannot be read. */
export const readFilesRecord = file.read;

export const removeFilesRecord = file.remove;

/** Only what keeps the files does so. */
export const writeFilesRecord = (home: Pick<Home, 'root'>, record: FilesRecord): Promise<void> =>
  file.write(home, record);
