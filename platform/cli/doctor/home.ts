import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { findProcesses } from '../../services/processes.ts';
import { isProcessId } from '../../services/user-ids.ts';
import { openJournal } from '../../supervisor/home/journal.ts';
import { controlSocket } from '../../supervisor/traffic/socket-path.ts';
import { exists, type Facts } from './facts.ts';
import { fail, ok, type Verdict, warn } from './finding.ts';

/** Keys and passwords are read by their owner alone. To be looked at before the home is completed, which mends folders. */
export async function checkPermissions({ wanted }: Pick<Facts, 'wanted'>): Promise<Verdict> {
  if (!(await exists(wanted))) return ok('made at the first start');
  const keys = join(wanted, 'keys');
  const names = (await exists(keys)) ? await readdir(keys) : [];
  const entries = [wanted, ...(names.length > 0 ? [keys] : []), ...names.map((name) => join(keys, name))];
  const modes = await Promise.all(entries.map(async (path) => ({ path, ...(await ownerOf(path)) })));
  return judgeModes(modes);
}

const ownerOf = async (path: string) => {
  const { mode, gid } = await stat(path);
  return { mode, gid };
};

/** Folders may be entered; only public keys may be read by others, and what belongs to a group of the platform's own by that. */
export function judgeModes(entries: readonly { path: string; mode: number; gid?: number }[]): Verdict {
  const open = entries.filter(({ path, mode, gid = 0 }) => {
    const isFolder = (mode & 0o170_000) === 0o040_000;
    if (path.endsWith('public.pem')) return (mode & 0o022) !== 0;
    return (mode & (isFolder ? 0o026 : isProcessId(gid) ? 0o037 : 0o077)) !== 0;
  });
  if (open.length === 0) return ok('keys and data are closed to other users');
  const [{ path, mode }] = open as [{ path: string; mode: number }];
  const more = open.length > 1 ? `, and ${open.length - 1} more` : '';
  return fail(`others may use ${path} (mode ${(mode & 0o777).toString(8)})${more}`, `chmod go-rwx ${path}`);
}

export async function checkJournal({ home }: Facts): Promise<Verdict> {
  if (!home) return ok('made at the first start');
  const { state } = await openJournal(join(home.root, 'journal.json'));
  return ok(`${Object.keys(state.units).length} units, ${state.processes.length} processes`);
}

/** What a killed supervisor leaves is taken over or removed by the next start; a lock without an owner that answers is not. */
export async function checkLeftovers({ home, running }: Facts): Promise<Verdict> {
  if (!home) return ok('nothing yet');
  if (running) return ok('the running platform holds the lock');
  if (isLocked(join(home.root, 'claim.lock'))) {
    return fail(
      'a supervisor holds the lock and does not answer',
      `end the process that has ${join(home.root, 'claim.lock')} open`,
    );
  }
  const processes = await findProcesses(`${home.releases}/`);
  const hint = 'pandect up takes over what still runs; pandect down ends it';
  if (processes.length > 0) return warn(`${processes.length} processes go on without a supervisor`, hint);
  const socket = controlSocket(home.run);
  return (await exists(socket)) ? warn(`a socket was left at ${socket}`, 'the next start removes it') : ok('none');
}

function isLocked(path: string): boolean {
  const lock = new DatabaseSync(path);
  try {
    lock.exec('begin exclusive; rollback');
    return false;
  } catch {
    return true;
  } finally {
    lock.close();
  }
}
