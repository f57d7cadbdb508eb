import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { localhostCertificate } from '../../../testing/mail-server.ts';
import { type Reply, say } from '../../../testing/openai-server.ts';
import { createOpenAiChat } from './chat.ts';
import { connectOpenAi, type OpenAiEndpoint } from './client.ts';
import { createOpenAiEmbedder } from './embedder.ts';
import { ask, endpointAt, failureWith, start, startEmbedder } from './openai.fixture.ts';

const embed = (endpoint: OpenAiEndpoint) => {
  const settings = { ...endpoint, model: 'text-embedding-3-small', dimensions: 16 };
  return createOpenAiEmbedder(connectOpenAi(endpoint), settings).embed(['text'], 'query');
};

describe('openai check', () => {
  it.each<[string, Reply, string]>([
    ['a wrong key', { status: 401 }, 'refused'],
    ['a broken server', { status: 500 }, 'broken'],
    ['a silent server', 'hang', 'timeout'],
  ])('rejects on %s, after one try', async (_, reply, reason) => {
    const { server, client } = await start({ models: [reply] }, { timeoutMs: 500 });
    await expect(client.check()).rejects.toEqual(failureWith(reason));
    expect(server.requests.length).toBe(1);
  });

  it('takes a server that lists no models for reachable', async () => {
    const { client } = await start({ models: [{ status: 404 }] });
    await expect(client.check()).resolves.toBeUndefined();
  });
});

it('sends no key where none is given', async () => {
  const { server, embedder } = await startEmbedder({}, { apiKey: undefined });
  await embedder.embed(['text'], 'query');
  expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
});

it('is not made for a host that is not allowed', () => {
  expect(() => connectOpenAi({ ...endpointAt('http://127.0.0.1:1/v1'), allowedHosts: ['api.openai.com'] })).toThrow(
    'Call host "127.0.0.1:1": not in OUTBOUND_WHITELIST (api.openai.com)',
  );
});

it.each<[string, (endpoint: OpenAiEndpoint) => Promise<unknown>]>([
  ['an answer', async (endpoint) => (await ask(createOpenAiChat(connectOpenAi(endpoint), endpoint))).failure],
  ['vectors', (endpoint) => embed(endpoint).catch((error) => error)],
  [
    'a check',
    (endpoint) =>
      connectOpenAi(endpoint)
        .check()
        .catch((error) => error),
  ],
])('asks a name that leads to an internal address for %s only where the operator says so', async (_, failureOf) => {
  const { server } = await start({ chat: [say('Five.')] });
  const host = 'api.example.com';
  const endpoint: OpenAiEndpoint = {
    ...endpointAt(`http://${host}:${new URL(server.baseUrl).port}/v1`),
    allowedHosts: [host],
    resolve: (_host, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
  };
  const refused = await failureOf(endpoint);
  expect(refused).toEqual(failureWith('unreachable'));
  expect(String(refused)).toContain('INTERNAL_ADDRESS');
  expect(server.requests).toEqual([]);
  expect(await failureOf({ ...endpoint, internalHosts: [host] })).not.toBeInstanceOf(Error);
  expect(server.requests.length).toBe(1);
});

it('says that the server is unreachable, and why', async () => {
  const { server, chat, client } = await start({});
  await server.close();
  const { failure } = await ask(chat);
  expect(failure).toEqual(failureWith('unreachable'));
  expect(String(failure)).toContain('ECONNREFUSED');
  await expect(client.check()).rejects.toEqual(failureWith('unreachable'));
});

it('has no more calls in progress than the server is said to take', async () => {
  const { server, chat } = await start({ chat: ['hang', say('Five.')] }, { concurrency: 1 });
  const caller = new AbortController();
  const first = ask(chat, {}, caller.signal);
  await vi.waitFor(() => expect(server.requests.length).toBe(1));
  const second = ask(chat);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(server.requests.length).toBe(1);
  caller.abort();
  expect((await first).failure).toEqual(failureWith('cancelled'));
  expect((await second).text).toBe('Five.');
});

it('opens the breaker after as many failures as the settings say', async () => {
  const { server, chat } = await start({ chat: [{ status: 500 }] }, { breaker: { failures: 2, resetMs: 60_000 } });
  for (const reason of ['broken', 'broken', 'unreachable']) {
    expect((await ask(chat)).failure).toEqual(failureWith(reason));
  }
  expect(server.requests.length).toBe(2);
});

it('trusts the authority of the settings for its server, and no other', async () => {
  const listed = createServer(localhostCertificate, (_, response) => response.end('{"data":[]}')).listen(
    0,
    'localhost',
  );
  await once(listed, 'listening');
  onTestFinished(() => void listed.close());
  const folder = await mkdtemp(join(tmpdir(), 'authority-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const caPath = join(folder, 'authority.pem');
  await writeFile(caPath, localhostCertificate.cert);
  const baseUrl = `https://localhost:${(listed.address() as AddressInfo).port}/v1`;
  const endpoint = { ...endpointAt(baseUrl), allowedHosts: ['localhost'] };
  await expect(connectOpenAi({ ...endpoint, caPath }).check()).resolves.toBeUndefined();
  await expect(connectOpenAi(endpoint).check()).rejects.toEqual(failureWith('unreachable'));
  listed.closeAllConnections();
});
