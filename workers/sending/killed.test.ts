import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startPolling } from '../../modules/messages/telegram/index.ts';
import type { TelegramUser } from '../../platform/testing/telegram-server.ts';
import { startUnitProcess } from '../../platform/testing/unit-process.ts';
import { sendingScene, text } from './scene.fixture.ts';
import manifest from './worker.ts';

const [PEOPLE, KILLS, EVERY_MS] = [5, 3, 1_500];

const { database, sql, server, worker, organizationId, environment, addBot, store, states } = await sendingScene();
const start = () => startUnitProcess({ kind: 'worker', name: 'sending', manifest }, database, { environment });
const sentCalls = () => server.calls.filter(({ method, status }) => method === 'sendMessage' && status === 200).length;
const numbersSeenBy = (person: TelegramUser) => person.messages().map((message) => Number(message.text));

it('processes killed while people chat lose no message and no update, and each doubles one message a chat at most', {
  timeout: 240_000,
}, async () => {
  const bot = await addBot('polling');
  await worker.deps.database.transaction((tx) =>
    startPolling(tx, worker.deps.queue, { organizationId, botId: bot.id }),
  );
  const people = Array.from({ length: PEOPLE }, (_, n) => server.user(`Person ${n}`, { token: bot.token }));
  let said = 0;
  let isChatting = true;
  const chatting = (async () => {
    for (; isChatting; said++) {
      for (const person of people) {
        person.send(`Question ${said}`);
        await store(bot, person.id, { answer: text(String(said)) });
      }
      await sleep(EVERY_MS);
    }
  })();
  for (let kill = 0; kill < KILLS; kill++) {
    const before = sentCalls();
    const killed = await start();
    await expect.poll(sentCalls, { timeout: 60_000 }).toBeGreaterThan(before + PEOPLE);
    // Some are with Telegram when it dies, which shows them without anybody who hears of it.
    server.fail('sendMessage', { kind: 'slow', ms: 500 }, { kind: 'slow', ms: 500 });
    await sleep(Math.random() * EVERY_MS);
    await killed.kill();
  }
  isChatting = false;
  await chatting;
  const last = await start();
  await expect.poll(() => states(bot), { timeout: 120_000 }).toEqual(Array(said * PEOPLE).fill('answer sent'));
  const updates = () => sql`select 1 from bot_updates where bot_id = ${bot.id}`;
  await expect.poll(async () => (await updates()).length, { timeout: 60_000 }).toBe(said * PEOPLE);
  await last.kill();
  const all = Array.from({ length: said }, (_, n) => n);
  for (const person of people) {
    const seen = numbersSeenBy(person);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect([...new Set(seen)]).toEqual(all);
    expect(seen.length - said).toBeLessThanOrEqual(KILLS);
  }
});
