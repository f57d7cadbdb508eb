import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfExists } from '../../services/processes.ts';
import type { ReleaseRow } from '../../supervisor/control/contract.ts';
import { checkout } from '../checkout.ts';
import { ask } from '../control-client.ts';
import type { Built } from './affected.ts';

/** What the releases that serve were built from, for every folder of the checkout or for those named. */
export async function readBuilt(
  releases: string,
  names: readonly string[],
  failed: ReadonlySet<string>,
): Promise<Map<string, Built>> {
  const folders = (await Promise.all(['functions', 'workers'].map(foldersIn))).flat();
  const wanted = folders.filter(({ name }) => names.length === 0 || names.includes(name));
  const entries = wanted.map(async ({ name, folder }): Promise<[string, Built]> => {
    const inputs = await inputsOf(releases, name);
    return [name, { folder, inputs, failed: failed.has(name) }];
  });
  return new Map(await Promise.all(entries));
}

async function foldersIn(parent: string): Promise<{ name: string; folder: string }[]> {
  const entries = await readdir(join(checkout, parent), { withFileTypes: true });
  return entries.flatMap((entry) =>
    entry.isDirectory() ? [{ name: entry.name, folder: `${parent}/${entry.name}` }] : [],
  );
}

/** Undefined for a folder that was never deployed, which the platform does not know. */
async function inputsOf(releases: string, name: string): Promise<string[] | undefined> {
  const rows = await ask<ReleaseRow[]>('GET', `/releases/${encodeURIComponent(name)}`).catch(() => []);
  const current = rows.find((row) => row.current);
  const text = current && (await readIfExists(join(releases, name, current.release, 'inputs.json')));
  return text ? Object.keys(JSON.parse(text)) : undefined;
}
