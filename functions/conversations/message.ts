import { z } from '@hono/zod-openapi';
import { and, desc, eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { messages } from '../../db/schema/legal/messages.ts';
import { citationSchema } from '../../modules/legal/asking/answer.ts';
import { nextCursor, readCursor } from '../../platform/runtime/http/cursor.ts';

export const messageSchema = z
  .strictObject({
    id: z.uuid(),
    role: z.enum(['user', 'assistant']),
    content: z.string(),
    answered: z.boolean().nullable(),
    incomplete: z.boolean().openapi({ description: 'The answer was stopped before its end' }),
    citations: z.array(citationSchema),
    model: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .openapi('Message');

export type ShownMessage = z.output<typeof messageSchema>;

const toMessage = ({
  conversationId: _,
  organizationId: __,
  createdAt,
  ...message
}: typeof messages.$inferSelect): ShownMessage => ({ ...message, createdAt: createdAt.toISOString() });

/**
 * A page of a conversation's messages, newest first. Cursors name the last message by its id: times are more exact in the database than in them.
 * @throws Problem invalid-request for a cursor that is none
 */
export async function readMessages(
  tx: Transaction,
  conversationId: string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<{ items: ShownMessage[]; nextCursor: string | null }> {
  const after = readCursor(cursor);
  const last = sql`(select created_at, id from ${messages} where id = ${after?.id} and conversation_id = ${conversationId})`;
  const rows = await tx
    .select()
    .from(messages)
    .where(
      and(eq(messages.conversationId, conversationId), after && sql`(${messages.createdAt}, ${messages.id}) < ${last}`),
    )
    .orderBy(desc(messages.createdAt), desc(messages.id))
    .limit(limit + 1);
  const items = rows.slice(0, limit).map(toMessage);
  return { items, nextCursor: nextCursor(items, rows.length > limit) };
}
