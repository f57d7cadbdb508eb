import { eq, sql } from 'drizzle-orm';
import { HTTPException } from 'hono/http-exception';
import { createDatabase, type Transaction } from '../../../db/client.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';
import { users } from '../../../db/schema/people/users.ts';

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

/** Runs one command of the operator in a transaction. */
export async function asOperator<T>(databaseUrl: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const database = createDatabase({ url: databaseUrl, connections: 1, applicationName: 'pandect admin' });
  try {
    return await database.transaction(work);
  } finally {
    await database.close();
  }
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

/** @param action what is refused, such as `Confirm address of` @throws HTTPException when no account has the address */
export async function requireAccount(tx: Transaction, email: string, action: string): Promise<User> {
  const user = await holdAccount(tx, email);
  if (!user) throw new HTTPException(404, { message: `${action} "${email}": no account has this address` });
  return user;
}

export async function showAccount(tx: Transaction, user: User): Promise<ShownAccount> {
  const [organization] = await tx.select().from(organizations).where(eq(organizations.id, user.organizationId));
  return {
    ...{ id: user.id, email: user.email, organization: organization?.name ?? '', role: user.role },
    createdAt: user.createdAt.toISOString(),
    confirmedAt: user.emailConfirmedAt?.toISOString() ?? null,
    administrator: user.administrator,
  };
}
