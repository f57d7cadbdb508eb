import { describe, expect, it } from 'vitest';
import type { RateLimiter } from '../../../platform/capabilities/rates/index.ts';
import { Postponed } from '../../models/index.ts';
import { echoSkill } from '../skills/echo.fixture.ts';
import { MOST_ATTEMPTS } from './handle-chat.ts';
import { botScene } from './scene.fixture.ts';

const { sql, receiver, bot, said, pressed, message, work, answers, balance, open, refusals } = await botScene();
type Scene = Awaited<ReturnType<typeof bot>>;
const deliver = async ({ id, secret }: Scene, ...updates: object[]) => {
  for (const update of updates) await receiver.receive(id, secret, update);
};
const free = { settings: { free: { reading: 50 } } };

describe('updates of a chat', () => {
  it('are answered in the order of arrival, whatever their numbers, and forgotten', async () => {
    const one = await bot(free);
    const [a, b, c] = [said(1, 'one'), said(1, 'two'), { ...said(1, 'three'), update_id: 5 }];
    await deliver(one, a, b, c);
    await work();
    expect(await answers(one.id, 1)).toEqual(['one', 'two', 'three']);
    expect(await sql`select distinct payload from bot_updates where bot_id = ${one.id}`).toEqual([{ payload: null }]);
  });

  it('that are delivered 14 times are answered and charged once (case 43)', async () => {
    const one = await bot(free);
    const update = said(1, 'one');
    await Promise.all(Array.from({ length: 14 }, () => deliver(one, update)));
    await work();
    await deliver(one, update);
    await work();
    expect(await answers(one.id, 1)).toEqual(['one']);
    expect(await balance(one.id, 1)).toMatchObject({ used: 1 });
  });

  it('that were cut off after the charge was reserved are charged once (case 44)', async () => {
    const one = await bot(free);
    await deliver(one, said(1, 'one'), said(1, 'two'));
    const dying = [echoSkill(() => Promise.reject(new Error('The process ends')))];
    await expect(work({ skills: dying })).rejects.toThrow('The process ends');
    await sql`insert into pgboss.job (name, data) values ('chats', ${sql.json({ kind: 'chat', organizationId: one.organization.id, botId: one.id, chatId: '1' })})`;
    await work();
    expect([await answers(one.id, 1), await balance(one.id, 1)]).toMatchObject([['one', 'two'], { used: 2 }]);
  });

  it('that two processes handle at once have one effect', async () => {
    const one = await bot(free);
    await deliver(one, said(1, 'one'));
    const both = Promise.withResolvers<void>();
    let inside = 0;
    const skills = [
      echoSkill(async () => {
        if (++inside === 2) both.resolve();
        await both.promise;
      }),
    ];
    await sql`insert into pgboss.job (name, data) select name, data from pgboss.job where name = 'chats'`;
    await work({ skills });
    expect([inside, await answers(one.id, 1), (await balance(one.id, 1)).used]).toEqual([2, ['one'], 1]);
  });

  it('that fail again and again are given up with a word, and hold up no others', async () => {
    const one = await bot(free);
    await deliver(one, said(1, 'fail'), said(1, 'two'));
    const chat = { organizationId: one.organization.id, botId: one.id, chatId: '1' };
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      await expect(work(), String(attempt)).rejects.toThrow('told to fail');
      await sql`insert into pgboss.job (name, data) values ('chats', ${sql.json(chat)})`;
    }
    await work();
    expect(await answers(one.id, 1)).toEqual([expect.stringContaining('Ничего не списано'), 'two']);
    expect(await balance(one.id, 1)).toMatchObject({ used: 1 });
  });

  it('that wait for something keep their turn in the chat, hold up no others, and are no failures', async () => {
    const one = await bot(free);
    let waits = MOST_ATTEMPTS + 2;
    const skills = [
      echoSkill(async ({ event }) => {
        if (event.type === 'text' && event.text === 'wait' && --waits > 0) throw new Postponed(5);
      }),
    ];
    await deliver(one, said(1, 'wait'), said(1, 'after'), said(2, 'other'));
    const looks = () => sql<{ seconds: number }[]>`
      select round(extract(epoch from start_after - now()))::int as seconds from pgboss.job where name = 'chats' and state = 'created'`;
    await work({ skills }, { isEager: false });
    expect([await answers(one.id, 1), await answers(one.id, 2)]).toEqual([[], ['other']]);
    expect(await looks()).toMatchObject([{ seconds: 5 }]);
    await work({ skills });
    expect(await answers(one.id, 1)).toEqual(['wait', 'after']);
    expect([await balance(one.id, 1), await open(one.id)]).toMatchObject([{ used: 2 }, 0]);
  });

  it('that are refused with a reason are told so in the language of the person, and cost nothing', async () => {
    const one = await bot(free);
    await deliver(one, said(1, 'refuse'), said(2, 'refuse', 'en'));
    await work();
    expect(await answers(one.id, 1)).toEqual([expect.stringContaining('Временно недоступно')]);
    expect(await answers(one.id, 2)).toEqual([expect.stringContaining('Temporarily unavailable')]);
    const refused = { type: 'unavailable', organizationId: one.organization.id };
    expect(refusals.filter(({ organizationId }) => organizationId === one.organization.id)).toEqual([refused, refused]);
    expect(await balance(one.id, 1)).toMatchObject({ used: 0 });
  });

  it('are of no concern when they are edits, of unknown kinds, without a number, or no updates at all', async () => {
    const one = await bot();
    const { message: edited_message } = said(1, 'one');
    await deliver(one, { update_id: 1, edited_message }, { update_id: 2, poll: {} }, { message: {} }, [], {
      update_id: 'x',
    });
    await work();
    expect(await sql`select 1 from bot_updates where bot_id = ${one.id}`).toEqual([]);
  });

  it.each([
    ['a photo', { photo: [{ file_id: 'x' }] }],
    ['a voice', { voice: {} }],
    ['a sticker', { sticker: {} }],
  ])('with %s get a friendly word', async (_, extra) => {
    const one = await bot();
    await deliver(one, message(1, extra));
    await work();
    expect(await answers(one.id, 1)).toEqual([expect.stringContaining('только текст')]);
  });

  it('of a group get one word for good', async () => {
    const one = await bot();
    const chat = { id: -5, type: 'supergroup' };
    const inGroup = () => message(1, { chat, text: '/start' });
    await deliver(one, inGroup(), inGroup(), message(1, { chat, text: 'hello' }));
    await work();
    expect(await answers(one.id, -5)).toEqual([expect.stringContaining('https://t.me/a_bot')]);
  });

  it('hold texts that the database cannot', async () => {
    const one = await bot(free);
    await deliver(one, said(1, 'a\0b\ud800c'), said(1, 'x'.repeat(100_000)));
    await work();
    const [first, second] = await answers(one.id, 1);
    expect([first, second?.length]).toEqual(['ab\ufffdc', 8192]);
  });
});

