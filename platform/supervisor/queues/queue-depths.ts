import { connect } from '../../../db/connect.ts';
import { within } from '../../../db/within.ts';
import { type QueueDepth, selectDepths } from '../../capabilities/queue/pgboss/select-depths.ts';

export interface QueueDepths {
  /**
   * Depth by queue. Never rejects: while the database does not answer it is what it was when last read, empty at first.
   * @param perOrganization jobs that one organization may have under way, by queue
   */
  read(perOrganization?: ReadonlyMap<string, number>): Promise<ReadonlyMap<string, QueueDepth>>;
  close(): Promise<void>;
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
