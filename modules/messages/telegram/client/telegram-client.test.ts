import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOutboundFetch } from '../../../../platform/capabilities/outbound/index.ts';
import { freePort } from '../../../../platform/testing/free-port.ts';
import {
  startTelegramServer,
  type TelegramFault,
  type TelegramServer,
} from '../../../../platform/testing/telegram-server.ts';
import { createTelegramClient } from './telegram-client.ts';
import { TelegramFailure } from './telegram-failure.ts';

let server: TelegramServer;
let token: string;
beforeEach(async () => {
  server = await startTelegramServer();
  ({ token } = server.addBot());
});
afterEach(() => server.close());

const open = (baseUrl = server.url, allowed = [server.host]) =>
  createTelegramClient({ baseUrl, token, outbound: createOutboundFetch(allowed) });
const failureOf = async (calling: Promise<unknown>): Promise<TelegramFailure> => {
  const error = await calling.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  expect(error).toBeInstanceOf(TelegramFailure);
  // Whatever a log makes of it.
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(token.slice(11));
  expect((error as Error).cause).toBeUndefined();
  return error as TelegramFailure;
};

describe('a call', async () => {
  it('gives what Telegram answers', async () => {
    expect(await open().call('getMe')).toMatchObject({ is_bot: true });
    expect(await open(`${server.url}/`).call('getMyCommands')).toEqual([]);
  });

  const answer = (status: number, body?: object): TelegramFault => ({ kind: 'answer', status, body });
  it.each<[TelegramFault, object]>([
    [answer(429, { ok: false, parameters: { retry_after: 33 } }), { reason: 'rate-limited', retryAfterSeconds: 33 }],
    [answer(429), { reason: 'rate-limited', retryAfterSeconds: 1 }],
    [
      answer(400, { description: 'Bad Request: x', parameters: { migrate_to_chat_id: -1001 } }),
      { reason: 'migrated', toChatId: '-1001' },
    ],
    [answer(400, { description: 'Bad Request: chat not found' }), { reason: 'blocked' }],
    [answer(400, { description: 'Bad Request: no' }), { reason: 'bad-request', description: 'no' }],
    [answer(403), { reason: 'blocked' }],
    [answer(401), { reason: 'unauthorized' }],
    [answer(404, { description: 'Not Found' }), { reason: 'unauthorized' }],
    [
      answer(404, { description: 'Not Found: method not found' }),
      { reason: 'bad-request', description: 'method not found' },
    ],
    [answer(409, { description: 'Conflict: x' }), { reason: 'conflict', description: 'x' }],
    [answer(413), { reason: 'bad-request', description: 'status 413' }],
    [answer(500), { reason: 'uncertain' }],
    [answer(502), { reason: 'uncertain' }],
    [answer(200, { ok: true }), { reason: 'uncertain' }],
    [{ kind: 'cut' }, { reason: 'uncertain' }],
    [{ kind: 'forget' }, { reason: 'uncertain' }],
  ])('that ends with %j', async (fault, expected) => {
    server.fail('getMe', fault);
    expect((await failureOf(open().call('getMe'))).failure).toEqual(expected);
  });

  it('that waits too long may have been done', async () => {
    server.fail('getMe', { kind: 'slow', ms: 500 });
    expect((await failureOf(open().call('getMe', {}, {}, { timeoutMs: 50 }))).reason).toBe('uncertain');
  });

  it.each([
    ['no server is there', `http://127.0.0.1:${await freePort()}`, ['127.0.0.1']],
    ['its host is not allowed', undefined, []],
    ['its name leads nowhere', 'http://telegram.invalid', ['telegram.invalid']],
  ])('was certainly not done where %s', async (_, baseUrl, allowed) => {
    expect((await failureOf(open(baseUrl, allowed).call('getMe'))).reason).toBe('unavailable');
  });

  it('uploads files with what belongs to them', async () => {
    const anna = server.user('Anna');
    anna.send('/start');
    const caption_entities = [{ type: 'bold', offset: 0, length: 1 }];
    const file = { content: new Blob(['text'], { type: 'text/plain' }), fileName: 'é.txt' };
    const params = { chat_id: anna.id, caption: 'a', caption_entities, thumbnail: undefined };
    await open().call('sendDocument', params, { document: file });
    expect(anna.messages()[0]).toMatchObject({
      caption: 'a',
      caption_entities,
      document: { file_name: 'é.txt', file_size: 4 },
    });
  });
});
