import { afterAll, describe, expect, it } from 'vitest';
import { testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import * as organization from '../organization/app.ts';
import organizationManifest from '../organization/function.ts';
import * as module from './app.ts';
import manifest from './function.ts';

const database = await testDatabase();
const app = await testApp(database, { name: 'auth', manifest, module });
const other = await testApp(database, { name: 'organization', manifest: organizationManifest, module: organization });
afterAll(async () => {
  await Promise.all([app.close(), other.close()]);
  await database.close();
});

const problem = (type: string) => `urn:pandect:problem:${type}`;
const client = (name: string) => ({ 'user-agent': name, 'x-forwarded-for': '192.0.2.7', 'accept-language': 'en' });

interface Tokens {
  accessToken: string;
  refreshToken: string;
}
async function registered() {
  const account = { email: `${crypto.randomUUID()}@example.org`, password: 'correct horse', organization: 'Notary' };
  const { body } = await app.json<Tokens>('POST /api/auth/register', { json: account, headers: client('Firefox') });
  const signIn = async (name: string) => {
    const { organization: _, ...json } = account;
    return (await app.json<Tokens>('POST /api/auth/login', { json, headers: client(name) })).body;
  };
  return { ...account, ...body, signIn };
}
const read = (token: string) => app.json('GET /api/me', { as: { token } });
const works = async (token: string) => (await other.request('GET /api/organization', { as: { token } })).status;
const refreshed = async (refreshToken: string) =>
  (await app.request('POST /api/auth/refresh', { json: { refreshToken } })).status;

describe('GET /api/me', () => {
  it('tells who the person is and where they are signed in', async () => {
    const { email, accessToken, signIn } = await registered();
    await signIn('Telegram');
    const { status, body } = await read(accessToken);
    expect(status).toBe(200);
    const session = (userAgent: string, current: boolean) => ({
      ...{ id: expect.any(String), startedAt: expect.any(String), refreshedAt: expect.any(String) },
      ...{ userAgent, address: '192.0.2.7', current },
    });
    expect(body).toEqual({
      ...{ userId: expect.any(String), email, emailConfirmed: false, role: 'owner', administrator: false },
      ...{ language: 'en', theme: null, organization: { id: expect.any(String), name: 'Notary' } },
      sessions: [session('Telegram', false), session('Firefox', true)],
    });
  });

  it('keeps the start of a session when its tokens are renewed, and forgets the old ones', async () => {
    const { accessToken, refreshToken } = await registered();
    const [before] = (await read(accessToken)).body.sessions;
    const long = 'x'.repeat(5000);
    const json = { refreshToken };
    const { body } = await app.json('POST /api/auth/refresh', { json, headers: client(long) });
    const { sessions } = (await read(body.accessToken)).body;
    expect(sessions).toEqual([
      { ...before, refreshedAt: expect.any(String), userAgent: 'x'.repeat(300), current: true },
    ]);
    expect(Date.parse(sessions[0].refreshedAt)).toBeGreaterThan(Date.parse(before.refreshedAt));
  });

  it('is limited like other reading, and per person', async () => {
    const { accessToken } = await registered();
    const { headers } = await app.request('GET /api/me', { as: { token: accessToken } });
    expect(headers.get('ratelimit-policy')).toMatch(/^"api";.*"person";/);
    const login = await app.request('POST /api/auth/login', { json: { email: 'a@example.org', password: 'b' } });
    expect(login.headers.get('ratelimit-policy') ?? '').not.toContain('"api"');
  });

  it('needs a token whose person is still there', async () => {
    expect((await app.json('GET /api/me')).body.type).toBe(problem('unauthenticated'));
    const { accessToken, email } = await registered();
    await database.owner`delete from users where email = ${email}`;
    const { status, body } = await read(accessToken);
    expect([status, body.type]).toEqual([401, problem('unauthenticated')]);
  });
});

describe('PATCH /api/me', () => {
  it('changes the language of letters and the colours, each alone', async () => {
    const { accessToken: token, email } = await registered();
    const change = (json: unknown) => app.json('PATCH /api/me', { json, as: { token } });
    expect((await change({ language: 'ru' })).body).toMatchObject({ language: 'ru', theme: null });
    expect((await change({ theme: 'dark' })).body).toMatchObject({ language: 'ru', theme: 'dark' });
    expect((await change({ theme: null })).body).toMatchObject({ language: 'ru', theme: null });
    await app.request('POST /api/auth/forgot-password', { json: { email } });
    const [mail] =
      await database.owner`select language from notifications where email = ${email} and kind = 'reset-password'`;
    expect(mail?.language).toBe('ru');
  });

  it.each([{}, { language: 'de' }, { theme: 'blue' }, { role: 'owner' }, { language: null }, []])(
    'refuses %j',
    async (json) => {
      const { accessToken: token } = await registered();
      const { status, body } = await app.json('PATCH /api/me', { json, as: { token } });
      expect([status, body.type]).toEqual([400, problem('invalid-request')]);
    },
  );
});

describe('DELETE /api/me/sessions', () => {
  it('ends one session with its tokens, leaves the others, and is written down', async () => {
    const { accessToken, signIn, email } = await registered();
    const phone = await signIn('Phone');
    const [{ id }] = (await read(accessToken)).body.sessions;
    expect(await works(phone.accessToken)).toBe(200);
    const end = () => app.request(`DELETE /api/me/sessions/${id}`, { as: { token: accessToken } });
    expect((await end()).status).toBe(204);
    await expect.poll(() => works(phone.accessToken), { timeout: 5000 }).toBe(401);
    expect(await refreshed(phone.refreshToken)).toBe(401);
    expect(await works(accessToken)).toBe(200);
    expect((await end()).status).toBe(404);
    const acts = await database.owner`select target from audit_log where actor = ${email} and action = 'end-session'`;
    expect([...acts]).toEqual([{ target: id }]);
  });

  it('ends all but the one that asks', async () => {
    const { accessToken, refreshToken, signIn } = await registered();
    const ended = [await signIn('Phone'), await signIn('Tablet')];
    const end = () => app.json('DELETE /api/me/sessions', { as: { token: accessToken } });
    expect(await end()).toEqual({ status: 200, body: { sessions: 2 } });
    for (const tokens of ended) expect(await refreshed(tokens.refreshToken)).toBe(401);
    expect(await refreshed(refreshToken)).toBe(200);
    expect((await end()).body).toEqual({ sessions: 0 });
  });

  it('does not reach the sessions of others', async () => {
    const [mine, theirs] = [await registered(), await registered()];
    const [{ id }] = (await read(theirs.accessToken)).body.sessions;
    const { status } = await app.request(`DELETE /api/me/sessions/${id}`, { as: { token: mine.accessToken } });
    expect(status).toBe(404);
    expect(await refreshed(theirs.refreshToken)).toBe(200);
  });

  it('leaves nothing of a refresh under way', async () => {
    const { accessToken, refreshToken } = await registered();
    const [{ id }] = (await read(accessToken)).body.sessions;
    const json = { refreshToken };
    const [renewed] = await Promise.all([
      app.json('POST /api/auth/refresh', { json }),
      app.request(`DELETE /api/me/sessions/${id}`, { as: { token: accessToken } }),
    ]);
    if (renewed.status === 200) expect(await refreshed(renewed.body.refreshToken)).toBe(401);
    expect(await refreshed(refreshToken)).toBe(401);
  });
});
