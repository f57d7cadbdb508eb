import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../../kernel/log.ts';
import { figuresPath } from '../../kernel/paths/figures-path.ts';
import type { Home } from '../../services/home.ts';
import { type Counters, openCounters } from '../metrics/counters.ts';
import { type EdgeAnswers, openEdgeAnswers } from '../metrics/edge-answers.ts';
import { killsTotal } from '../metrics/platform-events.ts';
import type { End, Instance } from '../process/instance.ts';
import { type Kills, openKills } from '../process/kills.ts';
import { recoverJobs } from '../queues/recover-jobs.ts';
import type { Unit } from '../unit.ts';
import type { ProcessEntry } from './journal.ts';

/** What is kept of processes that have ended and of what the edge answered, over the supervisor's own restarts. */
export interface Records {
  kills: Kills;
  counters: Counters;
  edgeAnswers: EdgeAnswers;
}

export async function openRecords(home: Home, log: Log): Promise<Records> {
  return {
    kills: await openKills(join(home.root, 'kills.jsonl'), log),
    counters: await openCounters(join(home.root, 'counters.json'), log),
    edgeAnswers: await openEdgeAnswers(join(home.caddy, 'answers.log'), join(home.root, 'edge-answers.json'), log),
  };
}

/** A process has ended: its figures are kept, the reason is written down, and its jobs are given back. */
export async function recordEnd(
  { kills, counters }: Records,
  queueUrl: string,
  unit: Unit,
  { id, pid, release, socket }: Instance,
  { reason, detail }: End,
): Promise<void> {
  await counters.end(id, socket);
  if (reason) {
    kills.record({ at: new Date().toISOString(), unit: unit.name, release, pid, reason, detail });
    counters.count(killsTotal, { unit: unit.name, reason });
  }
  if (unit.kind === 'worker') await recoverJobs(queueUrl, unit.name, socket, reason === 'unresponsive');
}

/** The same for one that ended while no supervisor ran. */
export async function recordLost(
  { kills, counters }: Records,
  queueUrl: string,
  { id, unit, socket, release, pid, role }: ProcessEntry,
  isRebooted: boolean,
): Promise<void> {
  await recoverJobs(queueUrl, unit, socket);
  // One that ends in good order leaves its figures; a reboot ends all, which is not worth a line each.
  const wasOrderly = existsSync(figuresPath(socket));
  await counters.end(id, socket);
  if (role === 'replaced' || isRebooted || wasOrderly) return;
  const at = new Date().toISOString();
  kills.record({ at, unit, release, pid, reason: 'crash', detail: 'ended while no supervisor ran' });
  counters.count(killsTotal, { unit, reason: 'crash' });
}
