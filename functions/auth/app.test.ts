import { afterAll, describe, expect, it } from 'vitest';
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
  });
});

describe('POST /api/auth/refresh', () => {
  it('rotates, and ends everything when a token comes a second time', async () => {
    const first = (await register(account('vera@example.org'))).body;
    const second = await refresh(first.refreshToken);
    expect([second.status, second.body]).toEqual([200, session]);
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
