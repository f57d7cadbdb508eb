import { afterEach, expect, it, vi } from 'vitest';
import { botScene } from '../updates/scene.fixture.ts';

const { sql, receiver, bot, said, work } = await botScene();
afterEach(() => void vi.useRealTimers());

it('moves a wallet to the time zone of the bot a day later, when it was refused at first', async () => {
  const one = await bot();
  const come = async () => {
    await receiver.receive(one.id, one.secret, said(1, 'one'));
    await work();
    const [wallet] = await sql`
      select w.time_zone from wallets w join bot_users u on u.wallet_id = w.id where u.bot_id = ${one.id}`;
    return wallet?.time_zone;
  };
  const move = (zone: string) => sql`update bots set time_zone = ${zone} where id = ${one.id}`;
  expect(await come()).toBe('Europe/Moscow');
  await move('Asia/Tokyo');
  expect(await come()).toBe('Asia/Tokyo');
  await move('Europe/Samara');
  expect(await come()).toBe('Asia/Tokyo');
  await sql`update wallets set zone_changed_at = now() - interval '25 hours' where organization_id = ${one.organization.id}`;
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 24 * 3_600_000 });
  expect(await come()).toBe('Europe/Samara');
});
