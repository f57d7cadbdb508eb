import { and, asc, eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { linkedIdentities } from '../../../db/schema/people/linked-identities.ts';
import { users } from '../../../db/schema/people/users.ts';

/** The chats in which the person with an address wants letters as well. */
export const chatsForLetters = (
  tx: Transaction,
  { organizationId, email }: { organizationId: string; email: string },
): Promise<{ botId: string; chatId: string }[]> =>
  tx
    .select({ botId: linkedIdentities.botId, chatId: linkedIdentities.chatId })
    .from(linkedIdentities)
    .innerJoin(users, eq(users.id, linkedIdentities.userId))
    .where(
      and(
        eq(linkedIdentities.organizationId, organizationId),
        eq(linkedIdentities.letters, true),
        eq(sql`lower(${users.email})`, email.toLowerCase()),
      ),
    )
    .orderBy(asc(linkedIdentities.createdAt), asc(linkedIdentities.id));
