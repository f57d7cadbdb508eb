import { afterAll, describe, expect, it } from 'vitest';
import { verifyPassword } from '../../capabilities/accounts/password.ts';
import { testDatabase } from '../../testing/database.ts';
import { testOrganization } from '../../testing/organization.ts';
import { changeTier } from './change-tier.ts';
import { createAdministrator } from './create-administrator.ts';

const database = await testDatabase();
afterAll(() => database.close());

const userOf = async (email: string) => {
  const [row] = await database.owner`
    select u.*, o.name, o.tier from users u join organizations o on o.id = u.organization_id where email = ${email}`;
  return row;
};
const acts = async (organizationId: string) =>
  (await database.owner`select actor, action from audit_log where organization_id = ${organizationId}`).map((row) => ({
    ...row,
  }));

describe('pandect admin create', () => {
  it('makes an account with a password that is good once shown', async () => {
    const made = await createAdministrator(database.ownerUrl, 'first@example.org');
    const user = await userOf('first@example.org');
    expect(user).toMatchObject({ administrator: true, role: 'owner', name: 'Administration' });
    expect(await verifyPassword(user?.password_hash, made.password ?? '')).toBe(true);
    expect(await acts(user?.organization_id)).toEqual([{ actor: 'operator', action: 'make-administrator' }]);
  });

  it('makes somebody an administrator who has an account, and leaves it as it is', async () => {
    const { owner } = await testOrganization(database, { name: 'Theirs' });
    const made = await createAdministrator(database.ownerUrl, owner.email.toUpperCase());
    expect(made).toEqual({ email: owner.email, organization: 'Theirs', password: null });
    expect(await userOf(owner.email)).toMatchObject({ administrator: true, password_hash: 'none' });
  });

  it.each(['', 'nobody', 'a@b', "x'@example.org; drop table users"])('refuses "%s"', async (email) => {
    await expect(createAdministrator(database.ownerUrl, email)).rejects.toThrow('not an e-mail address');
  });
});

describe('pandect admin tier', () => {
  it('puts an organization on a plan and writes it down', async () => {
    const { id, owner } = await testOrganization(database, { name: 'Mine', tier: 'demo' });
    expect(await changeTier(database.ownerUrl, owner.email, 'basic')).toEqual({ organization: 'Mine', tier: 'basic' });
    expect((await userOf(owner.email))?.tier).toBe('basic');
    expect(await acts(id)).toEqual([{ actor: 'operator', action: 'change-tier' }]);
  });

  it('refuses an unknown plan and somebody who owns nothing', async () => {
    const { owner, addMember } = await testOrganization(database);
    const member = await addMember('admin');
    await expect(changeTier(database.ownerUrl, owner.email, 'platinum')).rejects.toThrow('known are demo, basic');
    await expect(changeTier(database.ownerUrl, member.email, 'basic')).rejects.toThrow(
      'no organization has this owner',
    );
    await expect(changeTier(database.ownerUrl, 'nobody@example.org', 'basic')).rejects.toThrow('no organization');
  });
});
