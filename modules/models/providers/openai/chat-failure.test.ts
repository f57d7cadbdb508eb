import { describe, expect, it, vi } from 'vitest';
import { describeError } from '../../../../platform/kernel/log.ts';
import { type Reply, type StreamStep, say } from '../../../testing/openai-server.ts';
import type { AiFailure } from '../../ai-failure.ts';
import { ask, failureWith, start } from './openai.fixture.ts';

describe('openai failures', () => {
  it.each([
    [401, 'refused'],
    [403, 'refused'],
    [400, 'refused'],
    [429, 'overloaded'],
    [500, 'broken'],
    [503, 'broken'],
  ])('calls status %i "%s", after one try', async (status, reason) => {
    const { server, chat } = await start({ chat: [{ status }] });
    expect((await ask(chat)).failure).toEqual(failureWith(reason));
    expect(server.requests.length).toBe(1);
  });

  it.each([
    ['30', 30_000],
    ['0.5', 500],
    [new Date(0).toUTCString(), 0],
    ['soon', undefined],
  ])('say how long the server asks to be left alone: %s', async (header, retryAfterMs) => {
    const { chat } = await start({ chat: [{ status: 429, headers: { 'retry-after': header } }] });
    const { failure } = await ask(chat);
    expect(failure).toMatchObject({ reason: 'overloaded', upstream: { reason: 'rate-limited', status: 429 } });
    expect((failure as AiFailure).upstream?.retryAfterMs).toBe(retryAfterMs);
  });

  const brokenStreams: [string, Reply][] = [
    ['a connection cut in the stream', { stream: [{ delta: 'Five' }, 'cut'] }],
    ['a stream that ends without a finish reason', { stream: [{ delta: 'Five' }] }],
    ['a stream with broken JSON', { stream: [{ delta: 'Five' }, { raw: 'data: {"choices":[\n\n' }, 'done'] }],
    ['a chunk that is no object', { stream: [{ delta: 'Five' }, { raw: 'data: null\n\n' }, 'done'] }],
    ['a stream without text', { stream: [{ finish: 'stop' }, 'done'] }],
    ['a page instead of a stream', { raw: '<html>' }],
    ['a redirect', { status: 307, headers: { location: 'http://127.0.0.2/v1/chat/completions' } }],
  ];
  it.each(brokenStreams)('calls %s broken, and does not try again', async (_, reply) => {
    const { server, chat } = await start({ chat: [reply, say('Five [1].')] });
    const { failure, usage } = await ask(chat);
    expect(failure).toEqual(failureWith('broken'));
    expect(usage).toBeUndefined();
    expect(server.requests.length).toBe(1);
  });

  it('calls an error object in the stream a withdrawal, and does not try again', async () => {
    const { server, chat } = await start({
      chat: [{ stream: [{ delta: 'Five' }, { error: 'out of memory' }] }, say('Five [1].')],
    });
    expect((await ask(chat)).failure).toEqual(failureWith('withdrawn'));
    expect(server.requests.length).toBe(1);
  });

  it.each<[string, Reply]>([
    ['the first event', 'hang'],
    ['the first event, when only headers came', { stream: ['hang'] }],
  ])('stops waiting for %s', async (_, reply) => {
    const { server, chat } = await start({ chat: [reply] }, { timeoutMs: 150 });
    expect((await ask(chat)).failure).toEqual(failureWith('timeout'));
    await vi.waitFor(() => expect(server.requests.every(({ abandoned }) => abandoned)).toBe(true));
  });

  it('stops waiting for the next event, and keeps what came', async () => {
    const { chat } = await start({ chat: [{ stream: [{ delta: 'Five' }, 'hang'] }] }, { idleTimeoutMs: 100 });
    expect(await ask(chat)).toMatchObject({ text: 'Five', failure: failureWith('timeout') });
  });

  it('stops an answer that only drips', async () => {
    const drip: StreamStep[] = Array.from({ length: 100 }, () => [{ delta: '.' }, { waitMs: 40 }]).flat();
    const { chat } = await start({ chat: [{ stream: drip }] }, { timeoutMs: 80 });
    expect((await ask(chat)).failure).toEqual(failureWith('timeout'));
  });

  it('ends when its caller cancels', async () => {
    const { server, chat } = await start({ chat: [{ stream: [{ delta: 'Five' }, 'hang'] }] });
    const caller = new AbortController();
    const asked = ask(chat, {}, caller.signal);
    await vi.waitFor(() => expect(server.requests.length).toBe(1));
    caller.abort();
    expect((await asked).failure).toEqual(failureWith('cancelled'));
    await vi.waitFor(() => expect(server.requests[0]?.abandoned).toBe(true));
  });

  it.each<[string, Reply, string]>([
    ['a status', { status: 400, message: 'Ivanov owes 100' }, 'status 400, scripted'],
    ['an error in the stream', { stream: [{ error: 'Ivanov owes 100' }] }, 'error in the stream, server_error'],
    ['broken JSON', { stream: [{ raw: 'data: Ivanov owes 100\n\n' }] }, 'SyntaxError'],
  ])('keep of %s what it is and nothing of its words', async (_, reply, kept) => {
    const { chat } = await start({ chat: [reply] });
    const logged = JSON.stringify(describeError((await ask(chat)).failure));
    expect(logged).toContain(kept);
    expect(logged).not.toContain('Ivanov');
  });

  it('asks no more after five failures, until 30 seconds later one probe succeeds', async () => {
    const clock = { now: 0 };
    const failures = Array.from({ length: 5 }, (): Reply => ({ stream: [{ error: 'down' }] }));
    const { server, chat, client } = await start({ chat: [...failures, say('Five [1].')] }, { now: () => clock.now });
    for (let n = 0; n < 5; n += 1) expect((await ask(chat)).failure).toEqual(failureWith('withdrawn'));
    expect((await ask(chat)).failure).toEqual(failureWith('unreachable'));
    const opening = { action: 'Ask', model: 'small', totalMs: 1_000, caller: undefined };
    await expect(client.open(opening)).rejects.toThrow('too many calls failed just now');
    // Another model of the same server may well answer.
    (await client.open({ ...opening, model: 'large' })).close();
    expect(server.requests.length).toBe(5);
    clock.now = 30_000;
    expect((await ask(chat)).text).toBe('Five [1].');
    expect((await ask(chat)).text).toBe('Five [1].');
  });
});
