import { beforeEach, describe, expect, it } from 'vitest';
import { sendingScene, type TestBot } from './scene.fixture.ts';

const { sql, server, worker, addBot, poll } = await sendingScene();
let bot: TestBot;
beforeEach(async () => {
  await sql`delete from pgboss.job where name in ('polling', 'chats')`;
  server.calls.length = 0;
  bot = await addBot('polling');
});

const updates = async () =>
  (await sql<{ id: number }[]>`select update_id::float as id from bot_updates where bot_id = ${bot.id} order by 1`).map(
    ({ id }) => id,
  );
const jobs = async (name: string) =>
  (
    await sql<{ seconds: number }[]>`
    select round(extract(epoch from start_after - now()))::int as seconds from pgboss.job where name = ${name} and state = 'created'`
  ).map(({ seconds }) => Math.max(seconds, 0));
const problem = async () => (await sql`select problem from telegram_polls where bot_id = ${bot.id}`)[0]?.problem;
const person = () => server.user('Anna', { token: bot.token });

describe('a poll', () => {
  it('stores what has arrived with a job for each chat, and is made again', async () => {
    person().send('one');
    person().send('two');
    await poll(bot);
    expect(await updates()).toHaveLength(2);
    expect([await jobs('chats'), await jobs('polling')]).toEqual([[0], [0]]);
    person().send('three');
    await poll(bot);
    expect(await updates()).toHaveLength(3);
    expect(server.bot(bot.token).pending).toHaveLength(1);
  });

  it('is given the same again when what it stored was lost, and stores it once (case 44)', async () => {
    person().send('one');
    const { database } = worker.deps;
    let count = 0;
    const ending: typeof database = {
      ...database,
      transaction: (work) =>
        database.transaction(async (tx) => {
          const result = await work(tx);
          if (++count === 2) throw new Error('ended');
          return result;
        }),
    };
    const payload = {
      organizationId: (await sql`select organization_id as id from bots where id = ${bot.id}`)[0]?.id,
      botId: bot.id,
    };
    await expect(worker.deliver(payload, { queue: 'polling', deps: { database: ending } })).rejects.toThrow('ended');
    await poll(bot);
    expect(await updates()).toHaveLength(1);
    await sql`update telegram_polls set next_update_id = null`;
    await poll(bot);
    expect(await updates()).toHaveLength(1);
  });

  it('answers a pressed button, which shows that it was heard', async () => {
    const anna = person();
    anna.send('/start');
    await fetch(`${server.url}/bot${bot.token}/sendMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        chat_id: anna.id,
        text: 'A',
        reply_markup: { inline_keyboard: [[{ text: 'B', callback_data: 'b' }]] },
      }),
    });
    const pressed = anna.press('B');
    await poll(bot);
    await pressed;
    expect(server.calls.at(-1)).toMatchObject({ method: 'answerCallbackQuery', status: 200 });
  });

  it('gives way to whatever else gets the updates, and says so (case 52)', async () => {
    await fetch(`${server.url}/bot${bot.token}/setWebhook?url=http://127.0.0.1:1/`);
    await poll(bot);
    expect([await problem(), await jobs('polling')]).toEqual(['webhook-set', [30]]);
    expect(worker.log.at(-1)).toMatchObject({ level: 'warn', message: 'Bot: its updates go elsewhere' });
    await fetch(`${server.url}/bot${bot.token}/deleteWebhook`);
    const ours = poll(bot);
    await expect.poll(() => server.bot(bot.token).poll).toBeDefined();
    void fetch(`${server.url}/bot${bot.token}/getUpdates?timeout=1`);
    await ours;
    expect(await problem()).toBe('other-poller');
    await sql`delete from pgboss.job where name = 'polling'`;
    person().send('one');
    await poll(bot);
    expect(await problem()).toBeNull();
  });

  it('ends without a word when its own bot was set to a webhook', async () => {
    const ours = poll(bot);
    await expect.poll(() => server.bot(bot.token).poll).toBeDefined();
    await sql`update bots set delivery = 'webhook' where id = ${bot.id}`;
    await fetch(`${server.url}/bot${bot.token}/setWebhook?url=http://127.0.0.1:1/`);
    await ours;
    expect(server.calls.find(({ method }) => method === 'getUpdates')).toMatchObject({ status: 409 });
    expect([await problem(), await jobs('polling')]).toEqual([null, []]);
  });

  it('stops the bot when its token is void, and is not made for one that has a webhook', async () => {
    server.revoke(bot.token);
    await poll(bot);
    expect([...(await sql`select state from bots where id = ${bot.id}`)]).toEqual([{ state: 'unauthorized' }]);
    expect(await jobs('polling')).toEqual([]);
    await poll(bot);
    const letters = await sql`
      select kind, parameters from notifications where reference like ${`${bot.id}/%`}`;
    expect([...letters]).toEqual([{ kind: 'bot-refused', parameters: { bot: expect.stringMatching(/_bot$/) } }]);
    await poll(await addBot('webhook'));
    expect(server.calls).toHaveLength(1);
  });

  it('waits longer while Telegram is not reached', async () => {
    server.fail('getUpdates', { kind: 'cut' });
    await poll(bot);
    expect((await jobs('polling'))[0]).toBeGreaterThan(0);
  });

  it('is begun for all bots that have none', async () => {
    await worker.deliver(null);
    await worker.deliver(null);
    const [{ count } = { count: 0 }] =
      await sql`select count(*)::int from bots where delivery = 'polling' and state = 'active'`;
    expect(await jobs('polling')).toHaveLength(count);
  });
});
