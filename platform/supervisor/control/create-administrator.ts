import { randomBytes } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';
import { createDatabase, type Transaction } from '../../../db/client.ts';
import { organizations } from '../../../db/schema/organizations.ts';
import { users } from '../../../db/schema/users.ts';
import { recordAct } from '../../capabilities/audit/index.ts';

export interface Administrator {
  email: string;
  organization: string;
  /** Of an account that was made for this; null when there was one. */
  password: string | null;
}

/** Makes somebody an administrator of the platform. @throws HTTPException for what is no e-mail address */
export async function createAdministrator(databaseUrl: string, given: string): Promise<Administrator> {
  const parsed = z.email().max(254).safeParse(given);
  if (!parsed.success)
    throw new HTTPException(400, { message: `Create administrator "${given}": not an e-mail address` });
  const email = parsed.data;
  const database = createDatabase({ url: databaseUrl, connections: 1, applicationName: 'pandect admin' });
  try {
    return await database.transaction(async (tx) => (await promote(tx, email)) ?? (await add(tx, email)));
  } finally {
    await database.close();
  }
}

async function promote(tx: Transaction, email: string): Promise<Administrator | undefined> {
  const [user] = await tx
    .update(users)
    .set({ administrator: true })
    .where(eq(sql`lower(${users.email})`, email.toLowerCase()))
    .returning();
  if (!user) return undefined;
  const { organizationId } = user;
  const [organization] = await tx.select().from(organizations).where(eq(organizations.id, organizationId));
  await recordAct(tx, { organizationId, actor: 'operator', action: 'make-administrator', target: user.email });
  return { email: user.email, organization: organization?.name ?? '', password: null };
}

async function add(tx: Transaction, email: string): Promise<Administrator> {
  // Native code that a supervisor does without until then.
  const { hashPassword } = await import('../../capabilities/accounts/password.ts');
  const password = randomBytes(18).toString('base64url');
  const passwordHash = await hashPassword(password);
  const name = 'Administration';
  const [organization] = await tx.insert(organizations).values({ name }).returning();
  if (!organization) throw new Error('Create administrator: no organization came back');
  const organizationId = organization.id;
  const person = { organizationId, email, passwordHash, role: 'owner', administrator: true } as const;
  await tx.insert(users).values({ ...person, emailConfirmedAt: sql`now()` });
  await recordAct(tx, { organizationId, actor: 'operator', action: 'make-administrator', target: email });
  return { email, organization: name, password };
}
