import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailedToken } from '../../modules/testing/accounts.ts';
import { type TestOrganization, testOrganization } from '../../modules/testing/organization.ts';
import { type TestApp, testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import * as organization from '../organization/app.ts';
import organizationManifest from '../organization/function.ts';
import * as module from './app.ts';
import manifest from './function.ts';

const database = await testDatabase();
const environment = { PUBLIC_URL: 'https://pandect.example' };
const app = await testApp(database, { name: 'auth', manifest, module }, { environment });
const second = await testApp(database, { name: 'auth', manifest, module }, { environment });
const people = await testApp(database, { name: 'organization', manifest: organizationManifest, module: organization });
afterAll(async () => {
  await Promise.all([app, second, people].map((each) => each.close()));
  await database.close();
});

const PASSWORD = 'correct horse';
const page = { host: 'localhost:8080', origin: 'http://localhost:8080' };
const secure = { host: 'law.example', origin: 'https://law.example', 'x-forwarded-proto': 'https' };

interface Options {
  headers?: Record<string, string>;
  json?: unknown;
  cookie?: string | undefined;
  at?: TestApp;
  token?: string;
}
async function call(path: string, { headers = page, json, cookie, at = app, token }: Options = {}) {
  const response = await at.request(`POST ${path as '/api'}`, {
    json,
    headers: { 'pandect-session': 'cookie', ...headers, ...(cookie !== undefined && { cookie }) },
    ...(token !== undefined && { as: { token } }),
  });
  const set = response.headers.getSetCookie().filter((line) => !line.startsWith('pandect_device='));
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : undefined, set, cookie: set[0]?.split(';')[0] };
}
const account = () => ({ email: `${crypto.randomUUID()}@example.org`, password: PASSWORD, organization: 'Notary' });
const signedIn = (headers?: Record<string, string>) =>
  call('/api/auth/register', { json: account(), ...(headers && { headers }) });
const problem = (type: string) => `urn:pandect:problem:${type}`;
const shown = { accessToken: expect.any(String), expiresIn: 1800 };

describe('a session in a cookie', () => {
  it('is kept for the host alone over TLS, and out of the body', async () => {
    const { status, body, set } = await signedIn(secure);
    expect([status, body]).toEqual([201, shown]);
    expect(set).toEqual([
      expect.stringMatching(
        /^__Host-pandect-session=[\w.-]+; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
      ),
    ]);
  });

  it('has a name without the prefix over plain HTTP', async () => {
    const { set } = await signedIn();
    expect(set).toEqual([
      expect.stringMatching(/^pandect-session=[\w.-]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict$/),
    ]);
  });

  it('begins with each way to sign in', async () => {
    const known = account();
    await call('/api/auth/register', { json: known });
    const { email, password } = known;
    const login = await call('/api/auth/login', { json: { email, password } });
    expect([login.status, login.body, login.set.length]).toEqual([200, shown, 1]);
    const json = { current: password, password: 'another horse' };
    const changed = await call('/api/auth/change-password', { json, token: login.body.accessToken });
    expect([changed.status, changed.body, changed.set.length]).toEqual([200, { ...shown, revokedKeys: 0 }, 1]);
    const joined = await join(await testOrganization(database));
    expect([joined.status, joined.body, joined.set.length]).toEqual([201, shown, 1]);
  });

  it('continues with its cookie and without a body, and ends with it', async () => {
    const first = await signedIn();
    const next = await call('/api/auth/refresh', { cookie: first.cookie });
    expect((await call('/api/auth/refresh', { cookie: first.cookie, json: {} })).status).toBe(200);
    expect([next.status, next.body, next.set.length]).toEqual([200, shown, 1]);
    expect(next.cookie).not.toBe(first.cookie);
    const out = await call('/api/auth/logout', { cookie: next.cookie });
    expect([out.status, out.set]).toEqual([204, ['pandect-session=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict']]);
    expect((await call('/api/auth/refresh', { cookie: next.cookie })).status).toBe(401);
  });

  it('takes the place of the one that its cookie held, and of no other', async () => {
    const known = account();
    const first = await call('/api/auth/register', { json: known });
    const { email, password } = known;
    const elsewhere = await call('/api/auth/login', { json: { email, password } });
    const wrong = { email, password: 'wrong horse' };
    expect((await call('/api/auth/login', { json: wrong, cookie: first.cookie })).status).toBe(401);
    const fresh = await call('/api/auth/login', { json: { email, password }, cookie: first.cookie });
    expect(fresh.status).toBe(200);
    const { body } = await app.json('GET /api/me', { as: { token: fresh.body.accessToken } });
    expect(body.sessions.map(({ current }: { current: boolean }) => current)).toEqual([true, false]);
    expect((await call('/api/auth/refresh', { cookie: first.cookie })).status).toBe(401);
    for (const cookie of [elsewhere.cookie, fresh.cookie]) {
      expect((await call('/api/auth/refresh', { cookie })).status).toBe(200);
    }
    const acts = await database.owner`
      select action from audit_log where actor = ${email} and action in ('sign-in', 'sign-out')`;
    expect(acts.map(({ action }) => action).toSorted()).toEqual(['sign-in', 'sign-in', 'sign-out']);
    // Somebody else at the same browser.
    const other = await signedIn();
    const guest = account();
    await app.json('POST /api/auth/register', { json: guest });
    const { organization: _, ...json } = guest;
    expect((await call('/api/auth/login', { json, cookie: other.cookie })).status).toBe(200);
    expect((await call('/api/auth/refresh', { cookie: other.cookie })).status).toBe(401);
  });

  it('removes the cookie of TLS by its own name', async () => {
    const { cookie } = await signedIn(secure);
    const { set } = await call('/api/auth/logout', { headers: secure, cookie });
    expect(set).toEqual(['__Host-pandect-session=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Strict']);
  });

  it('continues in both tabs and both processes that refresh at once', async () => {
    const { cookie } = await signedIn();
    const [one, other] = await Promise.all([
      call('/api/auth/refresh', { cookie }),
      call('/api/auth/refresh', { cookie, at: second }),
    ]);
    expect([one.status, other.status]).toEqual([200, 200]);
    for (const kept of [one.cookie, other.cookie]) {
      expect((await call('/api/auth/refresh', { cookie: kept, at: second })).status).toBe(200);
    }
  });

  it('needs its cookie: no other name, no body, and no mode without the header', async () => {
    const { cookie = '' } = await signedIn();
    const [, token] = cookie.split('=');
    const refused = [
      await call('/api/auth/refresh'),
      await call('/api/auth/refresh', { json: { refreshToken: token } }),
      await call('/api/auth/refresh', { headers: secure, cookie }),
      await call('/api/auth/refresh', { headers: secure, cookie: `pandect-session=${token}` }),
    ];
    for (const { status, body } of refused)
      expect([status, body.type]).toEqual([401, problem('invalid-refresh-token')]);
    const plain = await app.json('POST /api/auth/refresh', { headers: { cookie } });
    expect([plain.status, plain.body.errors[0].path]).toEqual([400, 'body.refreshToken']);
    const inBody = await app.json('POST /api/auth/refresh', { json: { refreshToken: token } });
    expect([inBody.status, typeof inBody.body.refreshToken]).toEqual([200, 'string']);
  });
});

