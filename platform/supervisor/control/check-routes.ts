import { Hono } from 'hono';
import { connect } from '../../../db/connect.ts';
import { within } from '../../../db/within.ts';
import { queueDepths } from '../queues/queue-depths.ts';

const SECONDS = 5;

/** What `pandect doctor` wants to know of the database. @param queueUrl see `Platform` */
export function checkRoutes(queueUrl: () => string): Hono {
  const app = new Hono();
  /** All in milliseconds since the epoch. */
  app.get('/database', async (c) => {
    const sql = connect(queueUrl(), { applicationName: 'pandect doctor' });
    try {
      const began = Date.now();
      const [row] = await within(SECONDS, sql<{ now: Date }[]>`select clock_timestamp() as now`);
      return c.json({ began, ended: Date.now(), now: row?.now.getTime() ?? 0 });
    } finally {
      await sql.end({ timeout: 1 });
    }
  });
  /** Depth by queue; null while the database does not answer. */
  app.get('/queues', async (c) => {
    let isAway = false;
    const queues = queueDepths(queueUrl, () => {
      isAway = true;
    });
    try {
      const depths = await queues.read();
      return c.json(isAway ? null : Object.fromEntries(depths));
    } finally {
      await queues.close();
    }
  });
  return app;
}
