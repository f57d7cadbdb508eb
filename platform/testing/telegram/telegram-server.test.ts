import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTelegramServer, type TelegramServer } from '../telegram-server.ts';
import { aPng } from './a-png.fixture.ts';

let server: TelegramServer;
let token: string;
beforeEach(async () => {
  server = await startTelegramServer({ redeliverMs: 50, checkoutMs: 300, webhookTimeoutMs: 300 });
  ({ token } = server.addBot('one_bot'));
});
afterEach(() => server.close());

interface Answer {
  ok: boolean;
  error_code?: number;
  description?: string;
  parameters?: Record<string, number>;
}
async function call<R = unknown>(
  method: string,
  params: object = {},
  withToken = token,
): Promise<Answer & { result?: R }> {
  const response = await fetch(`${server.url}/bot${withToken}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(params),
  });
  return (await response.json()) as Answer & { result?: R };
}
async function upload(method: string, chatId: number, bytes: Buffer): Promise<Answer> {
  const form = new FormData();
  form.set('chat_id', String(chatId));
  form.set(method === 'sendPhoto' ? 'photo' : 'document', new Blob([new Uint8Array(bytes)]), 'a.png');
  return (await (await fetch(`${server.url}/bot${token}/${method}`, { method: 'POST', body: form })).json()) as Answer;
}
/** Of the query that the newest update is. */
const lastId = (type: string) => (server.bot().pending.at(-1)?.update[type] as { id?: string } | undefined)?.id;
const anna = () => {
  const user = server.user('Anna');
  user.send('/start');
  return user;
};
const say = (chatId: number, text: string, more: object = {}) =>
  call('sendMessage', { chat_id: chatId, text, ...more });

describe('a text', () => {
  it.each([
    ['4,096 units', 'a'.repeat(4096), true],
    ['4,097 units', 'a'.repeat(4097), false],
    ['2,048 emoji', '🎩'.repeat(2048), true],
    ['2,049 emoji', '🎩'.repeat(2049), false],
    ['white space around 4,096', ` ${'a'.repeat(4096)}\n`, true],
    ['white space', ' \n', false],
    ['half a character', '\ud83c', false],
  ])('of %s is judged after parsing, in UTF-16 units', async (_, text, ok) => {
    expect((await say(anna().id, text)).ok).toBe(ok);
  });

  it('is longer with markup than what is counted', async () => {
    expect((await say(anna().id, `<b>${'a'.repeat(4096)}</b>`, { parse_mode: 'HTML' })).ok).toBe(true);
  });

  it.each([
    [{ type: 'bold', offset: 1, length: 1 }, 'begins in a middle'],
    [{ type: 'bold', offset: 0, length: 1 }, 'ends in a middle'],
    [{ type: 'bold', offset: 0, length: 4 }, 'incorrect offset'],
    [{ type: 'bold', offset: -1, length: 1 }, 'incorrect offset'],
    [{ type: 'loud', offset: 0, length: 2 }, 'unsupported type'],
    [{ type: 'text_link', offset: 0, length: 2, url: 'javascript:1' }, 'wrong HTTP URL'],
  ])('may not have the entity %j', async (entity, description) => {
    expect((await say(anna().id, '🎩a', { entities: [entity] })).description).toContain(description);
  });

  it.each([
    ['HTML', 'aй<b>x', `Can't find end tag corresponding to start tag "b"`],
    ['HTML', 'aй<x>', 'Unsupported start tag "x" at byte offset 3'],
    ['HTML', 'a < b', 'byte offset 2'],
    ['HTML', '<b><i>x</b></i>', 'expected "</i>", found "</b>"'],
    ['MarkdownV2', 'й*b', "Can't find end of Bold entity at byte offset 2"],
    ['MarkdownV2', 'End.', "Character '.' is reserved"],
    ['MarkdownV2', '[a](https://a.example', "Can't find end of a URL at byte offset 2"],
  ])('in %s cannot be parsed when it is %j (case 47)', async (mode, text, description) => {
    const { error_code, ...rest } = await say(anna().id, text, { parse_mode: mode });
    expect(error_code).toBe(400);
    expect(rest.description).toContain(`can't parse entities: `);
    expect(rest.description).toContain(description);
  });

  it('is stored with the entities of its markup', async () => {
    const user = anna();
    await say(user.id, '*a* _b_ [c\\.](https://c.example) `d`', { parse_mode: 'MarkdownV2' });
    await say(user.id, '<b>a</b> &lt;i&gt; <a href="https://c.example">c</a>', { parse_mode: 'HTML' });
    expect(user.messages().map(({ text }) => text)).toEqual(['a b c. d', 'a <i> c']);
    expect(user.messages()[0]?.entities?.map(({ type, offset }) => `${type} ${offset}`)).toEqual([
      'bold 0',
      'italic 2',
      'text_link 4',
      'code 7',
    ]);
  });
});

