import { eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';
import { users } from '../../../db/schema/people/users.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { organizationSuspended } from '../problems.ts';

export type Person = typeof users.$inferSelect;

/** The person with this address, in any case. */
export async function personByEmail(tx: Transaction, email: string): Promise<Person | undefined> {
  const [row] = await tx
    .select()
    .from(users)
    .where(eq(sql`lower(${users.email})`, email.toLowerCase()));
  return row;
}

/**
 * A person as they are while this transaction lasts: anyone who changes their role, password or organization waits, and then
 * ends the tokens that were issued here. First the organization and then the person, as those do: the other way round
 * the two could wait for each other.
 * @param change whether the transaction will change the person
 * @returns `undefined` when the person is gone or their organization is being erased
 * @throws Problem organization-suspended
 */
export async function holdPerson(tx: Transaction, id: string, change = false): Promise<Person | undefined> {
  const [organization] = await tx
    .select()
    .from(organizations)
    .where(eq(organizations.id, sql`(select ${users.organizationId} from ${users} where ${users.id} = ${id})`))
    .for('share');
  if (!organization || organization.erasureRequestedAt) return undefined;
  if (organization.suspendedAt) throw new Problem(organizationSuspended);
  const [person] = await tx
    .select()
    .from(users)
    .where(eq(users.id, id))
    .for(change ? 'no key update' : 'share');
  return person;
}