describe('presses', () => {
  it('of the same button again and again are one, in their place', async () => {
    const one = await bot(free);
    await deliver(
      one,
      said(1, 'before'),
      ...Array.from({ length: 40 }, () => pressed(1, 'tarot:say:one')),
      said(1, 'after'),
    );
    await work();
    expect(await answers(one.id, 1)).toEqual(['before', 'one', 'after']);
    expect([await balance(one.id, 1), await open(one.id)]).toMatchObject([{ used: 3 }, 0]);
  });

  it('wait for an answer that is part of that to the update, also when it comes again', async () => {
    const one = await bot();
    const update = pressed(1, 'tarot:say:one');
    const answer = { method: 'answerCallbackQuery', params: { callback_query_id: update.callback_query.id } };
    expect(await receiver.receive(one.id, one.secret, update)).toEqual(answer);
    expect(await receiver.receive(one.id, one.secret, update)).toEqual(answer);
  });

  it.each(['', 'unknown:do', 'tarot', 'bot:nothing', 'tarot:say'])(
    'of a button with the data "%s" get a friendly word',
    async (data) => {
      const one = await bot();
      await deliver(one, pressed(1, data));
      await work();
      expect(await answers(one.id, 1)).toEqual([expect.stringContaining('больше не действует')]);
    },
  );
});