describe('buttons', () => {
  const keyboard = (button: object) => ({ reply_markup: { inline_keyboard: [[{ text: 'A', ...button }]] } });
  it.each([
    [{ callback_data: 'я'.repeat(32) }, true],
    [{ callback_data: `${'я'.repeat(32)}a` }, false],
    [{ callback_data: '' }, false],
    [{ url: 'nonsense' }, false],
    [{ pay: true }, false],
    [{}, false],
  ])('%j under a text', async (button, ok) => {
    expect((await say(anna().id, 'Text', keyboard(button))).ok).toBe(ok);
  });

  it('are answered once, and not when the query is too old (case 50)', async () => {
    const user = anna();
    await say(user.id, 'Text', keyboard({ callback_data: 'x' }));
    const pressed = user.press('A');
    const id = lastId('callback_query');
    expect(await call('answerCallbackQuery', { callback_query_id: id, text: 'Yes' })).toMatchObject({ ok: true });
    expect(await pressed).toBe('Yes');
    expect((await call('answerCallbackQuery', { callback_query_id: id })).description).toContain('query is too old');
    void user.press('A');
    const late = lastId('callback_query');
    server.skewMs += 120_000;
    expect((await call('answerCallbackQuery', { callback_query_id: late })).description).toContain('query is too old');
  });
});

describe('a chat', () => {
  it('must be begun by the person, may be blocked, and may be gone', async () => {
    const user = server.user('Anna');
    expect((await say(user.id, 'a')).error_code).toBe(403);
    user.send('/start');
    expect((await say(user.id, 'a')).ok).toBe(true);
    user.block();
    expect(await say(user.id, 'a')).toMatchObject({
      error_code: 403,
      description: 'Forbidden: bot was blocked by the user',
    });
    user.unblock();
    expect((await say(user.id, 'a')).ok).toBe(true);
    user.leave();
    expect((await say(user.id, 'a')).description).toBe('Forbidden: user is deactivated');
    expect((await say(1, 'a')).description).toBe('Bad Request: chat not found');
  });

  it('that became a supergroup says so', async () => {
    const group = server.addGroup('Lawyers');
    const moved = server.migrate(group);
    expect(await say(group, 'a')).toMatchObject({ error_code: 400, parameters: { migrate_to_chat_id: moved } });
    expect((await say(moved, 'a')).ok).toBe(true);
  });

  it('takes so many messages at once, and then says how long to wait', async () => {
    const user = anna();
    const answers = await Promise.all(Array.from({ length: 21 }, () => say(user.id, 'a')));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(20);
    expect(answers.find(({ ok }) => !ok)).toMatchObject({ error_code: 429, parameters: { retry_after: 1 } });
    server.skewMs += 1_000;
    expect((await say(user.id, 'a')).ok).toBe(true);
    server.flood(33, user.id);
    expect((await say(user.id, 'a')).parameters?.retry_after).toBe(33);
  });

  it('has messages that are edited, but not to the same, and not when they are gone', async () => {
    const user = anna();
    await say(user.id, 'a');
    const [{ message_id = 0 } = {}] = user.messages();
    const edit = (text: string) => call('editMessageText', { chat_id: user.id, message_id, text });
    expect((await edit('a')).description).toContain('message is not modified');
    expect((await edit('b')).ok).toBe(true);
    user.remove(message_id);
    expect((await edit('c')).description).toBe('Bad Request: message to edit not found');
  });

  it('shows a draft for a while, until the message comes; in no group', async () => {
    const user = anna();
    const draft = { chat_id: user.id, draft_id: 1, text: 'Wri', can_stop: true };
    expect((await call('sendMessageDraft', draft)).ok).toBe(true);
    expect(user.draft()).toBe('Wri');
    user.stop();
    expect(server.bot().pending.at(-1)?.update).toMatchObject({ stopped_message_generation: { draft_id: 1 } });
    await say(user.id, 'Written');
    expect(user.draft()).toBeUndefined();
    expect((await call('sendMessageDraft', { ...draft, chat_id: server.addGroup('A') })).ok).toBe(false);
    expect((await call('sendMessageDraft', { ...draft, draft_id: 0 })).ok).toBe(false);
  });
});

