import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Bot, GrammyError, InlineKeyboard, InputFile, webhookCallback } from 'grammy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTelegramServer, type TelegramServer } from '../telegram-server.ts';
import { aPng } from './a-png.fixture.ts';

/** A client that others keep tells whether the server speaks as Telegram does. */
let server: TelegramServer;
let bot: Bot;
beforeEach(async () => {
  server = await startTelegramServer();
  bot = new Bot(server.addBot('grammy_bot').token, { client: { apiRoot: server.url } });
});
afterEach(async () => {
  if (bot.isRunning()) await bot.stop();
  await server.close();
});

/** Asks, shows a picture, and sells. */
function serve(): void {
  bot.command('start', (ctx) =>
    ctx.reply('<b>Welcome</b>', { parse_mode: 'HTML', reply_markup: new InlineKeyboard().text('Draw', 'draw') }),
  );
  bot.callbackQuery('draw', async (ctx) => {
    await ctx.answerCallbackQuery({ text: 'Soon' });
    await ctx.editMessageText('The Fool');
    await ctx.replyWithPhoto(new InputFile(aPng(20, 20), 'fool.png'), { caption: 'The Fool' });
  });
  bot.command('buy', (ctx) =>
    ctx.replyWithInvoice('Ten', 'Ten readings', 'order:1', 'XTR', [{ label: 'Ten', amount: 50 }]),
  );
  bot.on('pre_checkout_query', (ctx) => ctx.answerPreCheckoutQuery(true));
  bot.on('message:successful_payment', (ctx) => ctx.reply(`Paid ${ctx.message.successful_payment.total_amount}`));
}

async function converse(): Promise<void> {
  const anna = server.user('Anna');
  anna.send('/start');
  expect((await anna.waitFor('Welcome')).entities).toEqual([{ type: 'bold', offset: 0, length: 7 }]);
  expect(await anna.press('Draw')).toBe('Soon');
  const photo = await anna.waitFor(({ photo }) => photo !== undefined);
  expect(photo.photo?.at(-1)).toMatchObject({ width: 20, height: 20 });
  expect(anna.messages().map(({ text, caption }) => text ?? caption)).toEqual(['The Fool', 'The Fool']);
  anna.send('/buy');
  await anna.waitFor(({ invoice }) => invoice !== undefined);
  expect(await anna.pay()).toMatchObject({ ok: true });
  await anna.waitFor('Paid 50');
}

describe('grammY', () => {
  it('holds a conversation by polling', async () => {
    serve();
    const running = bot.start();
    await converse();
    await bot.stop();
    await running;
    // The library confirms what it has read with its last call.
    expect(server.bot().pending).toEqual([]);
  });

  it('holds the same by a webhook with a secret', async () => {
    serve();
    const secretToken = 'secret_1';
    const hook = createServer(webhookCallback(bot, 'http', { secretToken })).listen(0, '127.0.0.1');
    await once(hook, 'listening');
    const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`;
    try {
      await bot.api.setWebhook(url, {
        secret_token: secretToken,
        allowed_updates: ['message', 'callback_query', 'pre_checkout_query'],
      });
      await converse();
      expect(await bot.api.getWebhookInfo()).toMatchObject({ url, pending_update_count: 0 });
      expect(new Set(server.deliveries.map(({ status }) => status))).toEqual(new Set([200]));
    } finally {
      hook.closeAllConnections();
      hook.close();
    }
  });

  it('sends files by id, reads them, and removes messages', async () => {
    const anna = server.user('Anna');
    anna.send('/start');
    const { photo } = await bot.api.sendPhoto(anna.id, new InputFile(aPng(8, 8)));
    const again = await bot.api.sendPhoto(anna.id, photo.at(-1)?.file_id ?? '');
    const { file_path } = await bot.api.getFile(again.photo.at(-1)?.file_id ?? '');
    const file = await fetch(`${server.url}/file/bot${bot.token}/${file_path}`);
    expect(Buffer.from(await file.arrayBuffer())).toEqual(aPng(8, 8));
    await bot.api.editMessageMedia(anna.id, again.message_id, {
      type: 'document',
      media: new InputFile(Buffer.from('a'), 'a.txt'),
    });
    expect(anna.messages().at(-1)?.document).toMatchObject({ file_name: 'a.txt', file_size: 1 });
    await bot.api.deleteMessage(anna.id, again.message_id);
    expect(anna.messages()).toHaveLength(1);
  });

  it('understands refusals', async () => {
    const anna = server.user('Anna');
    anna.send('/start');
    server.flood(7, anna.id);
    const limited = await bot.api.sendMessage(anna.id, 'a').catch((error: unknown) => error);
    expect(limited).toBeInstanceOf(GrammyError);
    expect(limited).toMatchObject({ error_code: 429, parameters: { retry_after: 7 } });
    await expect(bot.api.sendMessage(1, 'a')).rejects.toMatchObject({ error_code: 400 });
    await bot.api.setMyCommands([{ command: 'start', description: 'Begin' }]);
    expect(await bot.api.getMyCommands()).toEqual([{ command: 'start', description: 'Begin' }]);
    server.revoke(bot.token);
    await expect(bot.api.getMe()).rejects.toMatchObject({ error_code: 401 });
  });
});
