import { z } from '@hono/zod-openapi';
import { and, eq, isNotNull, or } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { conversations } from '../../db/schema/legal/conversations.ts';
import { users } from '../../db/schema/people/users.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import { notFound } from '../../platform/kernel/problems.ts';
import type { Caller } from '../../platform/runtime/http/caller.ts';

export const conversationSchema = z
  .strictObject({
    id: z.uuid(),
    title: z.string().openapi({ description: 'Beginning of the first question, until the conversation is renamed' }),
    owner: z.strictObject({ userId: z.uuid(), email: z.string() }).openapi({ description: 'Whose conversation it is' }),
    isOwn: z.boolean().openapi({ description: 'The caller may continue, rename, share and delete it' }),
    sharedAt: z.iso
      .datetime()
      .nullable()
      .openapi({ description: 'Since when all members of the organization may read it; null: its owner alone' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi('Conversation');

export type ConversationRow = typeof conversations.$inferSelect & { email: string };

/** Columns of a conversation with its owner's address. */
export const conversationsWithOwners = (tx: Transaction) =>
  tx
    .select({ conversation: conversations, email: users.email })
    .from(conversations)
    .innerJoin(users, eq(users.id, conversations.userId));

export const toConversation = (row: ConversationRow, caller: Caller): z.output<typeof conversationSchema> => ({
  id: row.id,
  title: row.title,
  owner: { userId: row.userId, email: row.email },
  isOwn: row.userId === caller.userId,
  sharedAt: row.sharedAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

/** Which conversation, if it is the caller's own. */
export const ownConversation = (id: string, caller: Caller) =>
  and(eq(conversations.id, id), eq(conversations.userId, caller.userId));

const find = async (tx: Transaction, which: ReturnType<typeof and>): Promise<ConversationRow> => {
  const [row] = await conversationsWithOwners(tx).where(which);
  if (!row) throw new Problem(notFound);
  return { ...row.conversation, email: row.email };
};

/** One of the caller's own. @throws Problem not-found, also for somebody else's */
export const findOwnConversation = (tx: Transaction, id: string, caller: Caller): Promise<ConversationRow> =>
  find(tx, ownConversation(id, caller));

/** One that the caller may read: an own one, or one that its owner shares. @throws Problem not-found */
export const findConversation = (tx: Transaction, id: string, caller: Caller): Promise<ConversationRow> =>
  find(
    tx,
    and(eq(conversations.id, id), or(eq(conversations.userId, caller.userId), isNotNull(conversations.sharedAt))),
  );
