import { afterAll, describe, expect, it } from 'vitest';
import type { Transaction } from '../../../db/client.ts';
import { testOrganization } from '../../../modules/testing/organization.ts';
import { testDatabase } from '../../testing/database.ts';
import { createQueue } from '../queue/index.ts';
import { createNotifications, type Notification } from './index.ts';

const database = await testDatabase();
const mine = await testOrganization(database);
const roles = ['tenant', 'organization', 'billing', 'identity', 'platform'] as const;
const queues = Object.fromEntries(roles.map((role) => [role, createQueue(database.url(role))])) as Record<
  (typeof roles)[number],
  ReturnType<typeof createQueue>
>;
afterAll(async () => {
  await Promise.all(Object.values(queues).map((queue) => queue.close()));
  await database.close();
});

const invoice = (reference: string): Notification => ({
  organizationId: mine.id,
  kind: 'invoice',
  reference,
  email: 'owner@example.org',
  language: 'ru',
  parameters: { number: reference, total: 500_000, dueAt: '2026-03-01T00:00:00.000Z' },
});
const inTransaction = (role: (typeof roles)[number], work: (tx: Transaction) => Promise<void>) =>
  role === 'identity' || role === 'platform' ? database[role].transaction(work) : database[role].tenant(mine.id, work);
const written = async (reference: string) => [
  ...(await database.owner`
    select n.state, (select count(*)::int from pgboss.job j where j.name = 'notify' and j.data->>'notificationId' = n.id::text) as jobs
    from notifications n where n.reference = ${reference}`),
];

describe('createNotifications', () => {
  it.each(roles)('writes an e-mail and a job down as the login %s', async (role) => {
    const notifications = createNotifications(queues[role]);
    await inTransaction(role, (tx) => notifications.send(tx, invoice(role)));
    expect(await written(role)).toEqual([{ state: 'queued', jobs: 1 }]);
  });

  it('writes the same one down once, however many ask for it at once', async () => {
    const notifications = createNotifications(queues.tenant);
    await Promise.all(
      Array.from({ length: 20 }, () => inTransaction('tenant', (tx) => notifications.send(tx, invoice('once')))),
    );
    expect(await written('once')).toEqual([{ state: 'queued', jobs: 1 }]);
  });

  it('leaves nothing behind when the reason for it is undone', async () => {
    const notifications = createNotifications(queues.tenant);
    const undone = inTransaction('tenant', async (tx) => {
      await notifications.send(tx, invoice('undone'));
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await written('undone')).toEqual([]);
    const jobs =
      await database.owner`select 1 from pgboss.job where name = 'notify' and data->>'notificationId' not in (select id::text from notifications)`;
    expect([...jobs]).toEqual([]);
  });
});
