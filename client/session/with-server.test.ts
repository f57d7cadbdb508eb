import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as auth from '../../functions/auth/app.ts';
import authManifest from '../../functions/auth/function.ts';
import * as organization from '../../functions/organization/app.ts';
import organizationManifest from '../../functions/organization/function.ts';
import { testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { type ClientOptions, createClient } from '../client.ts';
import { browserFetch } from '../testing/browser.ts';
import { type Loopback, serveOnLoopback } from '../testing/loopback.ts';

const database = await testDatabase();
const apps = await Promise.all([
  testApp(database, { name: 'auth', manifest: authManifest, module: auth }),
  testApp(database, { name: 'organization', manifest: organizationManifest, module: organization }),
]);
let server: Loopback;
beforeAll(async () => {
  const [signIn, rest] = apps;
  server = await serveOnLoopback((request) => {
    const { pathname } = new URL(request.url);
    return (/^\/api\/(auth|me|setup)/.test(pathname) ? signIn : rest).fetch(request);
  });
});
afterAll(async () => {
  await server.close();
  await Promise.all(apps.map((app) => app.close()));
  await database.close();
});

const account = () => ({
  email: `${crypto.randomUUID()}@example.org`,
  password: 'correct horse',
  organization: 'Notary',
});
const clientOf = (options: Partial<ClientOptions>) => createClient({ baseUrl: server.url, ...options });

describe('a client of the real functions', () => {
  it('registers, reads, changes the password and signs out by cookie', async () => {
    const browser = browserFetch();
    const page = clientOf({ fetch: browser });
    const mine = account();
    const { data: tokens } = await page.api.POST('/api/auth/register', { body: mine });
    expect(tokens.refreshToken).toBeUndefined();
    await page.session.adopt(tokens);
    expect((await page.api.GET('/api/organization')).data.name).toBe('Notary');
    const other = clientOf({ fetch: browser });
    expect([await other.session.restore(), other.session.userId]).toEqual([true, page.session.userId]);
    await other.session.signOut();
    const again = clientOf({ fetch: browser });
    expect(await again.session.restore()).toBe(false);
    await again.session.signIn({ email: mine.email, password: mine.password });
    expect((await again.api.GET('/api/me')).data.email).toBe(mine.email);
    for (const client of [page, other, again]) client.close();
  });

  it('keeps the refresh token of a program in its store, each but once', async () => {
    const kept: (string | undefined)[] = [];
    const tokens = { read: () => kept.at(-1), write: (token: string | undefined) => void kept.push(token) };
    const program = clientOf({ tokens });
    const mine = account();
    const { data } = await program.api.POST('/api/auth/register', { body: mine });
    await program.session.adopt(data);
    const next = clientOf({ tokens });
    expect(await next.session.restore()).toBe(true);
    expect((await next.api.GET('/api/organization')).data.name).toBe('Notary');
    await next.session.signOut();
    expect(new Set(kept).size).toBe(3);
    expect(kept.at(-1)).toBeUndefined();
    expect(await clientOf({ tokens }).session.restore()).toBe(false);
  });

  it('names the fields of a bad request, in the language that was asked for', async () => {
    const client = clientOf({ tokens: { read: () => undefined, write: () => {} }, language: () => 'ru' });
    const failure = await client.api
      .POST('/api/auth/register', { body: { ...account(), email: 'anna', password: '1' } })
      .catch((error) => error);
    expect(failure.is('invalid-request')).toBe(true);
    expect(failure.message).toMatch(/[а-я]/);
    expect(failure.problem.errors.map(({ path }: { path: string }) => path)).toEqual(['body.email', 'body.password']);
    expect(Math.abs(client.clock.now().getTime() - Date.now())).toBeLessThan(5000);
  });
});
