import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Composition } from '../../kernel/composition.ts';
import { prepareHome } from '../../services/home.ts';
import { removeHome } from '../../services/remove-home.ts';
import type { BackupPlace } from '../backup-place.ts';
import { withBackupLock } from '../lock-backups.ts';
import { changeBackupState, readBackupState } from '../state.ts';
import { chooseBackup } from './choose-backup.ts';
import type { Proof } from './prove-restored.ts';
import { replay } from './replay.ts';

export interface Drill {
  id: string;
  seconds: number;
  isPassed: boolean;
  proofs: Proof[];
}

/**
 * Restores a backup into a temporary home, with a server of its own on a socket of its own, proves it, and removes it. Nothing of it
 * reaches anything outside. The outcome is kept with the state of the backups.
 */
export async function drill(
  place: BackupPlace,
  { id, prove, progress }: { id: string | undefined; prove: Composition['drill']; progress: (line: string) => void },
): Promise<Drill> {
  return withBackupLock(place.home, async () => {
    const began = performance.now();
    const folder = await mkdtemp(join(tmpdir(), 'pandect-drill-'));
    const into = join(folder, 'home');
    let known = id ?? 'newest';
    let proofs: Proof[] = [];
    try {
      // The server's user has to enter it.
      await chmod(folder, 0o755);
      const choice = await chooseBackup({ repository: place.repository, id, into, dumpTarget: 'own server' });
      known = choice.backup.id;
      const home = await prepareHome(into);
      const { server, proofs: found } = await replay({ repository: place.repository, choice, home, progress });
      try {
        proofs = found;
        for (const [name, prover] of Object.entries(prove)) {
          const { state, detail } = await prover(server.url);
          proofs.push({ name, isPassed: state !== 'fail', detail });
        }
      } finally {
        await server.stop();
        await rm(home.run, { recursive: true, force: true });
      }
    } catch (error) {
      proofs.push({ name: 'restore', isPassed: false, detail: (error as Error).message });
    } finally {
      await removeHome(into);
      await rm(folder, { recursive: true, force: true });
    }
    const result = {
      id: known,
      seconds: (performance.now() - began) / 1000,
      isPassed: proofs.every((one) => one.isPassed),
    };
    await keep(place, result);
    return { ...result, proofs };
  });
}

async function keep({ home }: BackupPlace, { id, seconds, isPassed }: Omit<Drill, 'proofs'>): Promise<void> {
  const at = new Date().toISOString();
  const before = (await readBackupState(home)).drill?.succeededAt;
  const succeededAt = isPassed ? at : before;
  await changeBackupState(home, { drill: { at, id, seconds, isPassed, ...(succeededAt && { succeededAt }) } });
}
