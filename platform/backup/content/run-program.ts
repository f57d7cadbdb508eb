import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { text } from 'node:stream/consumers';
import type { ServiceUser } from '../../services/service-user.ts';

interface Run {
  program: string;
  args: readonly string[];
  env?: Record<string, string>;
  user?: ServiceUser | undefined;
}

/** Requests of people go first. */
const NICENESS = 10;

/** Runs one of PostgreSQL's programs to its end. @returns what it printed @throws with its last words */
export async function runProgram(doing: string, { program, args, env, user }: Run): Promise<string> {
  const child = spawn(program, args, {
    cwd: '/',
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(user && { uid: user.uid, gid: user.gid }),
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause) => reject(new Error(`${doing}: "${program}" cannot be executed`, { cause })));
    child.once('close', resolve);
  });
  if (child.pid !== undefined) setPriority(child.pid, NICENESS);
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (status === 0) return stdout;
  throw new Error(`${doing}: ${stderr.trim().split('\n').slice(-3).join(' ') || `ended with status ${status}`}`);
}
