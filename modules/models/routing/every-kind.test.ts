import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { startGigaChatUpstream } from '../../testing/providers/gigachat-upstream.ts';
import { chatDialect, messagesDialect, responsesDialect } from '../dialects/index.ts';
import { createAdapters } from '../providers/adapters.ts';
import { kindsWithServer, startProvider } from '../providers/all-kinds.fixture.ts';
import { createLocalTokens } from '../providers/tokens/token-store.ts';
import { createTransport } from '../upstream/transport.ts';
import type { AttemptReport } from './contract.ts';
import { createExchange } from './create-exchange.ts';
import { createMemoryState, routeTo } from './exchange.fixture.ts';

const transport = createTransport({ allowedHosts: ['127.0.0.1'] });
afterAll(() => transport.close());

const question = 'By what day shall the Tenant pay the rent?';
const chat = { model: 'default', messages: [{ role: 'user', content: question }] };
const dialects = {
  chat: [chatDialect, chat],
  responses: [responsesDialect, { model: 'default', input: question }],
  messages: [messagesDialect, { ...chat, max_tokens: 100 }],
} as const;

/** One target of a kind, asked in any format that callers speak. */
async function start(kind: string) {
  const { server, provider, key, model } = await startProvider(kind);
  onTestFinished(() => server.close());
  const target = { name: kind, provider: { ...provider, keys: [key] }, model, can: ['chat'] as const, price: kind };
  const exchange = createExchange({
    state: createMemoryState().state,
    adapterOf: createAdapters({ tokens: createLocalTokens() }),
    transport,
    limits: { responseBytes: 2_097_152 },
  });
  const ask = async (format: keyof typeof dialects, stream: boolean) => {
    const [dialect, body] = dialects[format];
    const reports: AttemptReport[] = [];
    const answer = await exchange.chat({
      ...{ route: routeTo([target]), targets: [target], signal: AbortSignal.timeout(5_000), dialect, stream },
      ...{ body: { ...body, stream }, includeUsage: true, model: 'default', requestId: 'req-1' },
      onAttempt: (report) => reports.push(report),
    });
    const pieces: Buffer[] = [];
    if (answer.kind === 'begun') for await (const piece of answer.bytes) pieces.push(piece as Buffer);
    const text = answer.kind === 'whole' ? answer.body.toString() : Buffer.concat(pieces).toString();
    return { text, reports };
  };
  return { server, ask };
}

describe.each(kindsWithServer)('a target of kind %s', (kind) => {
  it('answers in every format, whole and as a stream, and is counted', async () => {
    const { ask } = await start(kind);
    for (const format of Object.keys(dialects) as (keyof typeof dialects)[]) {
      for (const stream of [false, true]) {
        const { text, reports } = await ask(format, stream);
        expect([format, stream, text]).toEqual([format, stream, expect.stringContaining('fifth')]);
        expect(reports).toMatchObject([{ outcome: 'done', usage: { input: 120, output: 14 } }]);
      }
    }
  });
});

describe('a target at GigaChat', () => {
  it('is asked again once with another token when all of theirs have expired', async () => {
    const { server, ask } = await start('gigachat');
    const gigaChat = server as Awaited<ReturnType<typeof startGigaChatUpstream>>;
    await ask('chat', true);
    gigaChat.expireTokens();
    const asked = await Promise.all(Array.from({ length: 50 }, () => ask('messages', true)));
    expect(asked.map(({ reports }) => reports[0]?.outcome)).toEqual(asked.map(() => 'done'));
    expect(gigaChat.issued()).toBe(2);
  });

  it('is known to be busy also when it says so with status 200', async () => {
    const { server, ask } = await start('gigachat');
    const busy = { reply: { json: { status: 429, message: 'Too Many Requests' } } };
    server.script(busy, busy, busy);
    await expect(ask('chat', false)).rejects.toMatchObject({ status: 429 });
  });
});
