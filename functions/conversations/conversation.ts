import { z } from '@hono/zod-openapi';
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { conversations } from '../../db/schema/legal/conversations.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import { notFound } from '../../platform/kernel/problems.ts';
import type { Caller } from '../../platform/runtime/http/caller.ts';

export type ConversationRow = typeof conversations.$inferSelect;

export const conversationSchema = z
  .strictObject({
    id: z.uuid(),
    title: z.string().openapi({ description: 'Beginning of the first question' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi('Conversation');

export const toConversation = (row: ConversationRow): z.output<typeof conversationSchema> => ({
  id: row.id,
  title: row.title,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

/** Which conversation, if it is the caller's own. */
export const ownConversation = (id: string, caller: Caller) =>
  and(eq(conversations.id, id), eq(conversations.userId, caller.userId));

/** @throws Problem not-found, also for somebody else's */
export async function findConversation(tx: Transaction, id: string, caller: Caller): Promise<ConversationRow> {
  const [row] = await tx.select().from(conversations).where(ownConversation(id, caller));
  if (!row) throw new Problem(notFound);
  return row;
}
