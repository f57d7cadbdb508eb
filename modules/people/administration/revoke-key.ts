import { and, eq, isNull } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { apiKeys } from '../../../db/schema/people/api-keys.ts';
import { Refused } from '../../../platform/kernel/refused.ts';
import { endKey } from '../key-and-earlier.ts';
import { recordAct } from '../record-act.ts';

/**
 * Ends a key of any organization with its earlier secrets, within a second. Its organization reads why in its audit log.
 * @throws Refused `missing`, and `conflict` for one that was revoked before
 */
export const revokeKey = (
  database: Pick<Database, 'transaction'>,
  { id, reason }: { id: string; reason: string },
): Promise<{ id: string; revokedAt: string }> =>
  database.transaction(async (tx) => {
    const [key] = await tx
      .select()
      .from(apiKeys)
      .where(and(eq(apiKeys.id, id), isNull(apiKeys.replacedBy)))
      .for('update');
    if (!key) throw new Refused('missing', `Revoke key "${id}": there is none`);
    if (key.revokedAt) throw new Refused('conflict', `Revoke key "${id}": it was revoked before`);
    const rows = await endKey(tx, id);
    const { organizationId, name, prefix, userId } = key;
    const details = { name, prefix, userId, reason };
    await recordAct(tx, { organizationId, actor: 'operator', action: 'revoke-key', target: id, details });
    return { id, revokedAt: (rows[0]?.revokedAt ?? new Date()).toISOString() };
  });
