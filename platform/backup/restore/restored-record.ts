import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { replaceFile } from '../../kernel/replace-file.ts';
import type { Home } from '../../services/home.ts';
import { readIfExists } from '../../services/processes.ts';

/** There from a restore until an operator has decided what becomes of what is held. */
const schema = z.object({
  backup: z.string(),
  /** What the database is as of. */
  at: z.iso.datetime(),
  restoredAt: z.iso.datetime(),
  /** Workers whose jobs wait. */
  held: z.array(z.string()),
});
export type RestoredRecord = z.output<typeof schema>;

const pathOf = ({ root }: Pick<Home, 'root'>) => join(root, 'restored.json');

export const isReconciled = (home: Pick<Home, 'root'>): boolean => !existsSync(pathOf(home));

/** Undefined where nothing is to be decided. */
export async function readRestored(home: Pick<Home, 'root'>): Promise<RestoredRecord | undefined> {
  const text = await readIfExists(pathOf(home));
  return text === undefined ? undefined : schema.parse(JSON.parse(text));
}

export const writeRestored = (home: Pick<Home, 'root'>, record: RestoredRecord): Promise<void> =>
  replaceFile(pathOf(home), `${JSON.stringify(record, null, 1)}\n`, { flush: true });

export const removeRestored = (home: Pick<Home, 'root'>): Promise<void> => rm(pathOf(home), { force: true });
