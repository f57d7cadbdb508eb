import { createRoute, z } from '@hono/zod-openapi';
import { sql } from 'drizzle-orm';
import type { Database } from '../../../../db/client.ts';
import { bearer, json, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { type ConsoleDeps, readProblems } from '../../perform.ts';

const botSchema = z
  .object({
    id: z.string(),
    organizationId: z.string(),
    username: z.string(),
    skills: z.array(z.string()),
    state: z.string(),
    delivery: z.string(),
    createdAt: z.string(),
    people: z.int(),
    blocked: z.int().openapi({ description: 'People who have blocked it' }),
    waitingUpdates: z.int(),
    readingsToday: z.int(),
  })
  .openapi('ConsoleBot');

const route = createRoute({
  method: 'get',
  path: '/api/operator/bots',
  operationId: 'listConsoleBots',
  tags: ['console'],
  summary: 'Bots of all organizations by numbers; no dialogue is shown',
  security: bearer,
  request: { query: z.object({ organization: z.uuid().optional() }) },
  responses: { 200: json(z.array(botSchema), 'Bots'), ...problems(...readProblems) },
});

const MOST = 1_000;
const storedSchema = z.array(
  botSchema.omit({ people: true, blocked: true, waitingUpdates: true, readingsToday: true }),
);

export function listBots(router: Router, { database, supervisor }: ConsoleDeps): void {
  router.openapi(route, async (c) => {
    const { organization } = c.req.valid('query');
    const bots = await supervisor.ask('/operator/bots/list', { organization, limit: MOST }, storedSchema);
    const counts = await countsOf(
      database,
      bots.map(({ id }) => id),
    );
    const none = { people: 0, blocked: 0, waitingUpdates: 0, readingsToday: 0 };
    return c.json(
      bots.map((bot) => ({ ...bot, ...none, ...counts.get(bot.id) })),
      200,
    );
  });
}

interface Counts {
  people: number;
  blocked: number;
  waitingUpdates: number;
  readingsToday: number;
}

async function countsOf(database: Pick<Database, 'transaction'>, ids: readonly string[]): Promise<Map<string, Counts>> {
  if (ids.length === 0) return new Map();
  const rows = await database.transaction((tx) =>
    tx.execute<Record<string, unknown>>(sql`
      select b.id,
        (select count(*)::int from bot_users u where u.bot_id = b.id) as people,
        (select count(*)::int from bot_users u where u.bot_id = b.id and u.blocked_at is not null) as blocked,
        (select count(*)::int from bot_updates u where u.bot_id = b.id and u.handled_at is null) as "waitingUpdates",
        (select count(*)::int from readings r join bot_users u on u.id = r.bot_user_id
          where u.bot_id = b.id and r.created_at >= date_trunc('day', now() at time zone 'utc') at time zone 'utc') as "readingsToday"
      from bots b where b.id = any(${sql.param([...ids])}::uuid[])`),
  );
  return new Map([...rows].map(({ id, ...counts }) => [String(id), counts as unknown as Counts]));
}