describe('a token', () => {
  it('that was revoked, or is none, opens nothing', async () => {
    expect((await call('getMe')).ok).toBe(true);
    server.revoke(token);
    expect((await call('getMe')).error_code).toBe(401);
    expect((await call('getMe', {}, 'nonsense')).error_code).toBe(404);
  });
});

describe('a picture', () => {
  it.each([
    [5000, 5000, true],
    [7000, 5400, false],
    [2000, 100, true],
    [2001, 100, false],
  ])('of %i by %i', async (width, height, ok) => {
    expect((await upload('sendPhoto', anna().id, aPng(width, height))).ok).toBe(ok);
    expect((await upload('sendDocument', anna().id, aPng(width, height))).ok).toBe(true);
  });

  it('is sent again by its id, by the same bot and in the same way', async () => {
    const user = anna();
    await upload('sendPhoto', user.id, aPng(10, 10));
    const photo = user.messages()[0]?.photo?.at(-1)?.file_id;
    expect((await call('sendPhoto', { chat_id: user.id, photo })).ok).toBe(true);
    expect((await call('sendDocument', { chat_id: user.id, document: photo })).ok).toBe(false);
    const other = server.addBot();
    server.user('Anna', { token: other.token }).send('/start');
    expect((await call('sendPhoto', { chat_id: user.id, photo }, other.token)).ok).toBe(false);
  });
});

