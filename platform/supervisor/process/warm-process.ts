import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { standByVariable } from '../../runtime/stand-by.ts';
import { asUser, type ProcessUser } from '../../services/process-user.ts';
import type { SpawnPlan } from './spawn-plan.ts';

/** A process that only has to be told to begin. */
export interface Prepared {
  /** The release it was prepared for. */
  release: string;
  /** Digest of the settings it was started with. */
  settings: string;
  /** As it was started; its socket and instance are those that it will have. */
  plan: SpawnPlan;
  child: ChildProcess;
}

/**
 * One process that was started ahead of its time: it has loaded the code of one release, is connected to what it needs, and waits before it
 * listens. Its connections are those that a sleeping unit has a share of anyway. It runs with the very flags, environment and user that it will have, since what a process may do cannot be
 * narrowed later. It ends with the supervisor as long as it waits.
 */
export interface WarmProcess {
  /** Starts one for this release, in place of the one that waits. */
  prepare(release: string, settings: string, plan: SpawnPlan, logFile: string, user: ProcessUser | undefined): void;
  /** The process that waits for this release with these settings, if there is one: it begins now and is the caller's. */
  take(release: string, settings: string): Prepared | undefined;
  /** The release that one waits for. */
  waitsFor(): string | undefined;
  close(): void;
}

export function createWarmProcess(): WarmProcess {
  let waiting: Prepared | undefined;

  const drop = () => {
    waiting?.child.kill('SIGKILL');
    waiting = undefined;
  };
  return {
    prepare(release, settings, plan, logFile, user) {
      drop();
      const prepared = { release, settings, plan, child: start(plan, logFile, user) };
      waiting = prepared;
      const forget = () => {
        if (waiting === prepared) waiting = undefined;
      };
      prepared.child.once('exit', forget).once('error', forget);
    },
    take(release, settings) {
      if (waiting?.release !== release || waiting.settings !== settings) return undefined;
      const prepared = waiting;
      waiting = undefined;
      prepared.child.ref();
      prepared.child.stdin?.end('begin\n');
      return prepared;
    },
    waitsFor: () => waiting?.release,
    close: drop,
  };
}

/** As `spawnInstance` does, but with a pipe that says when to begin. */
function start(plan: SpawnPlan, logFile: string, user: ProcessUser | undefined): ChildProcess {
  const log = openSync(logFile, 'a', 0o600);
  try {
    const { command, args, env } = asUser(user, plan.command, plan.args, { ...plan.env, [standByVariable]: '1' });
    const child = spawn(command, args, { cwd: plan.cwd, env, detached: true, stdio: ['pipe', log, log] });
    // A process that has just ended cannot be told to begin; its end says so.
    child.stdin?.on('error', () => {});
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}
