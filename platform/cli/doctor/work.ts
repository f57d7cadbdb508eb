import type { QueueDepth } from '../../capabilities/queue/pgboss/select-depths.ts';
import type { ProcessRow } from '../../supervisor/control/contract.ts';
import { heldBack } from '../commands/running/ps.ts';
import { ask } from '../control-client.ts';
import { seconds } from '../quantities.ts';
import type { Facts } from './facts.ts';
import { fail, ok, type Verdict, warn } from './finding.ts';

export const checkProcesses = async ({ running }: Facts): Promise<Verdict | undefined> =>
  running && judgeProcesses(running.rows);

/** Each function and worker needs a process that serves, or has to be asleep or paused on purpose. */
export function judgeProcesses(rows: readonly ProcessRow[]): Verdict {
  const lost = rows.filter(({ state }) => ['down', 'crashed', 'backing off'].includes(state));
  const [first] = lost;
  if (first) {
    const names = [...new Set(lost.map(({ name, state }) => `${name} (${state})`))].join(', ');
    return fail(names, `pandect kills and pandect logs ${first.name} tell why`);
  }
  const restless = rows.filter(({ restarts }) => restarts >= 10);
  if (restless.length > 0) {
    const names = restless.map(({ name, restarts }) => `${name} (${restarts})`).join(', ');
    return warn(`started again and again: ${names}`, 'pandect kills tells why');
  }
  const held = heldBack(rows);
  if (held.length > 0) return warn(held.join('; '), 'docs/scaling.md tells what bounds the number of processes');
  return ok(`${rows.filter(({ pid }) => pid > 0).length} run`);
}

export async function checkQueues({ running }: Facts): Promise<Verdict | undefined> {
  if (!running) return undefined;
  const depths = await ask<Record<string, QueueDepth> | null>('GET', '/check/queues');
  if (!depths) return fail('the database does not answer', 'pandect logs postgres');
  return judgeQueues(new Map(Object.entries(depths)));
}

const LONG_SECONDS = 600;

export function judgeQueues(
  depths: ReadonlyMap<string, Pick<QueueDepth, 'waiting' | 'oldestSeconds' | 'dead'>>,
): Verdict {
  const all = [...depths];
  const dead = all.filter(([, depth]) => depth.dead > 0);
  if (dead.length > 0) {
    const counts = dead.map(([name, depth]) => `${depth.dead} in ${name}`).join(', ');
    return warn(`jobs that failed for good: ${counts}`, `pandect jobs list ${dead[0]?.[0]} --state dead`);
  }
  const late = all.filter(([, { oldestSeconds }]) => oldestSeconds > LONG_SECONDS);
  if (late.length > 0) {
    const ages = late
      .map(([name, depth]) => `${depth.waiting} in ${name} for ${seconds(depth.oldestSeconds)}`)
      .join(', ');
    return warn(`jobs wait: ${ages}`, `more processes: pandect scale ${late[0]?.[0]} <n>, or is it paused?`);
  }
  return ok(`${all.reduce((sum, [, { waiting }]) => sum + waiting, 0)} jobs wait, none failed for good`);
}
