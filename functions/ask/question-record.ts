import { and, desc, eq, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { conversations } from '../../db/schema/conversations.ts';
import { messages } from '../../db/schema/messages.ts';
import { organizations } from '../../db/schema/organizations.ts';
import type { Turn } from '../../platform/capabilities/ai/index.ts';
import type { Keep } from '../../platform/capabilities/idempotency/index.ts';
import type { Caller } from '../../platform/capabilities/identity/index.ts';
import {
  type Plan,
  type QuestionReservation,
  releaseQuestion,
  reserveQuestion,
} from '../../platform/capabilities/limits/index.ts';
import { recordUsage } from '../../platform/capabilities/usage/index.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import type { Answer, Produced, Question } from './answer.ts';

/** A question that the plan has room for, and what is needed to answer it. */
export interface Admission {
  plan: Plan;
  reservation: QuestionReservation;
  documentsVersion: number;
  /** Earlier turns of the conversation, oldest first. */
  history: Turn[];
}

const TURNS = 6;

/** Counts the question, or refuses it and changes nothing. @throws Problem */
export const admitQuestion = (
  database: Database,
  { organizationId, userId }: Caller,
  { conversationId }: Question,
  at: Date,
): Promise<Admission> =>
  database.tenant(organizationId, async (tx) => {
    let history: Turn[] = [];
    if (conversationId !== undefined) {
      const [own] = await tx
        .select()
        .from(conversations)
        .where(and(eq(conversations.id, conversationId), eq(conversations.userId, userId)));
      if (!own) throw new Problem('not-found');
      const turns = await tx
        .select({ role: messages.role, content: messages.content })
        .from(messages)
        .where(eq(messages.conversationId, conversationId))
        .orderBy(desc(messages.createdAt))
        .limit(TURNS);
      history = turns.toReversed();
    }
    const { plan, reservation } = await reserveQuestion(tx, organizationId, at);
    const [organization] = await tx
      .select({ documentsVersion: organizations.documentsVersion })
      .from(organizations)
      .where(eq(organizations.id, organizationId));
    return { plan, reservation, history, documentsVersion: organization?.documentsVersion ?? 0 };
  });

/** Stores question, answer, what they cost and the result to keep in one transaction. Without a conversation one is begun. */
export const settleQuestion = (
  database: Database,
  caller: Caller,
  { question, conversationId }: Question,
  { reservation }: Admission,
  produced: Produced,
  keep: Keep<Answer>,
): Promise<Answer> =>
  database.tenant(caller.organizationId, async (tx) => {
    const { organizationId, userId } = caller;
    const { modelReason, ...answer } = produced;
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
      citations: answer.citations,
      model: answer.model,
    });
    await recordUsage(tx, caller, {
      action: 'ai_query',
      model: answer.model,
      ...answer.usage,
      metadata: { cached: answer.cached, answered: answer.answered, modelReason, ...reservation },
    });
    const settled = { ...answer, conversationId: id };
    await keep(tx, settled);
    return settled;
  });

/** Gives a question back that got no answer. */
export const abandonQuestion = (
  database: Database,
  { organizationId }: Caller,
  { reservation }: Admission,
): Promise<void> => database.tenant(organizationId, (tx) => releaseQuestion(tx, organizationId, reservation));
