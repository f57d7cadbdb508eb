import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Source } from '../kernel/composition.ts';
import { replaceFile } from '../kernel/replace-file.ts';
import type { Home } from '../services/home.ts';
import { readIfExists } from '../services/processes.ts';
import { backupFolder } from './state.ts';

const schema = z.object({ target: z.string(), since: z.iso.datetime() });

const recordPath = (home: Pick<Home, 'root'>) => join(backupFolder(home), 'configured.json');

async function readRecord(home: Pick<Home, 'root'>): Promise<z.output<typeof schema> | undefined> {
  const text = await readIfExists(recordPath(home));
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined; // it is noted again
  }
}

/** Notes since when backups go to this target, where that is not known yet, or would be later than now. */
export async function noteConfigured(home: Pick<Home, 'root'>, target: string, now: Date): Promise<void> {
  const known = await readRecord(home);
  if (known?.target === target && Date.parse(known.since) <= now.getTime()) return;
  await mkdir(backupFolder(home), { recursive: true, mode: 0o700 });
  await replaceFile(recordPath(home), `${JSON.stringify({ target, since: now.toISOString() })}\n`);
}

/** @returns since when backups go to the target of the settings, in milliseconds since 1970; undefined where that is not known */
export async function readConfigured(home: Pick<Home, 'root'>, { BACKUP_TO }: Source): Promise<number | undefined> {
  const known = await readRecord(home);
  return known && known.target === BACKUP_TO ? Date.parse(known.since) : undefined;
}