describe('the origin of a request with the cookie', () => {
  let cookie: string | undefined;
  beforeAll(async () => {
    cookie = (await signedIn()).cookie;
  });

  it.each([
    ['missing', { host: page.host }],
    ['another site', { ...page, origin: 'https://evil.example' }],
    ['another port', { ...page, origin: 'http://localhost:9090' }],
    ['another scheme', { ...page, origin: 'https://localhost:8080' }],
    ['plain HTTP where the edge had TLS', { ...secure, origin: 'http://law.example' }],
    ['opaque', { ...page, origin: 'null' }],
    ['a name that only begins alike', { ...page, origin: 'http://localhost:8080.evil.example' }],
  ])('may not be %s', async (_, headers) => {
    for (const path of ['login', 'refresh', 'logout', 'register']) {
      const known = path === 'login' || path === 'register';
      const json = known ? { ...account(), ...(path === 'login' && { organization: undefined }) } : undefined;
      const answer = await call(`/api/auth/${path}`, { headers, cookie, json });
      expect([path, answer.status, answer.body.type, answer.set]).toEqual([path, 403, problem('origin-mismatch'), []]);
    }
  });

  it.each([
    ['its host', page],
    ['its host over TLS', secure],
    ['its host on the default port', { ...secure, host: 'law.example:443' }],
    ['the public address, whatever a proxy made of the host', { ...page, origin: 'https://pandect.example' }],
  ])('may be %s', async (_, headers) => {
    expect((await signedIn(headers)).status).toBe(201);
  });

  it('does not matter to programs, which keep their token themselves', async () => {
    const json = account();
    const { status } = await app.json('POST /api/auth/register', {
      json,
      headers: { origin: 'https://other.example' },
    });
    expect(status).toBe(201);
  });
});

async function join({ owner }: TestOrganization) {
  const email = `${crypto.randomUUID()}@example.org`;
  await people.json('POST /api/organization/invitations', { as: owner, json: { email } });
  const token = await mailedToken(database, 'invitation', email);
  return call('/api/auth/accept-invitation', { json: { token, email, password: PASSWORD } });
}
