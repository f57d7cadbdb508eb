import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { readBackupSettings } from '../../backup/backup-settings.ts';
import { readBackupState } from '../../backup/state.ts';
import type { Log } from '../../kernel/log.ts';
import type { Home } from '../../services/home.ts';
import type { LiveSettings } from '../settings.ts';
import { type BackupTask, dueTask } from './due-task.ts';

const LOOK_MS = 60_000;
const COMMANDS: Record<BackupTask, readonly string[]> = {
  backup: ['backup', 'create', '--json'],
  drill: ['restore', '--drill', '--json'],
};

interface Backups {
  /** The checkout. */
  root: string;
  home: Home;
  live: LiveSettings;
  log: Log;
}

/**
 * Makes backups and drills when they are due, as the command does and in a process of its own: what fails there leaves the supervisor
 * alone. Without BACKUP_TO it does nothing.
 */
export function startBackups({ root, home, live, log }: Backups): { stop(): void } {
  let attemptedAt: Date | undefined;
  let running: ChildProcess | undefined;
  const look = async () => {
    if (running || !live.source.BACKUP_TO || live.source.BACKUP_SCHEDULE === 'off') return;
    const { BACKUP_TO: target } = readBackupSettings(live.source);
    const task = dueTask(await readBackupState(home), new Date(), attemptedAt, target);
    // A dump is restored by hand.
    if (task === undefined || (task === 'drill' && live.source.DATABASE_URL)) return;
    attemptedAt = new Date();
    const child = spawn(process.execPath, [join(root, 'pandect.ts'), ...COMMANDS[task]], {
      cwd: root,
      env: { ...live.source, PANDECT_HOME: home.root },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    running = child;
    const ended = new Promise<number | null>((resolve) =>
      child.once('close', resolve).once('error', () => resolve(null)),
    );
    const [status, words] = await Promise.all([ended, text(child.stderr)]);
    running = undefined;
    const seconds = (Date.now() - attemptedAt.getTime()) / 1000;
    // Another one may be due at once: a drill after the backup.
    if (status === 0) attemptedAt = undefined;
    if (status === 0) log.info({ task, seconds }, 'Backup task done');
    else
      log.error(
        { task, seconds, status, reason: words.trim().split('\n').at(-1) },
        'Backup task failed; it is tried again in an hour',
      );
  };
  const timer = setInterval(() => {
    look().catch((error: unknown) => log.error({ error }, 'Look for due backups failed; it is tried again'));
  }, LOOK_MS);
  timer.unref();
  return {
    stop() {
      clearInterval(timer);
      running?.kill();
    },
  };
}
