import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connectionVariables } from '../content/copy-database.ts';
import { SLOT } from './replication-slot.ts';

export interface Receiver {
  /** Resolves when it has ended, with its last words. */
  ended: Promise<string>;
  stop(): Promise<void>;
}

/** Next to requests of people, which go first; it has little to do. */
const NICENESS = 5;

/**
 * Has the server's log written into a folder as it comes into being.
 * @param programs folder of PostgreSQL's programs
 */
export async function receiveLog({
  programs,
  url,
  folder,
}: {
  programs: string;
  url: string;
  folder: string;
}): Promise<Receiver> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const args = ['-D', folder, '--slot', SLOT, '--no-loop', '--status-interval=1', '--no-password'];
  const child = spawn(join(programs, 'pg_receivewal'), args, {
    cwd: '/',
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', ...connectionVariables(url), PGAPPNAME: 'pandect log' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const closed = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', () => resolve(''));
  });
  if (child.pid !== undefined) setPriority(child.pid, NICENESS);
  const ended = Promise.all([closed, text(child.stderr)]).then(([error, words]) =>
    (error || words.trim().split('\n').at(-1) || '').slice(0, 300),
  );
  return {
    ended,
    async stop() {
      child.kill('SIGINT');
      const force = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(force);
    },
  };
}