describe('updates', () => {
  const poll = (params: object = {}) => call<{ update_id: number }[]>('getUpdates', params);

  it('are polled until they are confirmed, of the types that were asked for', async () => {
    anna();
    server.user('Anna').block();
    const { result } = await poll();
    expect(result).toHaveLength(2);
    expect((await poll()).result).toEqual(result);
    expect(
      (await poll({ offset: (result?.[0]?.update_id ?? 0) + 1, allowed_updates: ['message'] })).result,
    ).toHaveLength(1);
    server.user('Anna').unblock();
    expect((await poll()).result).toHaveLength(1);
  });

  it('are polled by one, who waits for them (case 52)', async () => {
    const first = poll({ timeout: 5 });
    await expect.poll(() => server.bot().poll).toBeDefined();
    const second = poll({ timeout: 5 });
    expect(await first).toMatchObject({ error_code: 409 });
    await expect.poll(() => server.bot().poll).toBeDefined();
    anna();
    expect((await second).result).toHaveLength(1);
    await call('setWebhook', { url: 'http://127.0.0.1:1/' });
    expect((await poll()).description).toContain("can't use getUpdates method while webhook is active");
  });

  describe('of a webhook', () => {
    let status = 200;
    let seen: { secret: unknown; update: { update_id: number; message: { text: string } } }[] = [];
    const hook = createServer(async (request: IncomingMessage, response) => {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece);
      seen.push({
        secret: request.headers['x-telegram-bot-api-secret-token'],
        update: JSON.parse(Buffer.concat(pieces).toString()),
      });
      if (status > 0) response.writeHead(status).end();
    });
    beforeEach(async () => {
      [status, seen] = [200, []];
      hook.listen(0, '127.0.0.1');
      await once(hook, 'listening');
      const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`;
      expect(await call('setWebhook', { url, secret_token: 's_1' })).toMatchObject({ ok: true });
    });
    afterEach(() => {
      hook.closeAllConnections();
      return hook.close();
    });

    it.each([500, 302, 0])('come again under the same id after %i, those of a chat in order', async (failure) => {
      status = failure;
      const user = anna();
      user.send('two');
      await expect.poll(() => seen.length, { timeout: 3_000 }).toBeGreaterThan(1);
      expect(new Set(seen.map(({ update }) => update.update_id)).size).toBe(1);
      expect(await call('getWebhookInfo')).toMatchObject({ result: { pending_update_count: 2 } });
      status = 200;
      await expect.poll(() => server.bot().pending, { timeout: 3_000 }).toEqual([]);
      expect(seen.at(-1)).toMatchObject({ secret: 's_1', update: { message: { text: 'two' } } });
    });

    it.each([
      { url: 'http://example.org/' },
      { url: 'https://example.org:81/' },
      { url: 'https://a.example', secret_token: 'ä' },
    ])('are not brought to %j', async (params) => {
      expect((await call('setWebhook', params)).error_code).toBe(400);
    });
  });
});

describe('money', () => {
  const invoice = {
    title: 'Ten',
    description: 'Ten readings',
    payload: 'order:1',
    currency: 'XTR',
    prices: [{ label: 'Ten', amount: 100 }],
  };
  const checkout = () => lastId('pre_checkout_query');

  it('moves when the bot agrees in time, and back once (case 51)', async () => {
    const user = anna();
    await call('sendInvoice', { chat_id: user.id, ...invoice });
    expect(await user.pay()).toEqual({ ok: false, error: 'the bot did not answer in time' });
    expect((await call('answerPreCheckoutQuery', { pre_checkout_query_id: checkout(), ok: true })).ok).toBe(false);
    const refused = user.pay();
    await call('answerPreCheckoutQuery', { pre_checkout_query_id: checkout(), ok: false, error_message: 'No' });
    expect(await refused).toEqual({ ok: false, error: 'No' });
    const paying = user.pay();
    await call('answerPreCheckoutQuery', { pre_checkout_query_id: checkout(), ok: true });
    const paid = await paying;
    const chargeId = paid.ok ? paid.chargeId : '';
    expect([user.stars, server.bot().stars]).toEqual([99_900, 100]);
    expect(server.bot().pending.at(-1)?.update).toMatchObject({
      message: { successful_payment: { invoice_payload: 'order:1', telegram_payment_charge_id: chargeId } },
    });
    const refund = () => call('refundStarPayment', { user_id: user.id, telegram_payment_charge_id: chargeId });
    expect((await refund()).ok).toBe(true);
    expect((await refund()).description).toContain('CHARGE_ALREADY_REFUNDED');
    expect([user.stars, server.bot().stars]).toEqual([100_000, 0]);
    expect(await call('getStarTransactions')).toMatchObject({
      result: {
        transactions: [
          { id: chargeId, source: {} },
          { id: chargeId, receiver: {} },
        ],
      },
    });
  });

  it.each([
    { title: 'a'.repeat(33) },
    { description: '' },
    { payload: 'я'.repeat(65) },
    { provider_token: 'x' },
    {
      prices: [
        { label: 'a', amount: 1 },
        { label: 'b', amount: 2 },
      ],
    },
    { prices: [{ label: 'a', amount: 0 }] },
    { currency: 'RUB' },
  ])('is not asked for with %j', async (wrong) => {
    expect((await call('sendInvoice', { chat_id: anna().id, ...invoice, ...wrong })).error_code).toBe(400);
  });

  it('comes each month until the subscription is cancelled', async () => {
    const user = anna();
    const link = await call('createInvoiceLink', { ...invoice, subscription_period: 2_592_000 });
    expect((await call('createInvoiceLink', { ...invoice, subscription_period: 1 })).ok).toBe(false);
    const paying = user.pay(String(link.result));
    await call('answerPreCheckoutQuery', { pre_checkout_query_id: checkout(), ok: true });
    const paid = await paying;
    const first = paid.ok ? paid.chargeId : '';
    const second = user.renew(first) ?? '';
    expect(server.bot().pending.at(-1)?.update).toMatchObject({
      message: { successful_payment: { is_recurring: true, telegram_payment_charge_id: second } },
    });
    const edit = (id: string) =>
      call('editUserStarSubscription', { user_id: user.id, telegram_payment_charge_id: id, is_canceled: false });
    expect([(await edit(second)).ok, (await edit(first)).ok]).toEqual([false, true]);
    user.cancelSubscription(second);
    expect(server.bot().pending.at(-1)?.update).toMatchObject({ subscription: { state: 'canceled' } });
    expect(user.renew(second)).toBeUndefined();
  });
});
