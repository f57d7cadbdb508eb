import { inject } from 'vitest';
import type { UserRole } from '../../db/schema/people/users.ts';
import { readPrivateKey, readPublicKey } from '../../platform/capabilities/signing-keys/key-pair.ts';
import type { Caller } from '../../platform/runtime/http/caller.ts';
import type { TestDatabase } from '../../platform/testing/database.ts';
import { createTokenIssuer } from '../people/identity/index.ts';

export interface TestMember extends Caller {
  email: string;
  /** A valid access token. */
  token: string;
}

export interface TestOrganization {
  id: string;
  owner: TestMember;
  addMember(role: UserRole): Promise<TestMember>;
}

/**
 * An organization with its owner, put straight into the database: registering costs the time of a password hash. Addresses
 * are confirmed.
 */
export async function testOrganization(
  { owner: sql }: Pick<TestDatabase, 'owner'>,
  { tier = 'enterprise', name = 'Test' } = {},
): Promise<TestOrganization> {
  const [row] = await sql<
    { id: string }[]
  >`insert into organizations (name, tier) values (${name}, ${tier}) returning id`;
  if (!row) throw new Error('Make organization: no row came back');
  const { id } = row;
  const addMember = async (role: UserRole): Promise<TestMember> => {
    const email = `${crypto.randomUUID()}@example.org`;
    const [user] = await sql<{ id: string }[]>`
      insert into users (organization_id, email, password_hash, role, email_confirmed_at)
      values (${id}, ${email}, 'none', ${role}, now()) returning id`;
    if (!user) throw new Error('Make member: no row came back');
    const caller = { userId: user.id, organizationId: id, role };
    return { ...caller, email, token: await tokenFor(caller) };
  };
  return { id, owner: await addMember('owner'), addMember };
}

/** Of somebody who has just signed in, unless the caller says otherwise. @param seconds from now until it expires */
export async function tokenFor(caller: Caller, seconds = 600): Promise<string> {
  const { keys } = inject('services');
  const issuer = await createTokenIssuer(
    await readPrivateKey(keys.privatePath),
    await readPublicKey(keys.publicPath),
    seconds,
  );
  return issuer.issue({ signedInAt: Math.floor(Date.now() / 1000), ...caller });
}
