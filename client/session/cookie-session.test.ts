import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Client, type ClientOptions, createClient } from '../client.ts';
import { NetworkError, ProblemError } from '../problem.ts';
import { browserFetch } from '../testing/browser.ts';
import { cookieSessions } from '../testing/cookie-sessions.ts';
import { serveOnLoopback } from '../testing/loopback.ts';

let sessions: ReturnType<typeof cookieSessions>;
const server = await serveOnLoopback((request) => sessions.fetch(request));
afterAll(() => server.close());

let browser: typeof fetch;
const open: Client[] = [];
beforeEach(() => {
  sessions = cookieSessions({ refreshMs: 30 });
  browser = browserFetch();
});
afterEach(() => {
  for (const client of open.splice(0)) client.close();
});

/** Another page of the same browser. */
function page(options: Partial<ClientOptions> = {}): Client {
  const client = createClient({ baseUrl: server.url, fetch: browser, ...options });
  open.push(client);
  return client;
}
const anna = { email: 'anna@example.org', password: 'correct horse' };
const nameOf = async (client: Client) => {
  const { data } = await client.api.GET('/api/organization');
  return data.name;
};
const until = (client: Client, state: string) =>
  new Promise<void>((resolve) => {
    const look = () => client.session.state === state && resolve();
    client.session.subscribe(look);
    look();
  });

describe('a session in a cookie', () => {
  it('is signed in to, continued by another page, and ended for all of them', async () => {
    const first = page();
    expect([await first.session.restore(), first.session.state]).toEqual([false, 'signed-out']);
    await first.session.signIn(anna);
    expect([first.session.state, first.session.userId, await nameOf(first)]).toEqual(['signed-in', 'anna', 'anna']);
    const second = page();
    expect(await second.session.restore()).toBe(true);
    expect(await nameOf(second)).toBe('anna');
    await second.session.signOut();
    await until(first, 'signed-out');
    await expect(nameOf(first)).rejects.toMatchObject({ problem: { type: 'urn:pandect:problem:unauthenticated' } });
    expect(await page().session.restore()).toBe(false);
  });

  it('is renewed once for two pages that need a token at the same time', async () => {
    const [first, second] = [page(), page()];
    await first.session.signIn(anna);
    await until(second, 'signed-in');
    sessions.refuseTokens();
    const before = sessions.state.refreshes;
    expect(await Promise.all([nameOf(first), nameOf(second), nameOf(first), nameOf(second)])).toEqual([
      ...['anna', 'anna', 'anna', 'anna'],
    ]);
    expect(sessions.state.refreshes - before).toBe(1);
  });

  it('is restored once by two pages that open at the same time', async () => {
    await page().session.signIn(anna);
    for (const client of open.splice(0)) client.close();
    const pages = [page(), page(), page()];
    expect(await Promise.all(pages.map(({ session }) => session.restore()))).toEqual([true, true, true]);
    expect(sessions.state.refreshes).toBe(1);
  });

  it('is renewed before its token ends, by the lifetime that the server gave, whatever the date', async () => {
    sessions.state.expiresIn = 20;
    const client = page();
    await client.session.signIn(anna);
    await nameOf(client);
    expect(sessions.state.refreshes).toBe(1);
  });

  it('repeats what was sent with a token that ended early, with its body', async () => {
    const client = page();
    await client.session.signIn(anna);
    sessions.refuseTokens();
    const { data } = await client.api.PATCH('/api/organization', { body: { name: 'Notary' } });
    expect(data).toMatchObject({ body: '{"name":"Notary"}' });
  });

  it('asks for the password once when it has ended, and then sends what waited', async () => {
    let asked = 0;
    const client: Client = page({
      async onSignedOut() {
        asked += 1;
        expect(client.session.state).toBe('expired');
        await client.session.signIn(anna);
        return true;
      },
    });
    await client.session.signIn(anna);
    sessions.end();
    expect(await Promise.all([nameOf(client), nameOf(client)])).toEqual(['anna', 'anna']);
    expect([asked, client.session.state]).toEqual([1, 'signed-in']);
  });

  it('lets requests fail when the person does not sign in again', async () => {
    const client = page({ onSignedOut: () => undefined });
    await client.session.signIn(anna);
    sessions.end();
    await expect(nameOf(client)).rejects.toThrow(ProblemError);
    expect(client.session.state).toBe('expired');
  });

  it('becomes that of the person who signs in on another page', async () => {
    const [first, second] = [page(), page()];
    await first.session.signIn(anna);
    const changed = new Promise<void>((resolve) => {
      first.session.subscribe(() => first.session.userId === 'boris' && resolve());
    });
    await second.session.signIn({ ...anna, email: 'boris@example.org' });
    await changed;
    expect(await nameOf(first)).toBe('boris');
  });

  it('says what is wrong with a password, and stays as it was', async () => {
    const client = page();
    await expect(client.session.signIn({ ...anna, password: 'wrong' })).rejects.toMatchObject({
      problem: { type: 'urn:pandect:problem:invalid-credentials' },
    });
    expect(client.session.state).toBe('unknown');
  });

  it.each([502, 503])('is not over because a server answers %i', async (status) => {
    const client = page();
    await client.session.signIn(anna);
    sessions.refuseTokens();
    sessions.state.broken = status;
    await expect(nameOf(client)).rejects.toMatchObject({ problem: { type: 'about:blank', status } });
    expect(client.session.state).toBe('signed-in');
    sessions.state.broken = undefined;
    expect(await nameOf(client)).toBe('anna');
  });

  it('is not over, and not signed out of, because nothing answers', async () => {
    let isOffline = false;
    const client = page({
      fetch: (...request) => (isOffline ? Promise.reject(new TypeError('fetch failed')) : browser(...request)),
    });
    await client.session.signIn(anna);
    sessions.refuseTokens();
    isOffline = true;
    await expect(nameOf(client)).rejects.toThrow(NetworkError);
    await expect(client.session.signOut()).rejects.toThrow(NetworkError);
    expect(client.session.state).toBe('signed-in');
    isOffline = false;
    expect(await nameOf(client)).toBe('anna');
  });

  it('works where pages cannot lock', async () => {
    vi.stubGlobal('navigator', {});
    const client = page();
    vi.unstubAllGlobals();
    await client.session.signIn(anna);
    sessions.refuseTokens();
    expect(await Promise.all([nameOf(client), nameOf(client)])).toEqual(['anna', 'anna']);
    expect(sessions.state.refreshes).toBe(1);
  });
});
