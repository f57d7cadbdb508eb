import { eq, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';
import { users } from '../../../db/schema/people/users.ts';
import { Refused } from '../../../platform/kernel/refused.ts';

type User = typeof users.$inferSelect;

/** An account as an operator is shown it before it gets rights. */
export interface ShownAccount {
  id: string;
  email: string;
  organization: string;
  role: User['role'];
  /** ISO 8601. */
  createdAt: string;
  confirmedAt: string | null;
  administrator: boolean;
}

/** The person with this address, held until the transaction ends. */
export async function holdAccount(tx: Transaction, email: string): Promise<User | undefined> {
  const [user] = await tx
    .select()
    .from(users)
    .where(eq(sql`lower(${users.email})`, email.toLowerCase()))
    .for('no key update');
  return user;
}

/** @param action what is refused, such as `Confirm address of` @throws Refused when no account has the address */
export async function requireAccount(tx: Transaction, email: string, action: string): Promise<User> {
  const user = await holdAccount(tx, email);
  if (!user) throw new Refused('missing', `${action} "${email}": no account has this address`);
  return user;
}

/** The account with this address, or null. */
export const findAccount = (database: Database, email: string): Promise<ShownAccount | null> =>
  database.transaction(async (tx) => {
    const user = await holdAccount(tx, email);
    return user ? showAccount(tx, user) : null;
  });

export async function showAccount(tx: Transaction, user: User): Promise<ShownAccount> {
  const [organization] = await tx.select().from(organizations).where(eq(organizations.id, user.organizationId));
  return {
    ...{ id: user.id, email: user.email, organization: organization?.name ?? '', role: user.role },
    createdAt: user.createdAt.toISOString(),
    confirmedAt: user.emailConfirmedAt?.toISOString() ?? null,
    administrator: user.administrator,
  };
}
