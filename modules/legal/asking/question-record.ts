import { and, desc, eq, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { conversations } from '../../../db/schema/legal/conversations.ts';
import { messages } from '../../../db/schema/legal/messages.ts';
import type { Keep } from '../../../platform/capabilities/idempotency/index.ts';
import type { Notifications } from '../../../platform/capabilities/outbox/index.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { notFound } from '../../../platform/kernel/problems.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { tellReserved } from '../../commerce/metering/index.ts';
import type { MeteredCall } from '../../models/index.ts';
import type { Turn } from '../question/index.ts';
import type { Answer, Produced, Question } from './answer.ts';

const TURNS = 6;

/** Earlier turns of the caller's own conversation, oldest first. @throws Problem not-found */
export async function readHistory(
  database: Database,
  { organizationId, userId }: Caller,
  conversationId: string | undefined,
): Promise<Turn[]> {
  if (conversationId === undefined) return [];
  return database.tenant(organizationId, async (tx) => {
    const [own] = await tx
      .select({ id: conversations.id })
      .from(conversations)
      .where(and(eq(conversations.id, conversationId), eq(conversations.userId, userId)));
    if (!own) throw new Problem(notFound);
    const turns = await tx
      .select({ role: messages.role, content: messages.content })
      .from(messages)
      .where(eq(messages.conversationId, conversationId))
      .orderBy(desc(messages.createdAt))
      .limit(TURNS);
    return turns.toReversed();
  });
}

/**
 * Stores question, answer, what they cost and the result to keep in one transaction, and writes to whom a limit that is near
 * concerns. Without a conversation one is begun.
 */
export const storeAnswer = (
  { database, notifications }: { database: Database; notifications: Notifications },
  { organizationId, userId }: Caller,
  { question, conversationId }: Question,
  call: MeteredCall,
  answer: Produced,
  keep: Keep<Answer>,
): Promise<Answer> =>
  database.tenant(organizationId, async (tx) => {
    const id = conversationId ?? crypto.randomUUID();
    await tx
      .insert(conversations)
      .values({ id, organizationId, userId, title: question.slice(0, 120) })
      .onConflictDoUpdate({ target: conversations.id, set: { updatedAt: sql`now()` } });
    await tx.insert(messages).values({ conversationId: id, organizationId, role: 'user', content: question });
    await tx.insert(messages).values({
      conversationId: id,
      organizationId,
      role: 'assistant',
      content: answer.answer,
      answered: answer.answered,
      incomplete: answer.incomplete,
      citations: answer.citations,
      model: answer.model,
    });
    const stored = { ...answer, conversationId: id };
    await keep(tx, stored);
    const { plan, used, at } = call.admitted;
    await tellReserved(tx, notifications, organizationId, {
      at,
      units: [
        {
          unit: 'question',
          day: { used: used.day, limit: plan.questionsPerDay },
          month: { used: used.month, limit: plan.questionsPerMonth },
        },
      ],
    });
    // Last, since it locks the organization's row until the end.
    await call.settle(tx, { answered: answer.answered, ...answer.metadata });
    return stored;
  });
