import { join } from 'node:path';
import { carryOver, runsAsOneUser } from '../../services/carry-over.ts';
import { type Home, prepareHome } from '../../services/home.ts';
import { bootId, isSame } from '../process/identity.ts';
import { type HomeLock, lockHome } from './home-lock.ts';
import { type Journal, openJournal, type ProcessEntry } from './journal.ts';
import { endLeftovers, endStrays } from './leftovers.ts';

export interface OpenHome {
  home: Home;
  lock: HomeLock;
  journal: Journal;
  /** Processes that an earlier supervisor left and that still run. */
  found: readonly ProcessEntry[];
  /** Those that ended while no supervisor ran. */
  lost: readonly ProcessEntry[];
  /** The host was started again since the journal was written. */
  isRebooted: boolean;
}

/** Makes a home this process's alone, and looks what an earlier supervisor left in it. */
export async function openHome(path: string, progress: (line: string) => void): Promise<OpenHome> {
  const home = await prepareHome(path);
  const lock = await lockHome(home);
  const journal = await openJournal(join(home.root, 'journal.json'));
  if (await runsAsOneUser(home)) {
    progress('Ending processes of an earlier version, which ran as one user');
    await endLeftovers(home, progress);
  }
  const known = journal.state.processes;
  const isRebooted = journal.state.boot !== bootId();
  const found = isRebooted ? [] : known.filter(isSame);
  journal.state.boot = bootId();
  const pids = found.map(({ pid }) => pid);
  await endStrays(home, pids, progress);
  await carryOver(home);
  return { home, lock, journal, found, lost: known.filter((entry) => !found.includes(entry)), isRebooted };
}
