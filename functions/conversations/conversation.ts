import { z } from '@hono/zod-openapi';
import { and, eq, getTableColumns, isNotNull, or, type SQL, sql } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { conversationReaders } from '../../db/schema/legal/conversation-readers.ts';
import { conversations } from '../../db/schema/legal/conversations.ts';
import { users } from '../../db/schema/people/users.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import { notFound } from '../../platform/kernel/problems.ts';
import type { Caller } from '../../platform/runtime/http/caller.ts';

const personSchema = z.strictObject({ userId: z.uuid(), email: z.string() });

export const conversationSchema = z
  .strictObject({
    id: z.uuid(),
    title: z.string().openapi({ description: 'Beginning of the first question, until the conversation is renamed' }),
    owner: personSchema.openapi({ description: 'Whose conversation it is' }),
    isOwn: z.boolean().openapi({ description: 'The caller may continue, rename, share and delete it' }),
    sharedAt: z.iso.datetime().nullable().openapi({
      description: 'Since when all members of the organization may read it; null: its owner and `readers`',
    }),
    readers: z.array(personSchema).openapi({ description: 'Members who may read it while it is not shared with all' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi('Conversation');

type Person = z.output<typeof personSchema>;

export type ConversationRow = typeof conversations.$inferSelect & { email: string; readers: Person[] };

const readersOf = sql<Person[]>`(
  select coalesce(json_agg(json_build_object('userId', reader.id, 'email', reader.email) order by reader.email), '[]')
  from ${conversationReaders} join ${users} as reader on reader.id = ${conversationReaders.userId}
  where ${conversationReaders.conversationId} = ${conversations.id})`;

/** A conversation with its owner's address and its readers, from `conversations` joined with its owner in `users`. */
export const shownColumns = { ...getTableColumns(conversations), email: users.email, readers: readersOf };
export const isOwner = eq(users.id, conversations.userId);

/** Whether a conversation is shared with a chosen member. */
export const isSharedWith = (userId: string): SQL =>
  sql`exists (select from ${conversationReaders}
    where ${conversationReaders.conversationId} = ${conversations.id} and ${conversationReaders.userId} = ${userId})`;

export const toConversation = (row: ConversationRow, caller: Caller): z.output<typeof conversationSchema> => ({
  id: row.id,
  title: row.title,
  owner: { userId: row.userId, email: row.email },
  isOwn: row.userId === caller.userId,
  sharedAt: row.sharedAt?.toISOString() ?? null,
  readers: row.readers,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

/** Which conversation, if it is the caller's own. */
export const ownConversation = (id: string, caller: Caller) =>
  and(eq(conversations.id, id), eq(conversations.userId, caller.userId));

const find = async (tx: Transaction, which: ReturnType<typeof and>): Promise<ConversationRow> => {
  const [row] = await tx.select(shownColumns).from(conversations).innerJoin(users, isOwner).where(which);
  if (!row) throw new Problem(notFound);
  return row;
};

/** One of the caller's own. @throws Problem not-found, also for somebody else's */
export const findOwnConversation = (tx: Transaction, id: string, caller: Caller): Promise<ConversationRow> =>
  find(tx, ownConversation(id, caller));

/** One that the caller may read: an own one, or one that its owner shares with all or with them. @throws Problem not-found */
export const findConversation = (tx: Transaction, id: string, { userId }: Caller): Promise<ConversationRow> =>
  find(
    tx,
    and(
      eq(conversations.id, id),
      or(eq(conversations.userId, userId), isNotNull(conversations.sharedAt), isSharedWith(userId)),
    ),
  );
