import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { talkToBot } from '../../scripts/demo-bots.ts';
import { DemoClient } from '../../scripts/demo-client.ts';
import { chatThroughGateway } from '../../scripts/demo-gateway.ts';
import { makePicture } from '../../scripts/demo-images.ts';
import { serveSignInLink } from '../../scripts/demo-link.ts';
import { telegramOf } from '../support/bots.ts';
import { createAccount } from '../support/http/client.ts';
import { confirmAddress } from '../support/people.ts';
import { sharedPlatform } from '../support/shared-platform.ts';

const platform = await sharedPlatform();

it('the demonstration ends with a chat through the gateway, and leaves no key', async () => {
  const account = await createAccount(platform);
  await confirmAddress(platform, account);
  const client = new DemoClient(platform.url);
  client.accessToken = account.session.accessToken;
  const print = vi.spyOn(console, 'log').mockImplementation(() => {});
  const isAnswered = await chatThroughGateway(client, platform.url);
  const printed = print.mock.calls.join('\n');
  print.mockRestore();
  expect(isAnswered, printed).toBe(true);
  expect(printed).toContain('It is due by the fifth day of each month.');
  expect(printed).toMatch(/x-pandect-target: \S+\n {4}x-pandect-cost: \d+\.\d+ roubles/);
  const { items } = await client.get<{ items: unknown[] }>('/api/keys');
  expect(items).toMatchObject([{ scopes: ['gateway'], revokedAt: expect.any(String) }]);
});

it('the demonstration makes a picture, and says where it is', async () => {
  const account = await createAccount(platform);
  const client = new DemoClient(platform.url);
  client.accessToken = account.session.accessToken;
  const folder = await mkdtemp(join(tmpdir(), 'pandect-demo-'));
  const print = vi.spyOn(console, 'log').mockImplementation(() => {});
  const isMade = await makePicture(client, folder);
  const printed = print.mock.calls.join('\n');
  print.mockRestore();
  expect(isMade, printed).toBe(true);
  const [path = ''] = printed.match(/\/\S+\.png/) ?? [];
  expect((await readFile(path)).subarray(1, 4).toString()).toBe('PNG');
  await rm(folder, { recursive: true });
});

it('the demonstration talks to a bot, prints what both say, and leaves no bot', { timeout: 120_000 }, async () => {
  const account = await createAccount(platform);
  const client = new DemoClient(platform.url);
  client.accessToken = account.session.accessToken;
  const print = vi.spyOn(console, 'log').mockImplementation(() => {});
  const isRead = await talkToBot(client, telegramOf(platform));
  const printed = print.mock.calls.join('\n');
  print.mockRestore();
  expect(isRead, printed).toBe(true);
  const order = [
    'Maria: /start',
    'Bot: Choose a spread:',
    'Maria presses “🎴 Draw for me”',
    'Past: ',
    'Present: ',
    'Future: ',
  ];
  const places = order.map((words) => printed.indexOf(words));
  expect(places, printed).toEqual(places.toSorted((a, b) => a - b));
  expect(places).not.toContain(-1);
  expect(printed).toMatch(/Maria: \/balance\n.*\n.*Free today: 2/);
  expect(await client.get('/api/bots')).toMatchObject({ items: [] });
});

it('the link of the demonstration signs a browser in, once', async () => {
  const account = await createAccount(platform);
  const link = await serveSignInLink(platform.url, account);
  try {
    expect((await fetch(new URL('/', link.address), { redirect: 'manual' })).status).toBe(404);
    const opened = await fetch(link.address, { redirect: 'manual' });
    expect([opened.status, opened.headers.get('location')]).toEqual([303, `${platform.url}/`]);
    const cookie = opened.headers.getSetCookie().map((line) => line.split(';')[0]);
    const headers = { 'pandect-session': 'cookie', origin: platform.url, cookie: cookie.join('; ') };
    const refreshed = await fetch(`${platform.url}/api/auth/refresh`, { method: 'POST', headers });
    expect([refreshed.status, Object.keys((await refreshed.json()) as object)]).toEqual([
      200,
      ['accessToken', 'expiresIn'],
    ]);
    expect((await fetch(link.address, { redirect: 'manual' })).status).toBe(410);
  } finally {
    link.close();
  }
});
