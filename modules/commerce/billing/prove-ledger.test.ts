import { afterAll, expect, it } from 'vitest';
import { createNotifications } from '../../../platform/capabilities/outbox/index.ts';
import { createQueue } from '../../../platform/capabilities/queue/index.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import { testCustomer } from '../../testing/customer.ts';
import { proveLedger } from './prove-ledger.ts';

const database = await testDatabase();
const queue = createQueue(database.url('billing'));
afterAll(async () => {
  await queue.close();
  await database.close();
});

const start = new Date('2026-01-31T10:00:00Z');
const prove = () => proveLedger(database.ownerUrl);

it('finds books that agree, and names the first thing that does not', async () => {
  const customer = await testCustomer(database, { notifications: createNotifications(queue) });
  await customer.ask(start, { action: 'subscribe', tier: 'basic' });
  expect(await prove()).toEqual({ state: 'ok', detail: 'the books agree with themselves' });

  const lost = await database.owner.begin(async (tx) => {
    // As pages of a disk are lost, which no trigger sees.
    await tx`set local session_replication_role = replica`;
    return tx`delete from ledger_entries where account = 'receivable' returning transaction_id`;
  });
  expect(lost).toHaveLength(1);
  const detail = `2 discrepancies, first receivable of ${customer.id}`;
  expect(await prove()).toEqual({ state: 'fail', detail });
});
