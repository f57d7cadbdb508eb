import { Readable } from 'node:stream';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../db/client.ts';
import { sweepTelegram } from '../../modules/messages/sweep.ts';
import { bold, type OutgoingAction, plain } from '../../modules/messages/telegram/index.ts';
import { aPng } from '../../platform/testing/telegram/a-png.fixture.ts';
import type { TelegramUser } from '../../platform/testing/telegram-server.ts';
import { sendingScene, type TestBot, text } from './scene.fixture.ts';

const { sql, server, worker, addBot, store, send, work, states } = await sendingScene();

let bot: TestBot;
let anna: TelegramUser;
let people = 0;
const person = (of: TestBot) => {
  const user = server.user(`Person ${++people}`, { token: of.token });
  user.send('/start');
  return user;
};
beforeEach(async () => {
  await sql`delete from pgboss.job where name = 'sending'`;
  server.calls.length = 0;
  bot = await addBot();
  anna = person(bot);
});
const shown = (user: TelegramUser = anna) => user.messages().map((message) => message.text ?? message.caption ?? '');
const callsOf = (method: string) => server.calls.filter((call) => call.method === method);
const waiting = async () =>
  (
    await sql<{ seconds: number }[]>`
    select round(extract(epoch from start_after - now()))::int as seconds from pgboss.job where name = 'sending' order by 1`
  ).map(({ seconds }) => seconds);

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

describe('429', () => {
  it('pauses the chat and no other, and costs neither order nor an attempt (case 46)', async () => {
    const boris = person(bot);
    server.flood(33, anna.id, bot.token);
    await store(bot, anna.id, { a: text('one'), b: text('two') });
    await store(bot, boris.id, { a: text('free') });
    await work();
    expect([shown(), shown(boris)]).toEqual([[], ['free']]);
    expect(await waiting()).toEqual([33]);
    await store(bot, anna.id, { a: text('three') });
    await work();
    await send(bot, anna.id);
    expect(callsOf('sendMessage').filter(({ status }) => status === 429)).toHaveLength(1);
    server.skewMs += 33_000;
    await sql`update telegram_pauses set until = now()`;
    await send(bot, anna.id);
    expect(shown()).toEqual(['one', 'two', 'three']);
    expect((await sql`select max(uncertain) as most from telegram_messages`)[0]?.most).toBe(0);
  });

  it('of several chats pauses the bot', async () => {
    const many = Array.from({ length: 6 }, () => person(bot));
    for (const { id } of many.slice(0, 3)) server.flood(60, id, bot.token);
    for (const { id } of many) await store(bot, id, { a: text('a') });
    for (const { id } of many) await send(bot, id);
    expect(many.flatMap((user) => shown(user))).toEqual([]);
    expect(callsOf('sendMessage')).toHaveLength(3);
  });

  it('again and again loses and doubles nothing', async () => {
    const busy = await addBot();
    const many = Array.from({ length: 10 }, () => person(busy));
    for (const { id } of many) for (let n = 0; n < 5; n++) await store(busy, id, { a: text(String(n)) });
    const done = async () =>
      (await sql`select 1 from telegram_messages where bot_id = ${busy.id} and closed_at is null`).length === 0;
    for (let turn = 0; !(await done()); turn++) {
      expect(turn).toBeLessThan(60);
      for (const { id } of many) if (Math.random() < 0.4) server.flood(1, id, busy.token);
      await Promise.all(many.map(({ id }) => send(busy, id)));
      server.skewMs += 1_000;
      await sql`update telegram_pauses set until = now()`;
    }
    for (const user of many) expect(shown(user)).toEqual(['0', '1', '2', '3', '4']);
  });
});

