import { describe, expect, it } from 'vitest';
import { eraseAgain } from '../../modules/bots/people/erase-again.ts';
import { chatsScene, type SceneBot } from './scene.fixture.ts';

const { database, sql, server, addBot, settle, workers } = await chatsScene();

async function chatWith(bot: SceneBot, name: string, language = 'en') {
  const user = server.user(name, { token: bot.token, language });
  const say = async (text: string) => {
    const before = user.messages().length;
    user.send(text);
    await settle(bot);
    return user.messages().slice(before);
  };
  const press = async (data: string) => {
    await Promise.all([user.press(data), settle(bot)]);
    return user.messages().at(-1)?.text ?? '';
  };
  const text = async (said: string) =>
    (await say(said)).map((message) => message.text ?? message.caption ?? '').join('\n');
  return { user, say, press, text };
}
const settings = { free: { reading: 2 }, referralBonus: 3 };
const bonusOf = async (bot: SceneBot, id: number) => {
  const [row] = await sql`
    select coalesce(sum(c.amount), 0)::int as n from unit_credits c join bot_users u on u.wallet_id = c.owner_id
    where u.bot_id = ${bot.id} and u.telegram_id = ${String(id)}`;
  return row?.n as number;
};

describe('an invitation', () => {
  it('rewards both once, a new person alone, and never oneself (case 20)', async () => {
    const bot = await addBot(['tarot'], settings);
    const [anna, boris, clara] = [
      await chatWith(bot, 'Anna'),
      await chatWith(bot, 'Boris'),
      await chatWith(bot, 'Clara'),
    ];
    await anna.text('/start');
    const [code] = /ref_[\w-]+/.exec(await anna.text('/balance')) ?? [];
    expect(await anna.text(`/start ${code}`)).not.toContain('invitation');
    await clara.text('/start');
    expect(await clara.text(`/start ${code}`)).not.toContain('invitation');
    expect(await boris.text(`/start ${code}`)).toContain('invitation');
    await boris.text(`/start ${code}`);
    const bonuses = await Promise.all([anna, boris, clara].map(({ user }) => bonusOf(bot, user.id)));
    expect(bonuses).toEqual([3, 3, 0]);
    // Who was erased and comes back has had it.
    await boris.say('/delete');
    await boris.press('bot:erase:yes');
    await boris.text(`/start ${code}`);
    expect(await Promise.all([anna, boris].map(({ user }) => bonusOf(bot, user.id)))).toEqual([3, 3]);
  });
});

it('the menu has the commands of the bot and of its skills, in two languages', async () => {
  const { id: botId, organizationId, token } = await addBot(['tarot'], settings);
  await workers.chats.deliver({ kind: 'menu', organizationId, botId });
  const menus = [...server.bot(token).commands.values()] as { command: string; description: string }[][];
  expect(menus).toHaveLength(2);
  for (const menu of menus) {
    const names = menu.map(({ command }) => command);
    expect(names).toEqual(expect.arrayContaining(['tarot', 'card', 'balance', 'buy', 'delete', 'paysupport', 'terms']));
  }
  expect(menus.map((menu) => menu.find(({ command }) => command === 'buy')?.description)).toEqual([
    'buy more',
    'купить ещё',
  ]);
});

