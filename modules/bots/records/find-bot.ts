import { eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { bots } from '../../../db/schema/bots/bots.ts';
import { users } from '../../../db/schema/people/users.ts';
import type { Bot } from '../contract.ts';
import { toBot } from './to-bot.ts';

export type BotRow = typeof bots.$inferSelect;

/** A bot with what only the platform knows of it. In a transaction of its organization. */
export async function findBotRow(tx: Transaction, id: string): Promise<BotRow | undefined> {
  const [row] = await tx.select().from(bots).where(eq(bots.id, id));
  return row;
}

/** A bot, and whether it answers people at the moment. */
export async function findBot(tx: Transaction, id: string): Promise<{ bot: Bot; isAnswering: boolean } | undefined> {
  const row = await findBotRow(tx, id);
  if (!row) return undefined;
  const createdBy = row.createdBy ?? (await ownerOf(tx, row.organizationId));
  return { bot: toBot(row, createdBy), isAnswering: row.state !== 'stopped' };
}

/** Who answers for a bot whose maker has left. */
async function ownerOf(tx: Transaction, organizationId: string): Promise<string> {
  const [row] = await tx
    .select({ id: users.id })
    .from(users)
    .where(eq(users.organizationId, organizationId))
    .orderBy(sql`${users.role} <> 'owner'`, users.createdAt)
    .limit(1);
  if (!row) throw new Error('Find bot: its organization has no people');
  return row.id;
}
