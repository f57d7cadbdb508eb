import { and, eq, gt, isNull, lt, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { emailTokens } from '../../../db/schema/people/email-tokens.ts';
import type { Notifications } from '../../../platform/capabilities/outbox/index.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { digest, newSecret } from '../identity/index.ts';
import { invalidEmailToken } from '../problems.ts';
import type { Person } from './person.ts';

type Purpose = (typeof emailTokens.$inferSelect)['purpose'];

/** Hours that a token is good for. */
const lives: Record<Purpose, number> = { 'reset-password': 1, 'confirm-email': 72 };

/** E-mails a token, unless one for the same was sent within the last minute: no one's mailbox is to be filled. */
export async function sendEmailToken(
  tx: Transaction,
  { notifications }: { notifications: Notifications },
  { id: userId, organizationId, email, language }: Person,
  purpose: Purpose,
): Promise<void> {
  const lately = and(
    eq(emailTokens.userId, userId),
    eq(emailTokens.purpose, purpose),
    gt(emailTokens.createdAt, sql`now() - interval '1 minute'`),
  );
  if ((await tx.$count(emailTokens, lately)) > 0) return;
  const token = newSecret();
  const expiresAt = new Date(Date.now() + lives[purpose] * 3600 * 1000);
  const [row] = await tx
    .insert(emailTokens)
    .values({ userId, purpose, tokenHash: digest(token), expiresAt })
    .returning();
  if (!row) throw new Error('Make e-mail token: no row came back');
  const mail = { organizationId, email, language, reference: row.id, parameters: { token } };
  await notifications.send(tx, { kind: purpose, ...mail });
}

/** Uses up a token, and with it all others for the same. @returns whose it was @throws Problem invalid-email-token */
export async function useEmailToken(tx: Transaction, token: string, purpose: Purpose): Promise<string> {
  const [used] = await tx
    .update(emailTokens)
    .set({ usedAt: sql`now()` })
    .where(
      and(
        eq(emailTokens.tokenHash, digest(token)),
        eq(emailTokens.purpose, purpose),
        isNull(emailTokens.usedAt),
        gt(emailTokens.expiresAt, sql`now()`),
      ),
    )
    .returning();
  if (!used) throw new Problem(invalidEmailToken);
  await tx
    .update(emailTokens)
    .set({ usedAt: sql`now()` })
    .where(and(eq(emailTokens.userId, used.userId), eq(emailTokens.purpose, purpose), isNull(emailTokens.usedAt)));
  return used.userId;
}

/** Removes tokens that have expired. @returns how many rows went */
export async function forgetEmailTokens(tx: Transaction, now: Date): Promise<number> {
  const gone = await tx.delete(emailTokens).where(lt(emailTokens.expiresAt, now)).returning();
  return gone.length;
}
