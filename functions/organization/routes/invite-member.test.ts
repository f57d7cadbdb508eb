import { afterAll, describe, expect, it } from 'vitest';
import { requireMemberRoom } from '../../../modules/commerce/metering/index.ts';
import { mailedToken, problemOf, testAccounts } from '../../../modules/testing/accounts.ts';
import { type TestMember, testOrganization } from '../../../modules/testing/organization.ts';
import { testApp } from '../../../platform/testing/app.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import * as module from '../app.ts';
import manifest from '../function.ts';

const database = await testDatabase();
const app = await testApp(database, { name: 'organization', manifest, module });
const { accounts, callerOf, registered, close } = await testAccounts(database);
afterAll(async () => {
  await close();
  await app.close();
  await database.close();
});
const password = 'correct horse';
const language = 'ru';
const newEmail = () => `${crypto.randomUUID()}@example.org`;
const invite = (as: TestMember, json: object, headers = {}) =>
  app.json('POST /api/organization/invitations', { as, json, headers });
const open = async (as: TestMember) => (await app.json('GET /api/organization/invitations', { as })).body.items;
const withdraw = (as: TestMember, id: string) => app.request(`DELETE /api/organization/invitations/${id}`, { as });
const accept = (token: string, email: string) =>
  accounts.acceptInvitation({ token, email, password, language }, requireMemberRoom);

/** Invites somebody and reads the e-mail to them. */
async function invited(as: TestMember, role = 'member') {
  const email = newEmail();
  const { status, body } = await invite(as, { email, role });
  expect(status).toBe(201);
  return { id: body.id as string, email, token: await mailedToken(database, 'invitation', email) };
}

describe('an invitation', () => {
  it('makes an account in the organization, with its role and a confirmed address', async () => {
    const mine = await testOrganization(database);
    const { email, token } = await invited(mine.owner, 'admin');
    const caller = await callerOf(await accept(token, email.toUpperCase()));
    expect(caller).toMatchObject({ organizationId: mine.id, role: 'admin' });
    const [row] =
      await database.owner`select email_confirmed_at as at, language from users where id = ${caller.userId}`;
    expect(row).toEqual({ at: expect.any(Date), language: 'ru' });
    const acts = await database.owner`
      select actor, action from audit_log where organization_id = ${mine.id} order by created_at`;
    expect([...acts]).toEqual([
      { actor: mine.owner.email, action: 'invite-member' },
      { actor: email.toUpperCase(), action: 'accept-invitation' },
    ]);
  });

  it('is written in the language that is asked for and keeps no token', async () => {
    const mine = await testOrganization(database, { name: 'Нотариус' });
    const email = newEmail();
    const { body } = await invite(mine.owner, { email, language: 'ru' });
    const token = await mailedToken(database, 'invitation', email);
    expect(JSON.stringify([body, ...(await database.owner`select * from invitations`)])).not.toContain(token);
    const [mail] = await database.owner`select language, parameters from notifications where email = ${email}`;
    expect(mail).toEqual({
      language: 'ru',
      parameters: { organization: 'Нотариус', inviter: mine.owner.email, token },
    });
  });

  it('is refused alike when it is used, expired, withdrawn, unknown or for another address', async () => {
    const mine = await testOrganization(database);
    const [used, expired, withdrawn, other, gone] = (await Promise.all(
      Array.from({ length: 5 }, () => invited(mine.owner)),
    )) as [Invited, Invited, Invited, Invited, Invited];
    await accept(used.token, used.email);
    await database.owner`update invitations set expires_at = now() where id = ${expired.id}`;
    expect((await withdraw(mine.owner, withdrawn.id)).status).toBe(204);
    await database.owner`delete from invitations where id = ${gone.id}`;
    for (const [token, email] of [
      [used.token, used.email],
      [used.token, newEmail()],
      [expired.token, expired.email],
      [withdrawn.token, withdrawn.email],
      [other.token, newEmail()],
      [gone.token, gone.email],
      ['no-such-token', other.email],
    ] as const) {
      const error = (await accept(token, email).catch((thrown: unknown) => thrown)) as Record<string, unknown>;
      expect([error.type, error.parameters, error.headers]).toEqual(['invalid-invitation', {}, {}]);
    }
    expect(await problemOf(accept(other.token, other.email))).toBe('none');
  });

  it('makes one account when it is used by many at once', async () => {
    const mine = await testOrganization(database);
    const { email, token } = await invited(mine.owner);
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => problemOf(accept(token, email))));
    expect(outcomes.toSorted()).toEqual([
      'invalid-invitation',
      'invalid-invitation',
      'invalid-invitation',
      'invalid-invitation',
      'none',
    ]);
  });

  it('tells that the address has an account only to who has the token, and stays open', async () => {
    const mine = await testOrganization(database);
    const { email } = await registered();
    await invite(mine.owner, { email });
    const token = await mailedToken(database, 'invitation', email);
    expect(await problemOf(accept('another', email))).toBe('invalid-invitation');
    expect(await problemOf(accept(token, email))).toBe('email-taken');
    expect(await open(mine.owner)).toHaveLength(1);
  });

  it('of an organization that is suspended or being erased lets no one in', async () => {
    const mine = await testOrganization(database);
    const { email, token } = await invited(mine.owner);
    await database.owner`update organizations set suspended_at = now() where id = ${mine.id}`;
    expect(await problemOf(accept(token, email))).toBe('organization-suspended');
    await database.owner`update organizations set erasure_requested_at = now() where id = ${mine.id}`;
    expect(await problemOf(accept(token, email))).toBe('invalid-invitation');
  });

  it('replaces an earlier one for the address, after a minute', async () => {
    const mine = await testOrganization(database);
    const first = await invited(mine.owner);
    const again = () => invite(mine.owner, { email: first.email.toUpperCase(), role: 'viewer' });
    const { status, body } = await again();
    expect([status, body.type]).toEqual([429, 'urn:pandect:problem:rate-limited']);
    await database.owner`update invitations set created_at = created_at - interval '61 seconds'`;
    expect((await again()).status).toBe(201);
    expect(await open(mine.owner)).toMatchObject([{ role: 'viewer' }]);
    expect(await problemOf(accept(first.token, first.email))).toBe('invalid-invitation');
  });

  it('is made once for an Idempotency-Key', async () => {
    const mine = await testOrganization(database);
    const [key, email] = [crypto.randomUUID(), newEmail()];
    const send = (json: object) => invite(mine.owner, json, { 'idempotency-key': key });
    const first = await send({ email });
    expect(await send({ email })).toEqual(first);
    expect((await send({ email: newEmail() })).status).toBe(422);
    expect(await open(mine.owner)).toHaveLength(1);
  });
});

