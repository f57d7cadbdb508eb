import { createRoute, z } from '@hono/zod-openapi';
import { and, desc, eq, inArray, or, type SQL, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import { conversationReaders } from '../../../db/schema/legal/conversation-readers.ts';
import { conversations } from '../../../db/schema/legal/conversations.ts';
import { messages } from '../../../db/schema/legal/messages.ts';
import { users } from '../../../db/schema/people/users.ts';
import { invalidRequest, unauthenticated } from '../../../platform/kernel/problems.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
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

export function listConversations(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { cursor, limit, view, q } = c.req.valid('query');
    const { caller } = c.var;
    const after = readCursor(cursor);
    const terms = searchTerms(q ?? '');
    const at = view === 'own' ? conversations.createdAt : sharedAt(caller);
    const { rows, excerpts } = await database.tenant(caller.organizationId, async (tx) => {
      const rows = await tx
        .select({ ...shownColumns, at })
        .from(conversations)
        .innerJoin(users, isOwner)
        .where(
          and(
            view === 'own' ? eq(conversations.userId, caller.userId) : inArray(conversations.id, sharedOnes(caller)),
            after && sql`(${at}, ${conversations.id}) < (${after.at}::timestamptz, ${after.id}::uuid)`,
            terms.length > 0 ? or(holds(conversations.title, terms), sql`exists ${matching(tx, terms)}`) : undefined,
          ),
        )
        .orderBy(desc(at), desc(conversations.id))
        .limit(limit + 1);
      const ids = rows.map(({ conversation }) => conversation.id);
      return { rows, excerpts: terms.length > 0 && ids.length > 0 ? await readExcerpts(tx, ids, terms) : new Map() };
    });
    const shown = rows.slice(0, limit);
    const items = shown.map(({ conversation, email, readers }) => ({
      ...toConversation({ ...conversation, email, readers }, caller),
      excerpt: excerpts.get(conversation.id) ?? null,
    }));
    const positions = shown.map(({ conversation: { id }, at }) => ({ id, createdAt: at.toISOString() }));
    return c.json({ items, nextCursor: nextCursor(positions, rows.length > limit) }, 200);
  });
}

/** Since when the caller may read a shared conversation; of an own one, since when the newest of its readers may. */
const sharedAt = ({ userId }: Caller) =>
  sql`coalesce(${conversations.sharedAt}, (
    select max(${conversationReaders.sharedAt}) from ${conversationReaders}
    where ${conversationReaders.conversationId} = ${conversations.id}
    and ${userId} in (${conversationReaders.userId}, ${conversations.userId})))`.mapWith(conversations.sharedAt);

const sharedOnes = ({ userId }: Caller) => sql`(
  select id from ${conversations} where ${conversations.sharedAt} is not null
  union all
  select ${conversationReaders.conversationId} from ${conversationReaders} where ${conversationReaders.userId} = ${userId}
  union all
  select ${conversations.id} from ${conversations} join ${conversationReaders} on ${conversationReaders.conversationId} = ${conversations.id}
  where ${conversations.userId} = ${userId})`;

/** Whether a text holds all of the terms. */
const holds = (text: typeof conversations.title | typeof messages.content, terms: readonly string[]): SQL =>
  sql`replace(lower(${text}), 'ё', 'е') like all (array[${sql.join(
    terms.map((term) => sql`${`%${term.replaceAll(/[\\%_]/g, '\\$&')}%`}`),
    sql`, `,
  )}]::text[])`;

const matching = (tx: Transaction, terms: readonly string[]) =>
  tx
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.conversationId, conversations.id), holds(messages.content, terms)));

/** Of the newest message in each conversation that holds the terms. */
async function readExcerpts(
  tx: Transaction,
  ids: readonly string[],
  terms: readonly string[],
): Promise<Map<string, string>> {
  const newest = sql<string>`(array_agg(${messages.content} order by ${messages.createdAt} desc))[1]`;
  const found = await tx
    .select({ id: messages.conversationId, content: newest })
    .from(messages)
    .where(and(inArray(messages.conversationId, [...ids]), holds(messages.content, terms)))
    .groupBy(messages.conversationId);
  return new Map(found.map(({ id, content }) => [id, excerptOf(content, terms)]));
}
