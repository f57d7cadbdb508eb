import { createRoute, z } from '@hono/zod-openapi';
import { and, eq, inArray, or, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { newestFirst } from '../../../db/newest-first.ts';
import { conversationReaders } from '../../../db/schema/legal/conversation-readers.ts';
import { conversations } from '../../../db/schema/legal/conversations.ts';
import { messages } from '../../../db/schema/legal/messages.ts';
import { users } from '../../../db/schema/people/users.ts';
import { preparedByConditions, prepareSelect } from '../../../db/statements/prepared-statement.ts';
import { invalidRequest, unauthenticated } from '../../../platform/kernel/problems.ts';
import { nextCursor, pageQuery, readCursor } from '../../../platform/runtime/http/cursor.ts';
import { bearer, json, problems, words } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { conversationSchema, isOwner, shownColumns, toConversation } from '../conversation.ts';
import { excerptOf, searchTerms } from '../search-terms.ts';

const listedSchema = z
  .strictObject({
    ...conversationSchema.shape,
    excerpt: z.string().nullable().openapi({
      description: 'Part of a message that holds the words of `q`; null without `q`, or if only the title does',
    }),
  })
  .openapi('ListedConversation');

const route = createRoute({
  method: 'get',
  path: '/api/conversations',
  operationId: 'listConversations',
  tags: ['conversations'],
  summary: 'Conversations, newest first',
  description:
    'Your own ones, or those that members of your organization share with all of it or with you, and your own ones that you share, by the time at which they were shared.',
  security: bearer,
  request: {
    query: pageQuery.extend({
      view: z.enum(['own', 'shared']).default('own'),
      q: words(200)
        .optional()
        .openapi({ description: 'Words in any of their forms, all in the title or all in one message' }),
    }),
  },
  responses: {
    200: json(z.strictObject({ items: z.array(listedSchema), nextCursor: z.string().nullable() }), 'A page'),
    ...problems(invalidRequest, unauthenticated),
  },
});

const placeholder = sql.placeholder;
/** Without it, the caller's own ones. */
type Condition = 'shared' | 'after' | 'terms';

export function listConversations(router: Router, { database }: { database: Database }): void {
  const selectBy = preparedByConditions((given: ReadonlySet<Condition>) => {
    const at = given.has('shared') ? sharedAt : conversations.createdAt;
    const { order, after } = newestFirst(at, conversations.id);
    const where = and(
      given.has('shared') ? inArray(conversations.id, sharedOnes) : eq(conversations.userId, userId),
      given.has('after') ? after({ at: placeholder('at'), id: placeholder('id') }) : undefined,
      given.has('terms') ? or(holdsTerms(conversations.title), sql`exists ${matching}`) : undefined,
    );
    const rest = sql`from ${conversations} join ${users} on ${isOwner} where ${where}
      order by ${sql.join(order, sql`, `)} limit ${placeholder('limit')}`;
    return prepareSelect({ ...shownColumns, at: sql`${at}`.mapWith(conversations.createdAt) }, rest);
  });
  const selectExcerpts = prepareExcerpts();
  router.openapi(route, async (c) => {
    const { cursor, limit, view, q } = c.req.valid('query');
    const { caller } = c.var;
    const after = readCursor(cursor);
    const terms = searchTerms(q ?? '');
    const patterns = JSON.stringify(terms.map((term) => `%${term.toWellFormed().replaceAll(/[\\%_]/g, '\\$&')}%`));
    const given = Object.entries({ shared: view === 'shared', after: after !== undefined, terms: terms.length > 0 });
    const select = selectBy(given.flatMap(([name, isGiven]) => (isGiven ? [name as Condition] : [])));
    const rows = await select(database, caller.organizationId, {
      ...{ userId: caller.userId, terms: patterns, limit: limit + 1 },
      ...{ at: after?.at ?? null, id: after?.id ?? null },
    });
    const ids = `{${rows.map(({ id }) => id).join(',')}}`;
    const found =
      terms.length > 0 && rows.length > 0
        ? await selectExcerpts(database, caller.organizationId, { ids, terms: patterns })
        : [];
    const excerpts = new Map(found.map(({ id, content }) => [id, excerptOf(content, terms)]));
    const shown = rows.slice(0, limit);
    const items = shown.map((row) => ({ ...toConversation(row, caller), excerpt: excerpts.get(row.id) ?? null }));
    const positions = shown.map(({ id, at }) => ({ id, createdAt: at.toISOString() }));
    return c.json({ items, nextCursor: nextCursor(positions, rows.length > limit) }, 200);
  });
}

const userId = sql`${placeholder('userId')}::uuid`;

/** Since when the caller may read a shared conversation; of an own one, since when the newest of its readers may. */
const sharedAt = sql`coalesce(${conversations.sharedAt}, (
    select max(${conversationReaders.sharedAt}) from ${conversationReaders}
    where ${conversationReaders.conversationId} = ${conversations.id}
    and ${userId} in (${conversationReaders.userId}, ${conversations.userId})))`;

const sharedOnes = sql`(
  select id from ${conversations} where ${conversations.sharedAt} is not null
  union all
  select ${conversationReaders.conversationId} from ${conversationReaders} where ${conversationReaders.userId} = ${userId}
  union all
  select ${conversations.id} from ${conversations} join ${conversationReaders} on ${conversationReaders.conversationId} = ${conversations.id}
  where ${conversations.userId} = ${userId})`;

/** Whether a text holds all of the terms, which are given as patterns. */
const holdsTerms = (text: typeof conversations.title | typeof messages.content): SQL =>
  sql`replace(lower(${text}), 'ё', 'е') like all (select jsonb_array_elements_text(${placeholder('terms')}::jsonb))`;

const matching = sql`(
  select from ${messages} where ${messages.conversationId} = ${conversations.id} and ${holdsTerms(messages.content)})`;

/** Of the newest message in each conversation that holds the terms. */
const prepareExcerpts = () =>
  prepareSelect(
    {
      id: messages.conversationId,
      content: sql<string>`(array_agg(${messages.content} order by ${messages.createdAt} desc))[1]`,
    },
    sql`from ${messages} where ${messages.conversationId} = any(${placeholder('ids')}::uuid[]) and ${holdsTerms(messages.content)}
      group by ${messages.conversationId}`,
  );
