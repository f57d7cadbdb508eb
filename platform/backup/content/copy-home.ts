import { existsSync } from 'node:fs';
import { cp, mkdir, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { ERASURES_FOLDER } from '../../capabilities/storage/erasure-journal.ts';
import type { Source } from '../../kernel/composition.ts';
import { readEnvironment, type Variable } from '../../kernel/environment.ts';
import { PANDECT_HOME } from '../../kernel/variables.ts';
import type { Places } from '../../supervisor/home/whole-home.ts';
import type { Manifest } from '../manifest.ts';
import { summarize, takeInventory } from './inventory.ts';

export const KEYS_FOLDER = 'keys';
export const CERTIFICATES_FOLDER = 'caddy';

/** @throws when a key is missing without which a restored home is of no use */
export function requireKeys({ home, keys, isEmbedded }: Places): void {
  const needed = [keys.privatePath, keys.publicPath, ...(isEmbedded ? [join(home.keys, 'postgres-password')] : [])];
  const missing = needed.filter((path) => !existsSync(path));
  if (missing.length === 0) return;
  const named = missing.map((path) => `"${path}"`).join(', ');
  throw new Error(`Back up "${home.root}": missing keys: ${named}; a backup without them cannot be restored`);
}

/**
 * Copies keys, certificates and the journal of erasures into `folder`. Keys that stand outside of the home are copied under the names that they have in a home.
 */
export async function copyHome(
  { home, files }: Places,
  { variables, source }: { variables: readonly Variable[]; source: Source },
  folder: string,
): Promise<Pick<Manifest, 'keys' | 'certificates'>> {
  const keys = join(folder, KEYS_FOLDER);
  await mkdir(keys, { recursive: true, mode: 0o700 });
  for (const entry of await readdir(home.keys, { withFileTypes: true })) {
    if (entry.isFile()) await cp(join(home.keys, entry.name), join(keys, entry.name));
  }
  for (const variable of variables) {
    const given = source[variable.name];
    if (!isKey(variable) || !given || !existsSync(resolve(given))) continue;
    await cp(resolve(given), join(keys, defaultFile(variable)));
  }
  const erasures = join(files ?? resolve(source.UPLOAD_DIR || home.files), ERASURES_FOLDER);
  if (existsSync(erasures)) await cp(erasures, join(folder, ERASURES_FOLDER), { recursive: true });
  const certificates = join(folder, CERTIFICATES_FOLDER);
  await cp(home.caddy, certificates, { recursive: true });
  return {
    keys: summarize(await takeInventory(keys)),
    certificates: summarize(await takeInventory(certificates)),
  };
}

const isKey = ({ path }: Variable): boolean => path === 'key' || (typeof path === 'object' && 'secretKey' in path);

const defaultFile = (variable: Variable): string => basename(String(Object.values(readEnvironment([variable], {}))[0]));

/** The operator's settings as facts: values of those that are not secret, and names of those that are. */
export function describeSettings(
  variables: readonly Variable[],
  source: Source,
): Pick<Manifest, 'settings' | 'secrets'> {
  // Where the home was says nothing about where it will be.
  const set = variables.filter(({ name }) => source[name] && name !== PANDECT_HOME.name);
  return {
    settings: Object.fromEntries(set.filter(({ secret }) => !secret).map(({ name }) => [name, source[name] ?? ''])),
    secrets: set.filter(({ secret }) => secret).map(({ name }) => name),
  };
}
