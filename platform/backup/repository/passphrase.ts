import { join } from 'node:path';
import type { Home } from '../../services/home.ts';
import { readIfExists } from '../../services/processes.ts';
import { secretFile } from '../../services/secret-file.ts';

const PASSPHRASE_BYTES = 32;

export interface Passphrase {
  text: string;
  /** Where it comes from: the operator's setting, or a file in the home. */
  from: 'setting' | 'file';
}

export const passphraseFile = (home: Pick<Home, 'keys'>): string => join(home.keys, 'backup-passphrase');

/** What backups are encrypted with: the operator's, or one that is made once and kept with the keys. */
export async function readPassphrase(home: Pick<Home, 'keys'>, given: string | undefined): Promise<Passphrase> {
  if (given !== undefined) return { text: given, from: 'setting' };
  return { text: await secretFile(passphraseFile(home), PASSPHRASE_BYTES), from: 'file' };
}

/** The one that was made; undefined when none was. */
export const keptPassphrase = (home: Pick<Home, 'keys'>): Promise<string | undefined> =>
  readIfExists(passphraseFile(home));
