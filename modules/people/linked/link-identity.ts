import { and, eq, or } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { linkedIdentities } from '../../../db/schema/people/linked-identities.ts';
import { recordAct } from '../record-act.ts';
import { useLinkCode } from './link-code.ts';

/** Who wrote to a bot, as the messenger says. */
export interface Sender {
  organizationId: string;
  botId: string;
  subject: string;
  chatId: string;
}

/**
 * Links who sent a code to the account that it was made for. Of one bot an account has one person and a person one account: what was linked
 * before is not any more.
 * @returns the account; undefined when the code does not work
 */
export async function linkIdentity(
  tx: Transaction,
  { organizationId, botId, subject, chatId }: Sender,
  code: string,
): Promise<string | undefined> {
  const userId = await useLinkCode(tx, code, botId);
  if (userId === undefined) return undefined;
  const earlier = or(eq(linkedIdentities.subject, subject), eq(linkedIdentities.userId, userId));
  await tx.delete(linkedIdentities).where(and(eq(linkedIdentities.botId, botId), earlier));
  await tx.insert(linkedIdentities).values({ organizationId, userId, botId, subject, chatId });
  await recordAct(tx, { organizationId, actorId: userId, action: 'link-identity', target: userId, details: { botId } });
  return userId;
}

/** The account of who wrote to a bot, if one is linked. */
export async function linkedAccount(
  tx: Transaction,
  { botId, subject }: Pick<Sender, 'botId' | 'subject'>,
): Promise<string | undefined> {
  const [row] = await tx
    .select({ userId: linkedIdentities.userId })
    .from(linkedIdentities)
    .where(and(eq(linkedIdentities.botId, botId), eq(linkedIdentities.subject, subject)));
  return row?.userId;
}

/** Ends the link of who wrote to a bot, as `/delete` there does. */
export async function unlinkSender(
  tx: Transaction,
  { botId, subject }: Pick<Sender, 'botId' | 'subject'>,
): Promise<void> {
  await tx
    .delete(linkedIdentities)
    .where(and(eq(linkedIdentities.botId, botId), eq(linkedIdentities.subject, subject)));
}

/** Ends all links of an account. */
export async function unlinkAllOf(tx: Transaction, userId: string): Promise<void> {
  await tx.delete(linkedIdentities).where(eq(linkedIdentities.userId, userId));
}

/** Ends all links of a bot. */
export async function unlinkBot(tx: Transaction, botId: string): Promise<void> {
  await tx.delete(linkedIdentities).where(eq(linkedIdentities.botId, botId));
}
