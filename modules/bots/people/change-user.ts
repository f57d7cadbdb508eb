import { and, eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { botUsers } from '../../../db/schema/bots/bot-users.ts';
import type { SkillName } from '../contract.ts';

type Changes = Partial<
  Pick<typeof botUsers.$inferInsert, 'language' | 'languageChosen' | 'adultAt' | 'lastSkill' | 'referredBy'>
>;

export async function changeUser(tx: Transaction, id: string, changes: Changes): Promise<void> {
  await tx.update(botUsers).set(changes).where(eq(botUsers.id, id));
}

/** Replaces what a skill remembers of a person; undefined forgets it. */
export async function rememberOf(tx: Transaction, id: string, skill: SkillName, state: unknown): Promise<void> {
  const changed =
    state === undefined
      ? sql`${botUsers.state} - ${skill}::text`
      : sql`${botUsers.state} || ${JSON.stringify({ [skill]: state })}::jsonb`;
  await tx.update(botUsers).set({ state: changed }).where(eq(botUsers.id, id));
}

/** Notes that a chat cannot be written to, or can be again. */
export async function markBlocked(tx: Transaction, botId: string, chatId: string, isBlocked: boolean): Promise<void> {
  await tx
    .update(botUsers)
    .set({ blockedAt: isBlocked ? sql`coalesce(${botUsers.blockedAt}, now())` : null })
    .where(and(eq(botUsers.botId, botId), eq(botUsers.chatId, chatId)));
}
