import { expect, it } from 'vitest';
import { chatsScene } from './scene.fixture.ts';

const { sql, server, addBot, settle } = await chatsScene({ IMAGE_PROVIDERS: 'local', IMAGE_LOCAL_SECONDS: '1' });

it('a prompt becomes a photo with its original, and is drawn again while one is in progress (case 50)', async () => {
  const bot = await addBot(['image'], { free: { image: 3 } });
  const anna = server.user('Anna', { token: bot.token });
  const press = (data: string) => Promise.all([anna.press(data), settle(bot)]);
  const photos = () => anna.messages().filter(({ photo }) => photo);
  const settleUntil = async (count: number) => {
    await expect
      .poll(
        async () => {
          await settle(bot);
          return photos().length;
        },
        { timeout: 60_000, interval: 500 },
      )
      .toBe(count);
  };
  anna.send('A lighthouse in the fog');
  await settleUntil(1);
  const [first] = photos();
  expect(first?.caption).toBe('A lighthouse in the fog');
  expect(first?.photo?.at(-1)).toMatchObject({ width: expect.any(Number), height: expect.any(Number) });
  const [original, again] = first?.reply_markup?.inline_keyboard.flat().map(({ callback_data: data }) => data) ?? [];
  await press(original as string);
  expect(anna.messages().at(-1)?.document?.file_name).toMatch(/^original\.(png|webp|jpg)$/);
  await Promise.all([anna.press(again as string), anna.press(again as string), settle(bot)]);
  await press(again as string);
  await settleUntil(3);
  const rows = await sql`select status from images where organization_id = ${bot.organizationId}`;
  expect(rows.map(({ status }) => status)).toEqual(['done', 'done', 'done']);
  anna.send('A fourth one');
  await settle(bot);
  expect(anna.messages().at(-1)?.text).toContain('0 images left');
  // A person who goes takes along what a bot made that does it no more.
  await sql`update bots set skills = '{tarot}' where id = ${bot.id}`;
  anna.send('/delete');
  await settle(bot);
  await press('bot:erase:yes');
  expect(anna.messages().at(-1)?.text).toContain('deleted');
  expect(await sql`select 1 from images where organization_id = ${bot.organizationId}`).toHaveLength(0);
}, 120_000);
