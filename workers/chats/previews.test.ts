import { afterAll, expect, it } from 'vitest';
import { goodReader } from '../../modules/bots/skills/tarot/tarot.fixture.ts';
import { startOpenAiServer } from '../../modules/testing/openai-server.ts';
import { chatsScene, type SceneBot } from './scene.fixture.ts';

const { sql, server, addBot, settle, readBy } = await chatsScene();

/** A model that takes a while for its words. */
const slowly = await startOpenAiServer({
  chat(body) {
    const reply = goodReader(body);
    if (typeof reply !== 'object' || !('stream' in reply)) return reply;
    return { stream: [...reply.stream].flatMap((step) => [step, { waitMs: 40 }]) };
  },
});
afterAll(() => slowly.close());
readBy(slowly);

/** Up to where the cards are drawn. */
async function asking(bot: SceneBot, name: string) {
  const person = server.user(name, { token: bot.token });
  person.send('/tarot');
  await settle(bot);
  await Promise.all([person.press('tarot:spread:celtic'), settle(bot)]);
  person.send('Shall I find work?');
  await settle(bot);
  return person;
}
const drafts = () => server.calls.filter(({ method }) => method === 'sendMessageDraft').length;

it('shows a reading while the model writes it, and then sends the whole', async () => {
  const bot = await addBot(['tarot'], { free: { reading: 5 } });
  const anna = await asking(bot, 'Anna');
  const drawing = Promise.all([anna.press('tarot:draw'), settle(bot)]);
  await expect.poll(() => anna.draft(), { timeout: 10_000, interval: 10 }).toBeTruthy();
  await drawing;
  const last = anna.messages().at(-1);
  expect(last?.text).toContain('So it may be.');
  const shown = drafts();
  expect(shown).toBeGreaterThan(1);
  expect(server.calls.at(-1)?.method).toBe('sendMessage');
});

it('sends the whole also when Telegram takes no drafts for a while', async () => {
  const bot = await addBot(['tarot'], { free: { reading: 5 } });
  const boris = await asking(bot, 'Boris');
  const before = drafts();
  const refused = { ok: false, error_code: 429, description: 'Too Many Requests', parameters: { retry_after: 1 } };
  server.fail('sendMessageDraft', { kind: 'answer', status: 429, body: refused });
  await Promise.all([boris.press('tarot:draw'), settle(bot)]);
  const [pause] = await sql`select chat_id from telegram_pauses where bot_id = ${bot.id}`;
  expect(pause?.chat_id).toBe(String(boris.id));
  expect(drafts()).toBeGreaterThan(before);
  await expect
    .poll(
      async () => {
        await settle(bot);
        return boris.messages().at(-1)?.text;
      },
      { timeout: 10_000 },
    )
    .toContain('So it may be.');
});
