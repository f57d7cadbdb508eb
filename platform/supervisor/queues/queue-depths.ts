import { connect } from '../../../db/connect.ts';
import { within } from '../../../db/within.ts';
import { type QueueDepth, selectDepths } from '../../capabilities/queue/pgboss/select-depths.ts';
import { workerQueues } from '../../kernel/worker-queues.ts';
import type { Unit } from '../unit.ts';

export interface QueueDepths {
  /**
   * Depth by queue. Never rejects: while the database does not answer it is what it was when last read, empty at first.
   * @param perOrganization jobs that one organization may have under way, by queue
   */
  read(perOrganization?: ReadonlyMap<string, number>): Promise<ReadonlyMap<string, QueueDepth>>;
  close(): Promise<void>;
}

/** Of all queues that a worker serves; undefined when that is not known, and for functions. */
export function depthOf(depths: ReadonlyMap<string, QueueDepth>, unit: Unit): QueueDepth | undefined {
  if (unit.kind !== 'worker') return undefined;
  const all = workerQueues(unit.name, unit.manifest).flatMap(({ name }) => depths.get(name) ?? []);
  if (all.length === 0) return undefined;
  const sum = (of: keyof QueueDepth) => all.reduce((total, depth) => total + depth[of], 0);
  return {
    ...{
      waiting: sum('waiting'),
      held: sum('held'),
      deferred: sum('deferred'),
      active: sum('active'),
      dead: sum('dead'),
    },
    oldestSeconds: Math.max(...all.map(({ oldestSeconds }) => oldestSeconds)),
  };
}

const SECONDS = 2;

/**
 * @param url the connection string that is valid now; asked at each read, since passwords rotate
 * @param onAway called once when the database stops answering
 */
export function queueDepths(url: () => string, onAway: (error: unknown) => void): QueueDepths {
  const open = () => connect(opened, { applicationName: 'pandect queue depths' });
  let opened = url();
  let sql = open();
  let last: ReadonlyMap<string, QueueDepth> = new Map();
  let away = false;
  return {
    async read(perOrganization = new Map()) {
      if (url() !== opened) {
        opened = url();
        const earlier = sql;
        sql = open();
        await earlier.end({ timeout: 0 });
      }
      try {
        const rows = await within(SECONDS, selectDepths(sql, perOrganization));
        last = new Map(rows.map(({ queue, ...depth }) => [queue, depth]));
        away = false;
      } catch (error) {
        if (!away) onAway(error);
        away = true;
        // One that hangs would be waited for again.
        const hung = sql;
        sql = open();
        await hung.end({ timeout: 0 });
      }
      return last;
    },
    close: () => sql.end({ timeout: 0 }),
  };
}
