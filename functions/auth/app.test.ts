import { afterAll, describe, expect, it } from 'vitest';
import { newApiKey } from '../../modules/people/identity/index.ts';
import { mailedToken } from '../../modules/testing/accounts.ts';
import { testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import * as organization from '../organization/app.ts';
import organizationManifest from '../organization/function.ts';
import * as module from './app.ts';
import manifest from './function.ts';

const database = await testDatabase();
const app = await testApp(database, { name: 'auth', manifest, module });
afterAll(async () => {
  await app.close();
  await database.close();
});

const account = (email: string) => ({ email, password: 'correct horse', organization: 'Notary' });
const register = (json: object) => app.json('POST /api/auth/register', { json });
const login = (email: string, password: string) => app.json('POST /api/auth/login', { json: { email, password } });
const refresh = (refreshToken: unknown) => app.json('POST /api/auth/refresh', { json: { refreshToken } });
const session = { accessToken: expect.any(String), refreshToken: expect.any(String), expiresIn: 1800 };

describe('POST /api/auth/register', () => {
  it('answers with a session whose token other functions accept', async () => {
    const { status, body } = await register(account('anna@example.org'));
    expect([status, body]).toEqual([201, session]);
    const other = await testApp(database, {
      name: 'organization',
      manifest: organizationManifest,
      module: organization,
    });
    const asked = await other.json('GET /api/organization', { as: { token: body.accessToken } });
    expect([asked.status, asked.body.name, asked.body.tier]).toEqual([200, 'Notary', 'demo']);
    await other.close();
  });

  it('tells that an address is taken, in any case', async () => {
    await register(account('taken@example.org'));
    const { status, body } = await register(account('Taken@Example.org'));
    expect([status, body.type]).toEqual([409, 'urn:pandect:problem:email-taken']);
  });

  it.each([
    ['no address', { email: 'anna', password: 'correct horse', organization: 'N' }, ['body.email']],
    ['a short password', { email: 'a@example.org', password: 'short', organization: 'N' }, ['body.password']],
    [
      'an endless password',
      { email: 'a@example.org', password: 'x'.repeat(257), organization: 'N' },
      ['body.password'],
    ],
    [
      'a blank organization',
      { email: 'a@example.org', password: 'correct horse', organization: ' ' },
      ['body.organization'],
    ],
    ['a NUL in the organization', { ...account('nul@example.org'), organization: 'a\0b' }, ['body.organization']],
    ['a role of its own choosing', { ...account('r@example.org'), role: 'owner' }, ['body']],
    ['nothing', {}, ['body.email', 'body.password', 'body.organization']],
  ])('refuses %s', async (_, json, paths) => {
    const { status, body } = await register(json);
    expect([status, body.type]).toEqual([400, 'urn:pandect:problem:invalid-request']);
    expect(body.errors.map(({ path }: { path: string }) => path)).toEqual(paths);
  });
});

describe('POST /api/auth/login', () => {
  it('answers an unknown address and a wrong password with the same bytes', async () => {
    await register(account('boris@example.org'));
    const bodies = [];
    for (const [email, password] of [
      ['boris@example.org', 'wrong horse'],
      ['nobody@example.org', 'correct horse'],
    ] as const) {
      const headers = { 'x-request-id': 'same-for-both' };
      const response = await app.request('POST /api/auth/login', { json: { email, password }, headers });
      bodies.push([response.status, await response.text()]);
    }
    expect(bodies[0]).toEqual(bodies[1]);
    expect(bodies[0]?.[0]).toBe(401);
    expect((await login('boris@example.org', 'correct horse')).body).toEqual(session);
    const headers = { 'x-request-id': 'caches' };
    const json = { email: 'boris@example.org', password: 'correct horse' };
    const { headers: answered } = await app.request('POST /api/auth/login', { json, headers });
    expect(answered.get('cache-control')).toBe('no-store');
  });
});

describe('POST /api/auth/refresh', () => {
  it('rotates, takes a token again for a while, and ends everything when it comes later', async () => {
    const first = (await register(account('vera@example.org'))).body;
    const second = await refresh(first.refreshToken);
    expect([second.status, second.body]).toEqual([200, session]);
    const repeated = await refresh(first.refreshToken);
    expect([repeated.status, repeated.body]).toEqual([200, session]);
    await database.owner`update refresh_tokens set used_at = used_at - interval '31 seconds'`;
    const reused = await refresh(first.refreshToken);
    expect([reused.status, reused.body.type]).toEqual([401, 'urn:pandect:problem:invalid-refresh-token']);
    expect((await refresh(second.body.refreshToken)).status).toBe(401);
  });

  it.each(['', 'x'.repeat(513), 1, null])('refuses what cannot be a token: %#', async (token) => {
    expect((await refresh(token)).status).toBe(400);
  });

  it('refuses a token with a NUL like any unknown one', async () => {
    expect((await refresh('a\0b')).status).toBe(401);
  });
});

describe('POST /api/auth/logout', () => {
  it('ends the session and does not mind a second time', async () => {
    const { refreshToken } = (await register(account('gleb@example.org'))).body;
    for (let times = 0; times < 2; times++) {
      const response = await app.request('POST /api/auth/logout', { json: { refreshToken } });
      expect([response.status, await response.text()]).toEqual([204, '']);
    }
    expect((await refresh(refreshToken)).status).toBe(401);
  });
});

describe('passwords and addresses', () => {
  const problem = (type: string) => `urn:pandect:problem:${type}`;
  const call = (path: string, json: object, as?: { token: string }) =>
    app.request(`POST /api/auth/${path}`, { json, ...(as && { as }) });
  const registered = async () => {
    const email = `${crypto.randomUUID()}@example.org`;
    return { email, token: (await register(account(email))).body.accessToken as string };
  };

  it('are chosen and confirmed with the tokens of e-mails, in the language of the request', async () => {
    const email = `${crypto.randomUUID()}@example.org`;
    await app.request('POST /api/auth/register', { json: account(email), headers: { 'accept-language': 'ru' } });
    const [mail] = await database.owner`select kind, language from notifications where email = ${email}`;
    expect(mail).toEqual({ kind: 'confirm-email', language: 'ru' });
    const confirm = { token: await mailedToken(database, 'confirm-email', email) };
    const confirmed = await call('confirm-email', confirm);
    expect([confirmed.status, await confirmed.json()]).toEqual([200, { sessions: 1, keys: 0 }]);
    expect((await (await call('confirm-email', confirm)).json()).type).toBe(problem('invalid-email-token'));
    expect((await call('forgot-password', { email })).status).toBe(202);
    const reset = { token: await mailedToken(database, 'reset-password', email), password: 'another horse' };
    const renewed = await call('reset-password', reset);
    expect([renewed.status, await renewed.json()]).toEqual([200, { sessions: 0, keys: 0 }]);
    expect((await call('reset-password', reset)).status).toBe(400);
    expect((await login(email, 'another horse')).status).toBe(200);
  });

  it('are forgotten by unknown addresses with the same answer', async () => {
    const headers = { 'x-request-id': 'same-for-both' };
    const answers = [(await registered()).email, 'nobody@example.org'].map(async (email) => {
      const response = await app.request('POST /api/auth/forgot-password', { json: { email }, headers });
      const { ratelimit: _, ...shown } = Object.fromEntries(response.headers);
      return [response.status, await response.text(), shown];
    });
    const [known, unknown] = await Promise.all(answers);
    expect(known).toEqual(unknown);
    expect(known?.[0]).toBe(202);
  });

  it('change for who is signed in and knows the current one, which ends the old access token', async () => {
    const { token } = await registered();
    const json = { current: 'correct horse', password: 'another horse' };
    expect((await call('change-password', json)).status).toBe(401);
    expect((await call('change-password', { ...json, current: 'wrong' }, { token })).status).toBe(401);
    const changed = await call('change-password', json, { token });
    const { accessToken } = await changed.json();
    expect(changed.status).toBe(200);
    await expect.poll(async () => (await call('resend-confirmation', {}, { token })).status).toBe(401);
    expect((await call('resend-confirmation', {}, { token: accessToken })).status).toBe(202);
  });

  it('take no API key', async () => {
    const response = await call('resend-confirmation', {}, { token: newApiKey(crypto.randomUUID()).key });
    expect([response.status, (await response.json()).type]).toEqual([401, problem('unauthenticated')]);
  });

  it.each([
    ['accept-invitation', { token: '', email: 'a@example.org', password: 'correct horse' }],
    ['accept-invitation', { token: 'a', email: 'a@example.org', password: 'short' }],
    ['accept-invitation', { token: 'a', email: 'a@example.org', password: 'correct horse', role: 'owner' }],
    ['forgot-password', { email: 'nobody' }],
    ['reset-password', { token: 'a', password: 'short' }],
    ['confirm-email', {}],
  ])('refuses at %s: %j', async (path, json) => {
    expect((await call(path, json)).status).toBe(400);
  });

  it('tells how long to wait after wrong passwords', async () => {
    const { email } = await registered();
    for (let times = 0; times < 5; times++) await login(email, 'wrong horse');
    const response = await call('login', { email, password: 'correct horse' });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '15']);
    expect(await response.json()).toMatchObject({ type: problem('too-many-sign-ins'), seconds: 15 });
  });
});