it('a person who sends more than the rate is told so once, and holds up no payment and no others', async () => {
  const one = await bot(free);
  let left = 3;
  const limiter: Pick<RateLimiter, 'check'> = {
    check: async () => ({ allowed: left-- > 0, remaining: 0, resetAt: Date.now() + 20_000 }),
  };
  await deliver(one, ...Array.from({ length: 150 }, (_, index) => said(1, `text ${index}`)));
  await work({ limiter });
  expect(await answers(one.id, 1)).toEqual(['text 0', 'text 1', 'text 2', expect.stringMatching(/через (19|20) с/)]);
  expect(await open(one.id)).toBe(0);
});

it('nothing is skipped that no person writes, however fast people write', async () => {
  const one = await bot(free);
  let left = 1;
  const limiter: Pick<RateLimiter, 'check'> = {
    check: async () => ({ allowed: left-- > 0, remaining: 0, resetAt: Date.now() + 20_000 }),
  };
  const { update_id, message: start } = said(1, '');
  const member = { from: start.from, chat: start.chat, date: 0, new_chat_member: { status: 'kicked' } };
  await deliver(one, said(1, 'one'), said(1, 'two'), { update_id, my_chat_member: member }, said(1, 'three'));
  await work({ limiter });
  expect(await open(one.id)).toBe(0);
  const [row] = await sql`select blocked_at from bot_users where bot_id = ${one.id}`;
  expect(row?.blocked_at).toBeInstanceOf(Date);
});

describe('a chat', () => {
  it('whose person blocks the bot is marked until the person is back', async () => {
    const one = await bot();
    const member = (status: string) => {
      const {
        update_id,
        message: { from, chat },
      } = said(1, '') as ReturnType<typeof said>;
      return { update_id, my_chat_member: { from, chat, date: 0, old_chat_member: {}, new_chat_member: { status } } };
    };
    const blocked = async () => (await sql`select blocked_at from bot_users where bot_id = ${one.id}`)[0]?.blocked_at;
    await deliver(one, said(1, '/start'), member('kicked'));
    await work();
    expect(await blocked()).toBeInstanceOf(Date);
    await deliver(one, member('member'));
    await work();
    expect(await blocked()).toBeNull();
  });

  it('is not seen by the bot of another organization, whose secret is refused', async () => {
    const [one, other] = [await bot(), await bot()];
    expect(await receiver.receive(one.id, other.secret, said(1, 'x'))).toBe('unknown');
    expect(await receiver.receive(crypto.randomUUID(), one.secret, said(1, 'x'))).toBe('unknown');
    for (const secret of ['', 'x', `${one.secret}x`, one.secret.slice(1)]) {
      expect(await receiver.receive(one.id, secret, said(1, 'x')), secret).toBe('unknown');
    }
    expect(await open(one.id)).toBe(0);
  });
});

it('a skill hears that its person wants it to stop', async () => {
  const one = await bot(free);
  await deliver(one, said(1, 'long'));
  const begun = Promise.withResolvers<void>();
  const skills = [
    echoSkill(async ({ stopped }) => {
      begun.resolve();
      await new Promise((resolve) => stopped.addEventListener('abort', resolve));
    }),
  ];
  const working = work({ skills });
  await begun.promise;
  const { update_id } = said(1, '');
  const chat = { id: 1, type: 'private' };
  await receiver.receive(one.id, one.secret, { update_id, stopped_message_generation: { chat, draft_id: 1 } });
  await working;
  await work();
  expect([await answers(one.id, 1), await open(one.id)]).toEqual([['long'], 0]);
});
