import { beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../db/client.ts';
import type { OutgoingAction } from '../../modules/messages/telegram/index.ts';
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

describe('429', () => {
  it('pauses the chat and no other, and costs neither order nor an attempt (case 46)', async () => {
    const boris = person(bot);
    server.flood(33, anna.id, bot.token);
    await store(bot, anna.id, { a: text('one'), b: text('two') });
    await store(bot, boris.id, { a: text('free') });
    await work();
    expect([shown(), shown(boris)]).toEqual([[], ['free']]);
    const [seconds, ...others] = await waiting();
    expect(others).toEqual([]);
    expect(seconds).toBeGreaterThan(28);
    expect(seconds).toBeLessThanOrEqual(33);
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
