import type { ChildProcess } from 'node:child_process';
import { readBackupSettings } from '../../backup/backup-settings.ts';
import { noteConfigured } from '../../backup/configured.ts';
import { readBackupState } from '../../backup/state.ts';
import type { Log } from '../../kernel/log.ts';
import type { Home } from '../../services/home.ts';
import type { LiveSettings } from '../settings.ts';
import { type BackupTask, dueTask } from './due-task.ts';
import { runCommand } from './run-command.ts';

const LOOK_MS = 60_000;
const COMMANDS: Record<BackupTask, readonly string[]> = {
  backup: ['backup', 'create', '--json'],
  drill: ['restore', '--drill', '--json'],
};

interface BackupOptions {
  /** The checkout. */
  root: string;
  home: Home;
  live: Pick<LiveSettings, 'source'>;
  log: Log;
  now?: () => Date;
  /** Between two looks at what is due. */
  lookMs?: number;
}

export interface Backups {
  /** Whether one is being made, or read back. */
  isBusy(): boolean;
  /** Makes one now. @param onLine told each line of its progress @throws with what went wrong; when one is being made */
  create(onLine: (line: string) => void): Promise<void>;
  /** What the target holds, as `pandect backup list --json` tells it. @throws with what went wrong */
  list(): Promise<unknown>;
  stop(): void;
}

/**
 * Makes backups and drills when they are due, as the command does and in a process of its own: what fails there leaves the supervisor
 * alone. Without BACKUP_TO it does nothing by itself.
 */
export function startBackups({
  root,
  home,
  live,
  log,
  now = () => new Date(),
  lookMs = LOOK_MS,
}: BackupOptions): Backups {
  let attemptedAt: Date | undefined;
  const running = new Set<ChildProcess>();
  let task: BackupTask | undefined;
  const place = { root, home, live };
  const run = async (args: readonly string[], onLine?: (line: string) => void) => {
    const { child, ended } = runCommand(place, args, onLine);
    running.add(child);
    return ended.finally(() => running.delete(child));
  };
  const work = async (wanted: BackupTask, onLine?: (line: string) => void) => {
    task = wanted;
    const began = Date.now();
    try {
      const { status, lastWords: reason } = await run(COMMANDS[wanted], onLine);
      const seconds = (Date.now() - began) / 1000;
      if (status === 0) log.info({ task: wanted, seconds }, 'Backup task done');
      return { status, seconds, reason };
    } finally {
      task = undefined;
    }
  };
  const look = async () => {
    if (task || !live.source.BACKUP_TO || live.source.BACKUP_SCHEDULE === 'off') return;
    await noteConfigured(home, live.source.BACKUP_TO, now());
    const { BACKUP_TO: target } = readBackupSettings(live.source);
    const due = dueTask(await readBackupState(home), now(), attemptedAt, target);
    if (due === undefined || task) return;
    attemptedAt = now();
    const { status, seconds, reason } = await work(due);
    // Another one may be due at once: a drill after the backup.
    if (status === 0) attemptedAt = undefined;
    else log.error({ task: due, seconds, status, reason }, 'Backup task failed; it is tried again in an hour');
  };
  const timer = setInterval(() => {
    look().catch((error: unknown) => log.error({ error }, 'Look for due backups failed; it is tried again'));
  }, lookMs);
  timer.unref();
  return {
    isBusy: () => task !== undefined,
    async create(onLine) {
      if (task) throw new Error(`Make backup: a ${task} is under way`);
      const { status, reason } = await work('backup', onLine);
      if (status !== 0) throw new Error(reason || `Make backup: it ended with status ${status}`);
    },
    async list() {
      const { status, output, lastWords } = await run(['backup', 'list', '--json']);
      if (status === 0) return JSON.parse(output);
      throw new Error(lastWords || `List backups: it ended with status ${status}`);
    },
    stop() {
      clearInterval(timer);
      for (const child of running) child.kill();
    },
  };
}
