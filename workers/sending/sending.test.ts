import { Readable } from 'node:stream';
import { beforeEach, describe, expect, it } from 'vitest';
import { sweepTelegram } from '../../modules/messages/sweep.ts';
import { bold, type OutgoingAction, plain } from '../../modules/messages/telegram/index.ts';
import { aPng } from '../../platform/testing/telegram/a-png.fixture.ts';
import type { TelegramUser } from '../../platform/testing/telegram-server.ts';
import { sendingScene, type TestBot, text } from './scene.fixture.ts';

const { addBot, person, clear, sql, server, worker, store, send, work, states, callsOf, waiting } =
  await sendingScene();

let bot: TestBot;
let anna: TelegramUser;
beforeEach(async () => {
  await clear();
  bot = await addBot();
  anna = person(bot);
});
const shown = (user: TelegramUser = anna) => user.messages().map((message) => message.text ?? message.caption ?? '');

describe('messages of a chat', () => {
  it('are sent in the order in which they were stored, once', async () => {
    await store(bot, anna.id, { a: text('one'), b: text('two') }, 'update:one');
    await store(bot, anna.id, { a: text('other words') }, 'update:one');
    await store(bot, anna.id, { a: text('three') });
    await work();
    await send(bot, anna.id);
    expect(shown()).toEqual(['one', 'two', 'three']);
    expect(await sql`select 1 from telegram_messages where action is not null and bot_id = ${bot.id}`).toHaveLength(0);
  });

  it('are sent once when two jobs of the chat begin in the same moment', async () => {
    server.fail('sendMessage', { kind: 'slow', ms: 100 });
    await store(bot, anna.id, { a: text('one'), b: text('two') });
    await sql`delete from pgboss.job where name = 'sending'`;
    await Promise.all([send(bot, anna.id), send(bot, anna.id)]);
    expect(shown()).toEqual(['one', 'two']);
    expect(await waiting()).toHaveLength(1);
  });

  it('survive a restart with their order and place (case 53)', async () => {
    const others = await addBot();
    const boris = person(others);
    for (let n = 1; n <= 3; n++) await store(bot, anna.id, { a: text(String(n)) });
    await store(others, boris.id, { a: text('b') });
    await sql`delete from pgboss.job where name = 'sending'`;
    await sql`update telegram_messages set created_at = now() - interval '1 hour'`;
    await worker.deliver(null);
    await work();
    expect([shown(), shown(boris)]).toEqual([['1', '2', '3'], ['b']]);
  });

  it('have what is too long in several, with buttons under the last (case 48)', async () => {
    const keyboard = [[{ text: 'More', data: 'tarot:more' }]];
    await store(bot, anna.id, { a: { kind: 'text', text: bold(`${'a'.repeat(4095)}🎩${'b'.repeat(10)}`), keyboard } });
    await work();
    expect(shown().map(({ length }) => length)).toEqual([4095, 12]);
    expect(anna.messages().map(({ entities, reply_markup }) => [entities?.length, reply_markup !== undefined])).toEqual(
      [
        [1, false],
        [1, true],
      ],
    );
  });

  it('may hold what markup could not (case 47)', async () => {
    await store(bot, anna.id, { a: text('An unfinished * and _ and <b and 1.') });
    await work();
    expect(shown()).toEqual(['An unfinished * and _ and <b and 1.']);
  });

  it('are changed and removed by later steps', async () => {
    const edit = (of: string | number, words: string): OutgoingAction => ({ kind: 'edit', of, text: plain(words) });
    await store(bot, anna.id, { a: text('0 %'), b: text('other') }, 'image:1');
    await work();
    await store(bot, anna.id, { c: edit('a', '10 %'), d: edit('a', '20 %') }, 'image:1');
    await work();
    expect(shown()).toEqual(['20 %', 'other']);
    expect(callsOf('editMessageText')).toHaveLength(1);
    await store(bot, anna.id, { e: edit('a', '20 %') }, 'image:1');
    await work();
    const [first] = anna.messages();
    await store(bot, anna.id, { f: edit(first?.message_id ?? 0, 'by id') });
    await work();
    expect(shown()).toEqual(['by id', 'other']);
    anna.remove(first?.message_id ?? 0);
    await store(bot, anna.id, { g: edit('a', '30 %') }, 'image:1');
    await work();
    expect(shown()).toEqual(['other', '30 %']);
    await store(bot, anna.id, { h: { kind: 'delete', of: 'a' }, i: { kind: 'delete', of: 'never' } }, 'image:1');
    await work();
    expect(shown()).toEqual(['other']);
    expect((await states(bot)).filter((state) => !/ sent/.test(state))).toEqual([]);
  });
});

