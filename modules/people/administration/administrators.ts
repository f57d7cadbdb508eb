import { asc, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database, Transaction } from '../../../db/client.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';
import { users } from '../../../db/schema/people/users.ts';
import { Refused } from '../../../platform/kernel/refused.ts';
import { closeSetup } from '../accounts/close-setup.ts';
import { type EndedAccess, endAccess } from '../accounts/end-access.ts';
import { recordAct } from '../record-act.ts';
import { holdAccount, requireAccount, type ShownAccount, showAccount } from './account.ts';
import { hashed, newSecretPassword } from './confirm-account.ts';

export interface Administrator extends EndedAccess {
  email: string;
  organization: string;
  /** Of an account that was made for this; null when there was one. */
  password: string | null;
}

interface NewAdministrator {
  email: string;
  /** The id of the account that the operator was shown; null when there was none. Unset looks at none. */
  account?: string | null | undefined;
  /** Also an account whose address is not confirmed. */
  unconfirmed?: boolean | undefined;
}

/**
 * Makes a person an administrator of the platform. Rights begin with their next sign-in: what they opened before ends.
 * @throws Refused for what is no e-mail address, an unconfirmed one, or another account than was shown
 */
export async function createAdministrator(
  database: Database,
  { email: given, account, unconfirmed = false }: NewAdministrator,
): Promise<Administrator> {
  const parsed = z.email().max(254).safeParse(given);
  if (!parsed.success) throw refused('malformed', given, 'not an e-mail address');
  const email = parsed.data;
  return database.transaction(async (tx) => {
    const user = await holdAccount(tx, email);
    if (account !== undefined && (user?.id ?? null) !== account) {
      throw refused('conflict', email, 'the account has changed, look again');
    }
    if (!user) return add(tx, email);
    if (!user.emailConfirmedAt && !unconfirmed) {
      throw refused('conflict', email, 'its address is not confirmed, so anybody can have registered it');
    }
    return promote(tx, user);
  });
}

const refused = (reason: Refused['reason'], email: string, why: string) =>
  new Refused(reason, `Create administrator "${email}": ${why}`);

async function promote(tx: Transaction, user: typeof users.$inferSelect): Promise<Administrator> {
  const { organizationId, email } = user;
  await tx.update(users).set({ administrator: true }).where(eq(users.id, user.id));
  const { ended } = await endAccess(tx, user, { keys: true });
  const act = { action: 'make-administrator', target: email, details: { ...ended } };
  await recordAct(tx, { organizationId, actor: 'operator', ...act });
  const { organization } = await showAccount(tx, user);
  return { email, organization, password: null, ...ended };
}

async function add(tx: Transaction, email: string): Promise<Administrator> {
  const password = newSecretPassword();
  const passwordHash = await hashed(password);
  const name = 'Administration';
  await closeSetup(tx);
  const [organization] = await tx.insert(organizations).values({ name }).returning();
  if (!organization) throw new Error('Create administrator: no organization came back');
  const organizationId = organization.id;
  const person = { organizationId, email, passwordHash, role: 'owner', administrator: true } as const;
  await tx.insert(users).values({ ...person, emailConfirmedAt: sql`now()` });
  await recordAct(tx, { organizationId, actor: 'operator', action: 'make-administrator', target: email });
  return { email, organization: name, password, sessions: 0, keys: 0 };
}

/** Takes the administration from a person, and with it their sessions and keys. @throws Refused when they have none */
export function removeAdministrator(
  database: Database,
  email: string,
): Promise<Pick<Administrator, 'email' | 'organization'> & EndedAccess> {
  return database.transaction(async (tx) => {
    const user = await requireAccount(tx, email, 'Remove administrator');
    if (!user.administrator) {
      throw new Refused('conflict', `Remove administrator "${email}": does not administer the platform`);
    }
    await tx.update(users).set({ administrator: false }).where(eq(users.id, user.id));
    const { ended } = await endAccess(tx, user, { keys: true });
    const act = { action: 'remove-administrator', target: user.email, details: { ...ended } };
    await recordAct(tx, { organizationId: user.organizationId, actor: 'operator', ...act });
    const { organization } = await showAccount(tx, user);
    return { email: user.email, organization, ...ended };
  });
}

/** Everybody who administers the platform, by address. */
export const listAdministrators = (database: Database): Promise<ShownAccount[]> =>
  database.transaction(async (tx) => {
    const rows = await tx.select().from(users).where(eq(users.administrator, true)).orderBy(asc(users.email));
    const shown: ShownAccount[] = [];
    for (const user of rows) shown.push(await showAccount(tx, user));
    return shown;
  });
