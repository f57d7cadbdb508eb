import { ReadableStream } from 'node:stream/web';
import { createRoute, z } from '@hono/zod-openapi';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach } from 'vitest';
import type { Database } from '../../../db/client.ts';
import { dailyQuestionsUsed } from '../../../modules/commerce/problems.ts';
import { defineFunction } from '../../kernel/manifest.ts';
import { Problem } from '../../kernel/problem.ts';
import { type TestApp, testApp } from '../../testing/app.ts';
import { testDatabase } from '../../testing/database.ts';
import type { TestEnvironment } from '../../testing/process.ts';
import { database as databaseProvider } from '../providers/database.ts';
import type { WriteProblem } from '../write-problem.ts';
import { jsonBody } from './operation.ts';
import { createRouter } from './router.ts';

const echo = createRoute({
  method: 'post',
  path: '/api/probe/echo',
  request: { body: jsonBody(z.strictObject({ name: z.string().min(1).max(10), count: z.int().optional() })) },
  responses: { 200: { description: 'The name' } },
});

const manifest = defineFunction({
  mount: ['/api/probe'],
  database: 'tenant',
  timeout: 1,
  body: 1000,
});

/** Bodies that were let go of before their end. */
export const ended: string[] = [];

const module = {
  provide: { database: databaseProvider },
  createApp({ database: db }: { database: Database }) {
    const router = createRouter();
    router.openapi(echo, (c) => c.json({ name: c.req.valid('json').name }, 200));
    router.post('/api/probe/read', async (c) => c.text(String((await c.req.text()).length)));
    router.get('/api/probe/items/:id', (c) => c.text(c.req.param('id')));
    router.get('/api/probe/problem', () => {
      throw new Problem(dailyQuestionsUsed, { parameters: { limit: 10 }, headers: { 'retry-after': '60' } });
    });
    router.get('/api/probe/limit-of/:organizationId', (c) => {
      const { organizationId } = c.req.param();
      c.set('caller', { organizationId, userId: 'user', role: 'member' });
      throw new Problem(dailyQuestionsUsed, { parameters: { limit: 10 } });
    });
    router.get('/api/probe/secret', () => {
      throw new Error('password of the vault is 1234');
    });
    router.get('/api/probe/query', async (c) => {
      const words = c.req.query('words') ?? '';
      await db.transaction((tx) => tx.execute(sql`select ${words}::int`));
      return c.text('');
    });
    router.get('/api/probe/body', (c) => {
      const body = new ReadableStream({ cancel: () => void ended.push(c.req.query('of') ?? '') });
      return c.body(body as never, 200, { 'content-length': '5' });
    });
    router.get('/api/probe/slow', async (c) => {
      await new Promise((resolve) => setTimeout(resolve, 1500));
      return c.text('late');
    });
    return router;
  },
};

/** A function with an operation for each thing that all functions have, composed as any is; closed after each test. */
export async function probes(): Promise<
  (environment?: TestEnvironment, form?: { writeProblem: WriteProblem }) => Promise<TestApp>
> {
  const database = await testDatabase();
  const apps: TestApp[] = [];
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.close();
  });
  afterAll(() => database.close());
  return async (environment = {}, form) => {
    const app = await testApp(database, { name: 'probe', manifest, module: { ...module, ...form } }, { environment });
    apps.push(app);
    return app;
  };
}
