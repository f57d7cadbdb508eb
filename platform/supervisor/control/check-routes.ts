import { Hono } from 'hono';
import { connect } from '../../../db/connect.ts';
import { within } from '../../../db/within.ts';
import { selectDepths } from '../../capabilities/queue/pgboss/select-depths.ts';
import { askDatabase } from '../database-connections.ts';

const SECONDS = 2;

/** What `pandect doctor` wants to know of the database. @param queueUrl see `Platform` */
export function checkRoutes(queueUrl: () => string): Hono {
  const app = new Hono();
  app.get('/database', async (c) => c.json(await askDatabase(queueUrl())));
  /** Depth by queue; null while the database does not answer. */
  app.get('/queues', async (c) => {
    const sql = connect(queueUrl(), { applicationName: 'pandect doctor' });
    try {
      const rows = await within(SECONDS, selectDepths(sql, new Map()));
      return c.json(Object.fromEntries(rows.map(({ queue, ...depth }) => [queue, depth])));
    } catch {
      return c.json(null);
    } finally {
      await sql.end({ timeout: 0 });
    }
  });
  return app;
}
