import { describe, expect, it } from 'vitest';
import type { Reply } from '../../../testing/openai-server.ts';
import { connectOpenAi } from './client.ts';
import { ask, endpointAt, failureWith, start, startEmbedder } from './openai.fixture.ts';

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

it('says that the server is unreachable, and why', async () => {
  const { server, chat, client } = await start({});
  await server.close();
  const { failure } = await ask(chat);
  expect(failure).toEqual(failureWith('unreachable'));
  expect(String(failure)).toContain('ECONNREFUSED');
  await expect(client.check()).rejects.toEqual(failureWith('unreachable'));
});
