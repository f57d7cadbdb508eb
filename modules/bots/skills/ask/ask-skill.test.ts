import { afterAll, expect, it } from 'vitest';
import { testProcess } from '../../../../platform/testing/process.ts';
import manifest from '../../../../workers/chats/worker.ts';
import { linkIdentity, makeLinkCode } from '../../../people/linked/index.ts';
import { readyDocument } from '../../../testing/document.ts';
import { botScene } from '../../updates/scene.fixture.ts';
import { askSkill } from './provide-ask-skill.ts';

const scene = await botScene();
const { database, sql } = scene;
const process = await testProcess({ kind: 'worker', name: 'chats', manifest }, database);
const skills = [await process.boot.use(askSkill)];
afterAll(() => process.close());

/** A bot of an organization with a lease, and a person in its chat who is linked to the owner. */
async function lawyersBot() {
  const one = await scene.bot({ skills: ['ask'] });
  const { id: organizationId, owner } = one.organization;
  const place = { database, folder: process.folder, organizationId };
  await readyDocument(place, {
    fileName: 'lease.txt',
    content: 'LEASE\n\n1. Rent\n\nThe monthly rent is 1,200 euros.\n',
  });
  const say = async (person: number, text: string) => {
    const before = (await scene.answers(one.id, person)).length;
    await scene.receiver.receive(one.id, one.secret, scene.said(person, text, 'en'));
    await scene.work({ skills });
    return (await scene.answers(one.id, person)).slice(before);
  };
  const link = (person: number, member = owner) =>
    database.tenant.tenant(organizationId, async (tx) => {
      const { code } = await makeLinkCode(tx, member, one.id);
      const sender = { organizationId, botId: one.id, subject: String(person), chatId: String(person) };
      await linkIdentity(tx, sender, code);
    });
  const asked = async () => {
    const [row] = await sql`
      select questions_used::int as used, (select count(*)::int from conversations where organization_id = ${organizationId}) as conversations
      from organizations where id = ${organizationId}`;
    return { ...row };
  };
  return { ...one, say, link, asked };
}

it('a stranger is told how to be known, and nothing is asked or charged', async () => {
  const { say, asked } = await lawyersBot();
  expect(await say(1, 'What is the monthly rent?')).toEqual([expect.stringContaining('I need to know who you are')]);
  expect(await asked()).toEqual({ used: 0, conversations: 0 });
});

it('who is linked is answered with sources, in one conversation until a new one is begun', async () => {
  const { id, say, link, asked } = await lawyersBot();
  await link(1);
  const [answer] = await say(1, 'What is the monthly rent?');
  expect(answer).toContain('1,200 euros');
  expect(answer).toContain('Sources\n\n[1] lease\n');
  const [{ action } = { action: { text: { entities: [] } } }] = await sql<
    { action: { text: { entities: { type: string; url?: string }[] } } }[]
  >`select action from telegram_messages where bot_id = ${id} order by position desc limit 1`;
  const [document] = await sql`select id from documents where title = 'lease' order by created_at desc limit 1`;
  const url = action.text.entities.find(({ type }) => type === 'text_link')?.url;
  expect(url).toMatch(new RegExp(`^https?://[^/]+/documents/${document?.id}\\?start=\\d+&end=\\d+$`));
  await say(1, '/ask Who pays the rent?');
  expect(await asked()).toEqual({ used: 2, conversations: 1 });
  expect(await say(1, '/new')).toEqual([expect.stringContaining('new conversation')]);
  await say(1, 'What is the monthly rent?');
  expect(await asked()).toEqual({ used: 3, conversations: 2 });
});

it('a conversation that was deleted in the app is no obstacle', async () => {
  const { organization, say, link, asked } = await lawyersBot();
  await link(1);
  await say(1, 'What is the monthly rent?');
  await sql`delete from conversations where organization_id = ${organization.id}`;
  expect((await say(1, 'What is the monthly rent?'))[0]).toContain('1,200 euros');
  expect(await asked()).toEqual({ used: 2, conversations: 1 });
});

it('a person whose account is gone is a stranger again', async () => {
  const { organization, say, link } = await lawyersBot();
  const member = await organization.addMember('member');
  await link(1, member);
  await sql`delete from users where id = ${member.userId}`;
  expect(await say(1, 'What is the monthly rent?')).toEqual([expect.stringContaining('I need to know who you are')]);
});

it('a limit of the organization is told, a question that is too long as well, and neither is charged', async () => {
  const { organization, say, link, asked } = await lawyersBot();
  await link(1);
  expect(await say(1, 'word '.repeat(815))).toEqual([expect.stringContaining('4000')]);
  await sql`insert into plan_overrides ${sql({ organization_id: organization.id, questions_per_day: 0 })}`;
  const [told] = await say(1, 'What is the monthly rent?');
  expect(told).toMatch(/daily/i);
  const refused = scene.refusals.filter(({ organizationId }) => organizationId === organization.id);
  expect(refused.map(({ type }) => type)).toEqual(['daily-questions-used']);
  expect(await asked()).toMatchObject({ used: 0 });
});
