import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../../platform/testing/database.ts';
import { testOrganization } from '../../testing/organization.ts';
import { verifyPassword } from '../accounts/passwords/password.ts';
import { createAdministrator, listAdministrators, removeAdministrator } from './administrators.ts';
import { changeTier } from './change-tier.ts';

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
    const made = await createAdministrator(database.platform, { email: 'first@example.org' });
    const user = await userOf('first@example.org');
    expect(user).toMatchObject({ administrator: true, role: 'owner', name: 'Administration' });
    expect(await verifyPassword(user?.password_hash, made.password ?? '')).toBe(true);
    expect(await acts(user?.organization_id)).toEqual([{ actor: 'operator', action: 'make-administrator' }]);
  });

  it('makes somebody an administrator who has an account, and leaves it as it is', async () => {
    const { owner } = await testOrganization(database, { name: 'Theirs' });
    const made = await createAdministrator(database.platform, { email: owner.email.toUpperCase() });
    expect(made).toEqual({
      ...{ email: owner.email, organization: 'Theirs', password: null },
      ...{ sessions: 0, keys: 0 },
    });
    expect(await userOf(owner.email)).toMatchObject({ administrator: true, password_hash: 'none' });
  });

  it.each(['', 'nobody', 'a@b', "x'@example.org; drop table users"])('refuses "%s"', async (email) => {
    await expect(createAdministrator(database.platform, { email })).rejects.toThrow('not an e-mail address');
  });
});

describe('an account that somebody may have registered beforehand', () => {
  const unconfirmed = async () => {
    const { owner, ...organization } = await testOrganization(database);
    await database.owner`update users set email_confirmed_at = null where id = ${owner.userId}`;
    return { owner, organization };
  };

  it('is not made an administrator unless that is said', async () => {
    const { owner, organization } = await unconfirmed();
    const create = (options = {}) => createAdministrator(database.platform, { email: owner.email, ...options });
    await expect(create()).rejects.toThrow('its address is not confirmed');
    expect(await userOf(owner.email)).toMatchObject({ administrator: false });
    expect(await acts(organization.id)).toEqual([]);
    expect(await create({ unconfirmed: true })).toMatchObject({ email: owner.email });
    expect(await userOf(owner.email)).toMatchObject({ administrator: true, email_confirmed_at: null });
  });

  it('is refused when it is another one than the operator was shown', async () => {
    const { owner } = await testOrganization(database);
    for (const account of [null, crypto.randomUUID()]) {
      await expect(createAdministrator(database.platform, { email: owner.email, account })).rejects.toThrow('changed');
    }
    await expect(
      createAdministrator(database.platform, { email: 'new@example.org', account: owner.userId }),
    ).rejects.toThrow('changed');
    expect(await userOf('new@example.org')).toBeUndefined();
  });
});

describe('an administrator', () => {
  const opened = async (userId: string, organizationId: string) => {
    const secret = crypto.randomUUID();
    await database.owner`
      insert into refresh_tokens (family_id, user_id, token_hash, expires_at)
      values (gen_random_uuid(), ${userId}, ${secret}, now() + interval '1 day')`;
    await database.owner`
      insert into api_keys (organization_id, user_id, name, prefix, key_hash, scopes)
      values (${organizationId}, ${userId}, 'Key', 'pk', ${secret}, '{ask}')`;
  };

  it('loses what was opened before, when the rights come and when they go', async () => {
    const { id, owner } = await testOrganization(database);
    await opened(owner.userId, id);
    const made = await createAdministrator(database.platform, { email: owner.email });
    expect(made).toMatchObject({ sessions: 1, keys: 1 });
    const [row] = await database.owner`select at from revocations where subject = ${owner.userId}`;
    expect(row?.at).toBeInstanceOf(Date);
    await opened(owner.userId, id);
    const removed = await removeAdministrator(database.platform, owner.email.toUpperCase());
    expect(removed).toEqual({ email: owner.email, organization: 'Test', sessions: 1, keys: 1 });
    expect(await userOf(owner.email)).toMatchObject({ administrator: false });
    expect(await acts(id)).toEqual([
      { actor: 'operator', action: 'make-administrator' },
      { actor: 'operator', action: 'remove-administrator' },
    ]);
  });

  it('is listed until removed, once', async () => {
    const { owner } = await testOrganization(database);
    const listed = async () =>
      (await listAdministrators(database.platform)).filter(({ email }) => email === owner.email);
    await createAdministrator(database.platform, { email: owner.email });
    expect(await listed()).toMatchObject([{ id: owner.userId, role: 'owner', confirmedAt: expect.any(String) }]);
    await removeAdministrator(database.platform, owner.email);
    expect(await listed()).toEqual([]);
    await expect(removeAdministrator(database.platform, owner.email)).rejects.toThrow('does not administer');
    await expect(removeAdministrator(database.platform, 'missing@example.org')).rejects.toThrow('no account');
  });
});

describe('pandect admin tier', () => {
  it('puts an organization on a plan and writes it down', async () => {
    const { id, owner } = await testOrganization(database, { name: 'Mine', tier: 'demo' });
    expect(await changeTier(database.platform, owner.email, 'basic')).toEqual({ organization: 'Mine', tier: 'basic' });
    expect((await userOf(owner.email))?.tier).toBe('basic');
    expect(await acts(id)).toEqual([{ actor: 'operator', action: 'change-tier' }]);
  });

  it('refuses an unknown plan and somebody who owns nothing', async () => {
    const { owner, addMember } = await testOrganization(database);
    const member = await addMember('admin');
    await expect(changeTier(database.platform, owner.email, 'platinum')).rejects.toThrow('known are demo, basic');
    await expect(changeTier(database.platform, member.email, 'basic')).rejects.toThrow(
      'no organization has this owner',
    );
    await expect(changeTier(database.platform, 'missing@example.org', 'basic')).rejects.toThrow('no organization');
  });
});