describe('the cookie of a known device', () => {
  const from = (address: string, cookie?: string) => ({
    'x-forwarded-for': address,
    ...(cookie !== undefined && { cookie }),
  });
  const signIn = (email: string, password: string, headers: Record<string, string>) =>
    app.request('POST /api/auth/login', { json: { email, password }, headers });

  it('keeps the wrong passwords of others from locking its owner out', async () => {
    const json = account(`${crypto.randomUUID()}@example.org`);
    const registered = await app.request('POST /api/auth/register', { json });
    const [cookie = ''] = (registered.headers.get('set-cookie') ?? '').split(';');
    expect(registered.headers.get('set-cookie')).toMatch(
      /^pandect_device=[\w.-]+; Max-Age=15552000; Path=\/api\/auth; HttpOnly; SameSite=Lax$/,
    );
    for (let times = 0; times < 6; times++) await signIn(json.email, 'wrong horse', from('192.0.2.1'));
    expect((await signIn(json.email, json.password, from('192.0.2.1'))).status).toBe(429);
    expect((await signIn(json.email, json.password, from('192.0.2.1', cookie))).status).toBe(200);
    expect((await signIn(json.email, json.password, from('192.0.2.2'))).status).toBe(200);
  });

  it('is not asked for by clients of one IPv6 network, which count as one', async () => {
    const { email } = account(`${crypto.randomUUID()}@example.org`);
    const statuses = [];
    for (let times = 0; times < 7; times++) {
      statuses.push((await signIn(email, 'wrong horse', from(`2001:db8::${times + 1}`))).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
    expect((await signIn(email, 'wrong horse', from('2001:db8:0:1::1'))).status).toBe(401);
  });

  it('goes over TLS only where the sign-in did', async () => {
    const json = account(`${crypto.randomUUID()}@example.org`);
    const headers = { 'x-forwarded-proto': 'https' };
    const registered = await app.request('POST /api/auth/register', { json, headers });
    expect(registered.headers.get('set-cookie')).toContain('; Secure');
  });
});

describe('GET /.well-known/jwks.json', () => {
  it('shows the key that tokens name, to be kept for a while', async () => {
    const { accessToken } = (await register(account('dina@example.org'))).body;
    const response = await app.request('GET /.well-known/jwks.json');
    const { keys } = (await response.json()) as { keys: { kid: string; d?: string }[] };
    const { kid } = JSON.parse(Buffer.from(accessToken.split('.')[0], 'base64url').toString());
    expect(keys).toEqual([expect.objectContaining({ kid, alg: 'RS256' })]);
    expect(keys[0]).not.toHaveProperty('d');
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
  });
});

it('logs no address, password or token of those who sign in', async () => {
  const { refreshToken } = (await register(account('zoya@example.org'))).body;
  await login('zoya@example.org', 'a wrong horse');
  await register(account('zoya@example.org'));
  const text = JSON.stringify(app.log);
  for (const word of ['zoya', 'horse', refreshToken]) expect(text).not.toContain(word);
});
