import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Transaction } from '../../../db/client.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import { type TestOrganization, testOrganization } from '../../testing/organization.ts';
import {
  changeIdentity,
  chatsForLetters,
  linkedAccount,
  linkIdentity,
  makeLinkCode,
  ownIdentities,
  unlinkIdentity,
  unlinkSender,
} from './index.ts';

const database = await testDatabase();
afterAll(() => database.close());

let org: TestOrganization;
let botId: string;
beforeAll(async () => {
  org = await testOrganization(database);
});
const inOrg = <T>(work: (tx: Transaction) => Promise<T>) => database.tenant.tenant(org.id, work);
const sender = (subject: string) => ({ organizationId: org.id, botId, subject, chatId: subject });
const codeFor = async (of = org.owner) => (await inOrg((tx) => makeLinkCode(tx, of, botId))).code;
const link = (subject: string, code: string) => inOrg((tx) => linkIdentity(tx, sender(subject), code));
const accountOf = (subject: string) => inOrg((tx) => linkedAccount(tx, { botId, subject }));

describe('a person in a messenger', () => {
  it('is the account that made the code, from then on, and this is written down', async () => {
    botId = randomUUID();
    expect(await accountOf('7')).toBeUndefined();
    const { code, expiresAt } = await inOrg((tx) => makeLinkCode(tx, org.owner, botId));
    expect(code).toMatch(/^[\w-]{43}$/);
    expect(expiresAt.getTime() - Date.now()).toBeGreaterThan(9 * 60_000);
    expect(await link('7', code)).toBe(org.owner.userId);
    expect(await accountOf('7')).toBe(org.owner.userId);
    expect(await accountOf('8')).toBeUndefined();
    const acts = await database.owner`select action from audit_log where organization_id = ${org.id}`;
    expect(acts.map(({ action }) => action)).toContain('link-identity');
  });

  it('links with a code once, also when others send it again or at the same time', async () => {
    botId = randomUUID();
    const code = await codeFor();
    const outcomes = await Promise.all(['1', '2', '3'].map((subject) => link(subject, code)));
    expect(outcomes.filter((userId) => userId === org.owner.userId)).toHaveLength(1);
    expect(await link('4', code)).toBeUndefined();
  });

  it('links with no code that is of another bot, expired, or older than the newest', async () => {
    botId = randomUUID();
    const old = await codeFor();
    const newest = await codeFor();
    expect(await link('1', old)).toBeUndefined();
    const here = botId;
    botId = randomUUID();
    expect(await link('1', newest)).toBeUndefined();
    botId = here;
    await database.owner`update link_codes set expires_at = now() - interval '1 second' where bot_id = ${botId}`;
    expect(await link('1', newest)).toBeUndefined();
    expect(await accountOf('1')).toBeUndefined();
  });

  it('has one account, and an account one person, of each bot', async () => {
    botId = randomUUID();
    const member = await org.addMember('member');
    await link('1', await codeFor());
    await link('2', await codeFor());
    expect([await accountOf('1'), await accountOf('2')]).toEqual([undefined, org.owner.userId]);
    await link('2', await codeFor(member));
    expect(await accountOf('2')).toBe(member.userId);
    expect(await inOrg((tx) => ownIdentities(tx, org.owner))).not.toContainEqual(expect.objectContaining({ botId }));
  });

  it('is no one any more when the account is gone, either side ends it, and not when somebody else tries', async () => {
    botId = randomUUID();
    const member = await org.addMember('member');
    await link('1', await codeFor(member));
    const [own] = await inOrg((tx) => ownIdentities(tx, member));
    const id = own?.id ?? '';
    await expect(inOrg((tx) => unlinkIdentity(tx, org.owner, id))).rejects.toMatchObject({ type: 'not-found' });
    await inOrg((tx) => unlinkIdentity(tx, member, id));
    expect(await accountOf('1')).toBeUndefined();
    await link('1', await codeFor(member));
    await inOrg((tx) => unlinkSender(tx, sender('1')));
    expect(await accountOf('1')).toBeUndefined();
    await link('1', await codeFor(member));
    await database.owner`delete from users where id = ${member.userId}`;
    expect(await accountOf('1')).toBeUndefined();
  });

  it('has letters in the chat until this is not wanted', async () => {
    botId = randomUUID();
    await link('5', await codeFor());
    const [{ email } = { email: '' }] = await database.owner<{ email: string }[]>`
      select email from users where id = ${org.owner.userId}`;
    const chats = () => inOrg((tx) => chatsForLetters(tx, { organizationId: org.id, email: email.toUpperCase() }));
    expect(await chats()).toContainEqual({ botId, chatId: '5' });
    const own = await inOrg((tx) => ownIdentities(tx, org.owner));
    const { id = '' } = own.find((one) => one.botId === botId) ?? {};
    expect(await inOrg((tx) => changeIdentity(tx, org.owner, id, { letters: false }))).toMatchObject({
      letters: false,
    });
    expect(await chats()).not.toContainEqual({ botId, chatId: '5' });
  });
});
