import { randomUUID } from 'node:crypto';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { startMailServer } from '../../modules/testing/mail-server.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import type { TestEnvironment } from '../../platform/testing/process.ts';
import { testWorker } from '../../platform/testing/worker.ts';
import * as module from './handle.ts';
import manifest from './worker.ts';

const database = await testDatabase();
const { id, owner } = await testOrganization(database);
afterAll(() => database.close());
const botId = randomUUID();
beforeEach(async () => {
  await database.owner`delete from telegram_messages`;
  await database.owner`delete from linked_identities`;
  await database.owner`
    insert into linked_identities (organization_id, user_id, bot_id, subject, chat_id)
    values (${id}, ${owner.userId}, ${botId}, '7', '7')`;
});

/** Writes a letter to the owner and has it sent, twice. @returns its state */
async function send(kind: string, parameters: Record<string, string | number>, environment: TestEnvironment = {}) {
  const [row] = await database.owner<{ id: string }[]>`
    insert into notifications (organization_id, kind, reference, email, language, parameters)
    values (${id}, ${kind}, ${randomUUID()}, ${owner.email}, 'ru', ${database.owner.json(parameters)}) returning id`;
  const worker = await testWorker(database, { name: 'notify', manifest, module }, { environment });
  for (let delivery = 0; delivery < 2; delivery++) await worker.deliver({ notificationId: row?.id ?? '' });
  await worker.close();
  const [{ state } = { state: '' }] = await database.owner`select state from notifications where id = ${row?.id ?? ''}`;
  return state;
}
const messages = () => database.owner<{ botId: string; chatId: string; action: { text: { text: string } } }[]>`
  select bot_id as "botId", chat_id as "chatId", action from telegram_messages`;

const limit = { what: 'questions/day', used: 40, limit: 50, resetAt: '2026-12-01T00:00:00Z' };

it('a letter is sent to the chat of who has linked one as well, once', async () => {
  const server = await startMailServer({});
  const state = await send('limit-near', limit, {
    SMTP_HOST: 'localhost',
    SMTP_PORT: String(server.port),
    SMTP_TLS: 'none',
  });
  expect([state, server.mails.length]).toEqual(['sent', 1]);
  const [message, ...others] = await messages();
  expect(others).toEqual([]);
  expect(message).toMatchObject({ botId, chatId: '7' });
  expect(message?.action.text.text).toContain('50');
  await server.close();
});

it('reaches the chat where there is no mail server', async () => {
  expect(await send('limit-near', limit)).toBe('sent');
  expect(await messages()).toHaveLength(1);
});

it('stays in the mailbox when it holds a secret, or the person does not want it elsewhere', async () => {
  expect(await send('reset-password', { token: 'kept-to-ourselves' })).toBe('failed');
  await database.owner`update linked_identities set letters = false`;
  expect(await send('limit-near', limit)).toBe('failed');
  expect(await messages()).toEqual([]);
});