describe('a person', () => {
  it('changes the language, which stays, and is told the commands in it', async () => {
    const bot = await addBot(['tarot'], settings);
    const { say, press, text } = await chatWith(bot, 'Erik');
    expect(await text('/start')).toMatch(/Hello![\s\S]*18\+/);
    await say('/language');
    expect(await press('bot:language:ru')).toContain('по-русски');
    expect(await text('/help')).toContain('/balance — сколько осталось');
  });

  it('says once that he or she is an adult, where a bot asks for it', async () => {
    const bot = await addBot(['tarot'], { ...settings, adultsOnly: true });
    const { press, text } = await chatWith(bot, 'Fiona');
    expect(await text('/tarot')).toContain('18');
    expect(await text('/help')).toContain('/balance');
    expect(await press('bot:age:no')).toContain('not for you yet');
    expect(await text('/tarot')).toContain('18');
    expect(await press('bot:age:yes')).toContain('Thank you');
    expect(await text('/tarot')).not.toContain('18 or older');
  });

  it('who has no readings left is told so, and the worker counts it and names the organization', async () => {
    const bot = await addBot(['tarot'], { free: { reading: 0 } });
    const { say, press } = await chatWith(bot, 'Ivan');
    await say('/tarot');
    await press('tarot:spread:time');
    await say('Shall I move to Samara?');
    expect(await press('tarot:draw')).toContain('0 readings');
    const figures = await workers.chats.boot.metrics.expose();
    expect(figures).toContain('pandect_refused_total{reason="wallet-empty"} 1');
    const named = workers.chats.log.filter(({ message }) => message === 'Limit reached');
    expect(named).toMatchObject([{ reason: 'wallet-empty', organizationId: bot.organizationId }]);
  });

  it('has a reading, sees it again, takes everything away and is forgotten', async () => {
    const bot = await addBot(['tarot'], settings);
    const { user, say, press, text } = await chatWith(bot, 'Gregor');
    await say('/tarot');
    await press('tarot:spread:time');
    await say('Shall I move to Samara?');
    await press('tarot:draw');
    expect(await text('/balance')).toContain('Free today: 1 reading of 2');
    expect(await text('/history')).toContain('Samara');
    const [file] = await say('/export');
    const stored = server.bot(bot.token).files.get(file?.document?.file_id ?? '');
    const exported = JSON.parse(stored?.bytes.toString() ?? '{}');
    expect(exported).toMatchObject({
      person: { telegramId: String(user.id), language: 'en' },
      skills: { tarot: [{ question: 'Shall I move to Samara?' }] },
    });
    await sql`
      insert into telegram_payments (bot_id, charge_id, organization_id, telegram_id, currency, amount, state, paid_at)
      values (${bot.id}, 'one', ${bot.organizationId}, ${String(user.id)}, 'XTR', 75, 'credited', now()),
        (${bot.id}, 'two', ${bot.organizationId}, ${String(user.id)}, 'XTR', 1, 'mismatch', now())`;
    await sql`
      insert into telegram_chats (organization_id, bot_id, chat_id, blocked_at) values (${bot.organizationId}, ${bot.id}, ${user.id}, null)`;
    await say('/delete');
    expect(await press('bot:erase:no')).toContain('Nothing was deleted');
    await say('/delete');
    expect(await press('bot:erase:yes')).toContain('Your data is deleted');
    const left = async (table: string, column: string) =>
      (await sql`select 1 from ${sql(table)} where bot_id = ${bot.id} and ${sql(column)} = ${String(user.id)}`).length;
    expect(await left('bot_users', 'telegram_id')).toBe(0);
    const [noted] =
      await sql`select data from pgboss.job where name = 'maintenance' and data->>'person' = 'bot-user' order by created_on desc`;
    expect(noted?.data).toMatchObject({ kind: 'note-erasure', id: expect.any(String), at: expect.any(String) });
    expect(await left('bot_updates', 'chat_id')).toBe(0);
    expect(await left('telegram_messages', 'chat_id')).toBe(0);
    expect(await left('telegram_chats', 'chat_id')).toBe(0);
    // What is to be paid back is paid back to somebody.
    const payers =
      await sql`select charge_id, telegram_id from telegram_payments where bot_id = ${bot.id} order by charge_id`;
    expect(payers.map(({ telegram_id: id }) => id)).toEqual([null, String(user.id)]);
    expect(await sql`select 1 from readings where organization_id = ${bot.organizationId}`).toHaveLength(0);
  });

  it('is done again in a restored database, but for those who came back after it', async () => {
    const bot = await addBot(['tarot'], settings);
    const [anna, boris] = [await chatWith(bot, 'Anna'), await chatWith(bot, 'Boris')];
    for (const { say } of [anna, boris]) await say('/start');
    const idOf = async ({ user }: typeof anna) =>
      (await sql`select id from bot_users where bot_id = ${bot.id} and telegram_id = ${String(user.id)}`)[0]
        ?.id as string;
    const kind = 'bot-user';
    const erased = [
      { kind, id: await idOf(anna), at: new Date() },
      { kind, id: await idOf(boris), at: new Date(Date.now() - 3_600_000) },
      { kind, id: crypto.randomUUID(), at: new Date() },
    ];
    const restored = { databaseUrl: database.ownerUrl, at: new Date(), erased, settings: {} };
    expect(await eraseAgain(restored)).toEqual({ state: 'ok', detail: '1 erased again' });
    expect(await Promise.all([idOf(anna), idOf(boris)])).toEqual([undefined, erased[1]?.id]);
    expect(await eraseAgain({ ...restored, erased: [] })).toMatchObject({ state: 'ok' });
  });
});
