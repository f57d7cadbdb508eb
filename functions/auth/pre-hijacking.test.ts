import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digest, newApiKey } from '../../modules/people/identity/index.ts';
import { mailedToken } from '../../modules/testing/accounts.ts';
import { type TestApp, testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import * as conversations from '../conversations/app.ts';
import conversationsManifest from '../conversations/function.ts';
import * as organization from '../organization/app.ts';
import organizationManifest from '../organization/function.ts';
import * as module from './app.ts';
import manifest from './function.ts';

/* Somebody registers an address that is not theirs, and waits for its owner with whatever outlives a new password. */

const database = await testDatabase();
let auth: TestApp;
let people: TestApp;
let talks: TestApp;
beforeAll(async () => {
  auth = await testApp(database, { name: 'auth', manifest, module });
  people = await testApp(database, { name: 'organization', manifest: organizationManifest, module: organization });
  talks = await testApp(database, { name: 'conversations', manifest: conversationsManifest, module: conversations });
});
afterAll(async () => {
  await Promise.all([auth, people, talks].map((app) => app.close()));
  await database.close();
});

const password = 'correct horse';
const problem = (type: string) => `urn:pandect:problem:${type}`;
const post = (path: string, json: object, token?: string) =>
  auth.json(`POST /api/auth/${path}`, { json, ...(token && { as: { token } }) });
const key = (token: string) =>
  people.json('POST /api/keys', { as: { token }, json: { name: 'Site', scopes: ['conversations'] } });
const invite = (token: string) =>
  people.json('POST /api/organization/invitations', {
    as: { token },
    json: { email: `${crypto.randomUUID()}@example.org` },
  });
const use = async (token: string) => (await talks.request('GET /api/conversations', { as: { token } })).status;
const claim = (token: string, name: string): string =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())[name];

async function registered() {
  const email = `${crypto.randomUUID()}@example.org`;
  const { body } = await post('register', { email, password, organization: 'Notary' });
  return { email, token: body.accessToken as string, refreshToken: body.refreshToken as string };
}

/** An account with a key from a time when those did not need a confirmed address. */
async function withOldKey() {
  const account = await registered();
  const made = newApiKey(claim(account.token, 'org'));
  await database.owner`
    insert into api_keys (organization_id, user_id, name, prefix, key_hash, scopes)
    values (${claim(account.token, 'org')}, ${claim(account.token, 'sub')}, 'Old', ${made.prefix}, ${digest(made.key)}, '{conversations}')`;
  expect(await use(made.key)).toBe(200);
  return { ...account, key: made.key };
}
const confirmed = async () => {
  const { email } = await registered();
  await post('confirm-email', { token: await mailedToken(database, 'confirm-email', email) });
  return { email, token: (await post('login', { email, password })).body.accessToken as string };
};
const resetToken = async (email: string) => {
  await auth.request('POST /api/auth/forgot-password', { json: { email } });
  return mailedToken(database, 'reset-password', email);
};
const lettersTo = async (email: string) => {
  const rows = await database.owner`
    select parameters from notifications where email = ${email} and kind = 'access-ended' order by created_at`;
  return rows.map(({ parameters }) => parameters);
};

describe('an account whose address is not confirmed', () => {
  it('makes no API keys and no invitations', async () => {
    const { token } = await registered();
    for (const { status, body } of [await key(token), await invite(token)]) {
      expect([status, body.type]).toEqual([403, problem('email-unconfirmed')]);
    }
    const left = await database.owner`
      select 1 from api_keys where user_id = ${claim(token, 'sub')}
      union all select 1 from invitations where invited_by = ${claim(token, 'sub')}`;
    expect([...left]).toEqual([]);
  });

  it('makes both once it is confirmed', async () => {
    const { token } = await confirmed();
    await database.owner`update organizations set tier = 'basic' where id = ${claim(token, 'org')}`;
    expect([(await key(token)).status, (await invite(token)).status]).toEqual([201, 201]);
  });
});

describe('what was made before', () => {
  it('ends with the first confirmation, which says how much it was, and not with a later one', async () => {
    const account = await withOldKey();
    await post('login', { email: account.email, password });
    const token = await mailedToken(database, 'confirm-email', account.email);
    const { status, body } = await post('confirm-email', { token });
    expect([status, body]).toEqual([200, { sessions: 2, keys: 1 }]);
    expect((await post('refresh', { refreshToken: account.refreshToken })).status).toBe(401);
    await expect.poll(() => use(account.key), { timeout: 5_000 }).toBe(401);
    expect(await use(account.token)).toBe(401);
    expect(await lettersTo(account.email)).toEqual([{ reason: 'confirmed', sessions: 2, keys: 1 }]);
  });

  it('ends with a password reset, whether the address was confirmed or not', async () => {
    const account = await withOldKey();
    const first = { token: await resetToken(account.email), password: 'another horse' };
    expect((await post('reset-password', first)).body).toEqual({ sessions: 1, keys: 1 });
    await expect.poll(() => use(account.key), { timeout: 5_000 }).toBe(401);

    const { accessToken } = (await post('login', { email: account.email, password: 'another horse' })).body;
    const made = (await key(accessToken)).body.key as string;
    expect(await use(made)).toBe(200);
    await database.owner`update email_tokens set created_at = created_at - interval '61 seconds'`;
    const second = { token: await resetToken(account.email), password: 'a third horse' };
    expect((await post('reset-password', second)).body).toEqual({ sessions: 1, keys: 1 });
    await expect.poll(() => use(made), { timeout: 5_000 }).toBe(401);
    expect(await lettersTo(account.email)).toEqual([
      { reason: 'reset', sessions: 1, keys: 1 },
      { reason: 'reset', sessions: 1, keys: 1 },
    ]);
  });

  it('stays with a changed password unless it is asked for', async () => {
    const { email, token } = await confirmed();
    const made = (await key(token)).body.key as string;
    const stays = await post('change-password', { current: password, password: 'another horse' }, token);
    expect([stays.status, stays.body.revokedKeys]).toEqual([200, 0]);
    expect(await use(made)).toBe(200);
    const json = { current: 'another horse', password: 'a third horse', revokeKeys: true };
    const ends = await post('change-password', json, stays.body.accessToken);
    expect([ends.status, ends.body.revokedKeys]).toEqual([200, 1]);
    await expect.poll(() => use(made), { timeout: 5_000 }).toBe(401);
    expect((await lettersTo(email)).at(-1)).toEqual({ reason: 'changed', sessions: 1, keys: 1 });
  });

  it('does not slip through while the password is being reset', async () => {
    for (let round = 0; round < 6; round++) {
      const { email, token } = await confirmed();
      const reset = { token: await resetToken(email), password: 'another horse' };
      // The process may not have heard of the reset yet: the list of ended tokens is up to a second old.
      const making = Array.from({ length: 6 }, (_, index) =>
        new Promise((resolve) => setTimeout(resolve, index * 15)).then(() => Promise.all([key(token), invite(token)])),
      );
      await Promise.all([post('reset-password', reset), ...making]);
      await Promise.all([key(token), invite(token)]);
      const left = await database.owner`
        select 1 from api_keys where user_id = ${claim(token, 'sub')} and revoked_at is null`;
      expect([...left]).toEqual([]);
    }
  });
});
