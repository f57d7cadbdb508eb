import { expect, it } from 'vitest';
import { linkedAccount, makeLinkCode } from '../../people/linked/index.ts';
import { botScene } from '../updates/scene.fixture.ts';

const { database, receiver, bot, said, work, answers } = await botScene();

it('a code from the app links the person who sends it, once, and /delete ends that', async () => {
  const one = await bot();
  const { owner, id: organizationId } = one.organization;
  const { tenant } = database;
  const { code } = await tenant.tenant(organizationId, (tx) => makeLinkCode(tx, owner, one.id));
  const accountOf = (subject: string) =>
    tenant.tenant(organizationId, (tx) => linkedAccount(tx, { botId: one.id, subject }));
  const say = async (person: number, text: string) => {
    await receiver.receive(one.id, one.secret, said(person, text, 'en'));
    await work();
    return (await answers(one.id, person)).at(-1);
  };
  expect(await say(1, `/start link_${code}`)).toContain('Now I know your account');
  expect(await accountOf('1')).toBe(owner.userId);
  expect(await say(2, `/start link_${code}`)).toContain('This link does not work');
  expect(await accountOf('2')).toBeUndefined();
  await say(1, '/delete');
  await receiver.receive(one.id, one.secret, {
    update_id: 900_000,
    callback_query: {
      ...{ id: 'c1', from: { id: 1, is_bot: false, language_code: 'en' }, data: 'bot:erase:yes', chat_instance: '1' },
      message: { message_id: 1, chat: { id: 1, type: 'private' } },
    },
  });
  await work();
  expect(await accountOf('1')).toBeUndefined();
});