describe('who may invite', () => {
  it('is no one below an administrator, and no one above their own role', async () => {
    const mine = await testOrganization(database);
    const admin = await mine.addMember('admin');
    for (const [as, role] of [
      [await mine.addMember('viewer'), 'viewer'],
      [await mine.addMember('member'), 'viewer'],
      [admin, 'owner'],
    ] as const) {
      const { status, body } = await invite(as, { email: newEmail(), role });
      expect([status, body.type]).toEqual([404, 'urn:pandect:problem:not-found']);
    }
    expect((await invite(admin, { email: newEmail(), role: 'admin' })).status).toBe(201);
    for (const path of [
      'GET /api/organization/invitations',
      `DELETE /api/organization/invitations/${crypto.randomUUID()}`,
    ] as const) {
      expect((await app.request(path, { as: await mine.addMember('member') })).status).toBe(404);
    }
  });

  it('cannot invite a member again, nor withdraw what is not theirs', async () => {
    const [mine, theirs] = [await testOrganization(database), await testOrganization(database)];
    const member = await mine.addMember('member');
    expect((await invite(mine.owner, { email: member.email.toUpperCase() })).body.type).toBe(
      'urn:pandect:problem:email-taken',
    );
    const { id } = await invited(theirs.owner);
    expect((await withdraw(mine.owner, id)).status).toBe(404);
    expect(await open(theirs.owner)).toHaveLength(1);
  });

  it.each([{}, { email: 'anna' }, { email: 'a@example.org', role: 'root' }, { email: 'a@example.org', tier: 'basic' }])(
    'is told that %j is no invitation',
    async (json) => {
      const mine = await testOrganization(database);
      expect((await invite(mine.owner, json)).status).toBe(400);
    },
  );
});

describe('the plan’s number of people', () => {
  it('counts people and open invitations, exactly when many are invited at once', async () => {
    const mine = await testOrganization(database, { tier: 'basic' });
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => invite(mine.owner, { email: newEmail() })));
    expect(outcomes.filter(({ status }) => status === 201)).toHaveLength(2);
    const refused = outcomes.filter(({ status }) => status !== 201);
    for (const { status, body } of refused) {
      expect([status, body.type, body.limit, body.what]).toEqual([
        403,
        'urn:pandect:problem:plan-limit-reached',
        3,
        'users',
      ]);
    }
  });

  it('holds when invitations are accepted, as it is at that moment', async () => {
    const mine = await testOrganization(database, { tier: 'basic' });
    const [one, two] = [await invited(mine.owner), await invited(mine.owner)];
    await database.owner`insert into plan_overrides (organization_id, users) values (${mine.id}, 2)`;
    const outcomes = await Promise.all([
      problemOf(accept(one.token, one.email)),
      problemOf(accept(two.token, two.email)),
    ]);
    expect(outcomes.toSorted()).toEqual(['none', 'plan-limit-reached']);
  });

  it('has room again for what was withdrawn or has expired', async () => {
    const mine = await testOrganization(database, { tier: 'basic' });
    const [one, two] = [await invited(mine.owner), await invited(mine.owner)];
    await withdraw(mine.owner, one.id);
    await database.owner`update invitations set expires_at = now() where id = ${two.id}`;
    await invited(mine.owner);
    await invited(mine.owner);
    expect((await invite(mine.owner, { email: newEmail() })).status).toBe(403);
  });
});

type Invited = Awaited<ReturnType<typeof invited>>;
