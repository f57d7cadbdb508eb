import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessRow, ReleaseRow } from '../../supervisor/control/contract.ts';
import { readSites } from '../../supervisor/sites/site.ts';
import { checkout } from '../checkout.ts';
import { ask } from '../control-client.ts';
import type { Candidates } from './candidates.ts';

/** No one waits longer for a completion. */
const PATIENCE_MS = 500;

/** The names that exist: those of the running platform, or of the checkout's folders where none answers. */
export async function lookUp(what: NonNullable<Candidates['lookUp']>): Promise<string[]> {
  if (typeof what === 'object') {
    const path = `/releases/${encodeURIComponent(what.releasesOf)}`;
    const rows = await ask<ReleaseRow[]>('GET', path, undefined, PATIENCE_MS).catch(() => []);
    return rows.map(({ release }) => release);
  }
  const kinds = what === 'queues' ? (['worker'] as const) : (['function', 'worker', 'site'] as const);
  const rows = await ask<ProcessRow[]>('GET', '/ps', undefined, PATIENCE_MS).catch(() => undefined);
  const running = rows?.filter(({ kind }) => kinds.some((one) => one === kind)).map(({ name }) => name);
  return [...new Set(running ?? (await Promise.all(kinds.map(folders))).flat())];
}

async function folders(kind: 'function' | 'worker' | 'site'): Promise<string[]> {
  if (kind === 'site') return (await readSites(checkout)).map(({ name }) => name);
  const entries = await readdir(join(checkout, `${kind}s`), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