describe('files', () => {
  const stored = async (content: Buffer) => {
    const key = `${crypto.randomUUID().slice(0, 2)}/${crypto.randomUUID()}`;
    await worker.deps.storage.write(key, Readable.from([content]), { maxBytes: 1e8 });
    return key;
  };
  const png = async (width: number, height: number) => {
    const content = aPng(width, height);
    const storageKey = await stored(content);
    return { storageKey, fileName: 'a.png', type: 'image/png', bytes: content.length, width, height };
  };

  it('are uploaded once for each bot', async () => {
    const file = await png(20, 20);
    for (let n = 0; n < 2; n++) await store(bot, anna.id, { a: { kind: 'photo', file, caption: plain('Here') } });
    await work();
    const other = await addBot();
    const boris = person(other);
    await store(other, boris.id, { a: { kind: 'photo', file } });
    await work();
    expect(callsOf('sendPhoto').map(({ params }) => typeof params.photo)).toEqual(['undefined', 'string', 'undefined']);
    expect(shown()).toEqual(['Here', 'Here']);
  });

  it('are documents where Telegram takes no such photo (case 49)', async () => {
    await store(bot, anna.id, { a: { kind: 'photo', file: await png(7000, 5400) } });
    const { width: _, height: __, ...unknown } = await png(6000, 4100);
    await store(bot, anna.id, { a: { kind: 'photo', file: unknown } });
    await work();
    expect(anna.messages().map(({ document }) => document?.file_name)).toEqual(['a.png', 'a.png']);
    expect(callsOf('sendPhoto').map(({ status }) => status)).toEqual([400]);
  });

  it('have what is too long for a caption below them', async () => {
    await store(bot, anna.id, {
      a: { kind: 'photo', file: await png(9, 9), caption: plain(`${'a'.repeat(1000)} ${'b'.repeat(500)}`) },
    });
    await work();
    expect(shown().map(({ length }) => length)).toEqual([1000, 500]);
  });

  it('that are gone do not hold up what comes after them', async () => {
    const file = { ...(await png(9, 9)), storageKey: `aa/${crypto.randomUUID()}` };
    await store(bot, anna.id, { a: { kind: 'document', file }, b: text('After') });
    await work();
    expect(shown()).toEqual(['After']);
    expect(await states(bot)).toEqual(['a failed file-gone', 'b sent']);
  });
});

it('goes into other chats with a job that has had its turn', async () => {
  for (let n = 0; n < 35; n++) await store(bot, anna.id, { a: text(String(n)) });
  await sql`delete from pgboss.job where name = 'sending'`;
  await send(bot, anna.id);
  expect(shown()).toHaveLength(30);
  expect(await waiting()).toHaveLength(1);
  await work();
  expect(shown()).toHaveLength(35);
});

it('is forgotten after two weeks', async () => {
  await store(bot, anna.id, { a: text('one') });
  await work();
  await sweepTelegram(worker.deps.database, new Date(Date.now() + 13 * 24 * 3_600_000));
  expect(await states(bot)).toHaveLength(1);
  await sweepTelegram(worker.deps.database, new Date(Date.now() + 15 * 24 * 3_600_000));
  expect(await states(bot)).toEqual([]);
});