describe('a chat that cannot be written to', () => {
  it('is marked, and what waits for it is dropped, until the person writes again (case 45)', async () => {
    anna.block();
    await store(bot, anna.id, { a: text('one'), b: text('two') });
    await work();
    await store(bot, anna.id, { a: text('picture') }, 'image:2');
    await work();
    expect(callsOf('sendMessage')).toHaveLength(1);
    expect(await states(bot)).toEqual(['a dropped blocked', 'b dropped blocked', 'a dropped blocked']);
    anna.unblock();
    await store(bot, anna.id, { a: text('Here I am') });
    await store(bot, anna.id, { a: text('picture') }, 'image:3');
    await work();
    expect(shown()).toEqual(['Here I am', 'picture']);
  });

  it('is followed when it became another', async () => {
    const group = server.addGroup('Lawyers', bot.token);
    const moved = server.migrate(group, bot.token);
    await store(bot, group, { a: text('one'), b: text('two') });
    await work();
    await store(bot, group, { a: text('three') });
    await work();
    const [user] = [server.user('Vera', { token: bot.token, group: moved })];
    expect(shown(user)).toEqual(['one', 'two', 'three']);
    expect(callsOf('sendMessage').filter(({ status }) => status === 400)).toHaveLength(1);
  });
});

describe('a token that is void', () => {
  it('stops the bot, and what waits is sent when it has another', async () => {
    server.revoke(bot.token);
    await store(bot, anna.id, { a: text('one') });
    await work();
    expect([...(await sql`select state from bots where id = ${bot.id}`)]).toEqual([{ state: 'unauthorized' }]);
    await send(bot, anna.id);
    expect(server.calls).toHaveLength(1);
    expect(await states(bot)).toEqual(['a queued']);
    expect(JSON.stringify(worker.log)).not.toContain(bot.token.slice(11));
  });
});

describe('a connection that breaks', () => {
  const invoice: OutgoingAction = {
    ...{ kind: 'invoice', title: 'Ten', description: 'Ten readings', payload: 'order:1', stars: 50, label: 'Ten' },
  };

  it.each(['forget', 'cut'] as const)('is followed by one repetition (%s)', async (kind) => {
    server.fail('sendMessage', { kind });
    await store(bot, anna.id, { a: text('one'), b: text('two') });
    await work();
    expect(shown()).toEqual(kind === 'forget' ? ['one', 'one', 'two'] : ['one', 'two']);
    server.fail('sendMessage', { kind }, { kind });
    await store(bot, anna.id, { c: text('three') });
    await work();
    expect((await states(bot)).at(-1)).toBe('c failed uncertain');
  });

  it('is not followed by a second invoice', async () => {
    for (const kind of ['forget', 'cut'] as const) {
      server.fail('sendInvoice', { kind });
      await store(bot, anna.id, { a: invoice });
      await work();
    }
    expect(callsOf('sendInvoice')).toHaveLength(2);
    await store(bot, anna.id, { b: invoice });
    await work();
    expect(await states(bot)).toEqual(['a failed uncertain', 'a failed uncertain', 'b sent']);
  });

  it('waits for Telegram while it answers nothing at all', async () => {
    server.fail('sendMessage', { kind: 'answer', status: 502 });
    server.fail('getMe', { kind: 'answer', status: 502 });
    await store(bot, anna.id, { a: text('one') });
    await work();
    expect([shown(), (await waiting()).length]).toEqual([[], 1]);
    await send(bot, anna.id);
    expect(shown()).toEqual(['one']);
  });
});

describe('a process that ends while it sends', () => {
  /** Fails at one transaction and after it, as if the process had ended there. */
  const endingAt = (last: number): Database => {
    let count = 0;
    const { database } = worker.deps;
    return {
      ...database,
      transaction: (run) => (++count >= last ? Promise.reject(new Error('ended')) : database.transaction(run)),
    };
  };
  it.each([1, 2, 3, 4, 5, 6])('at transaction %i, loses nothing and doubles one message at most', async (at) => {
    await store(bot, anna.id, { a: text('one'), b: text('two') });
    await expect(send(bot, anna.id, { database: endingAt(at) })).rejects.toThrow('ended');
    await send(bot, anna.id);
    expect([...new Set(shown())]).toEqual(['one', 'two']);
    expect(shown().length).toBeLessThanOrEqual(3);
    expect(shown()).toEqual(shown().toSorted());
    expect(await states(bot)).toEqual(['a sent', 'b sent']);
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
