import { and, eq } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { botUsers } from '../../../db/schema/bots/bot-users.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { notFound } from '../../../platform/kernel/problems.ts';
import { grantUnits, readWallet } from '../../commerce/wallets/index.ts';
import { recordAct } from '../../people/record-act.ts';
import type { BotUnit } from '../contract.ts';

export interface UserGrant {
  organizationId: string;
  botId: string;
  userId: string;
  /** Who gives: a person of the organization. */
  actorId: string;
  unit: BotUnit;
  amount: number;
  reason: string;
  /** Names the grant: the same one is given once. */
  reference: string;
  expiresAt?: Date | undefined;
}

/**
 * Gives a person of a bot units, once for each reference, with an entry in the audit log.
 * @returns whether it was given now, and what the person has bought or was given and not used
 * @throws Problem not-found
 */
export async function grantToUser(tx: Transaction, grant: UserGrant): Promise<{ given: boolean; bought: number }> {
  const { organizationId, botId, userId, actorId, unit, amount, reason, reference, expiresAt } = grant;
  const [user] = await tx
    .select({ walletId: botUsers.walletId })
    .from(botUsers)
    .where(and(eq(botUsers.id, userId), eq(botUsers.botId, botId), eq(botUsers.organizationId, organizationId)));
  if (!user) throw new Problem(notFound);
  const { walletId } = user;
  const given = await grantUnits(tx, {
    ...{ organizationId, walletId, unit, amount, reason, reference, expiresAt },
    by: `user ${actorId}`,
  });
  const details = { unit, amount, reason, reference };
  if (given) await recordAct(tx, { organizationId, actorId, action: 'grant-units', target: userId, details });
  const { units } = await readWallet(tx, walletId);
  return { given, bought: units.find((one) => one.unit === unit)?.bought ?? 0 };
}
