import { afterAll, expect, it } from 'vitest';
import { createNotifications } from '../../../platform/capabilities/outbox/index.ts';
import { createQueue } from '../../../platform/capabilities/queue/index.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import { problemOf } from '../../testing/accounts.ts';
import { testOrganization } from '../../testing/organization.ts';
import { requestTopUp, topUpPacks } from './index.ts';

const database = await testDatabase();
const queue = createQueue(database.url('billing'));
const deps = { notifications: createNotifications(queue) };
afterAll(async () => {
  await queue.close();
  await database.close();
});

it('are ten at most, also when many are asked for at once, and asking again for one gives it', async () => {
  const { id: organizationId } = await testOrganization(database);
  const ask = (about: string) =>
    database.billing.tenant(organizationId, (tx) =>
      requestTopUp({ tx, deps, organizationId, at: new Date(), actor: {} }, topUpPacks[0], about),
    );
  const outcomes = await Promise.all(Array.from({ length: 15 }, (_, index) => problemOf(ask(`wish ${index}`))));
  expect(outcomes.filter((outcome) => outcome === 'none')).toHaveLength(10);
  expect(outcomes.filter((outcome) => outcome === 'too-many-open-invoices')).toHaveLength(5);
  const [counted] = await database.owner`
    select (select count(*)::int from invoices where organization_id = ${organizationId}) as invoices,
      (select count(*)::int from notifications where organization_id = ${organizationId}) as mails`;
  expect(counted).toEqual({ invoices: 10, mails: 10 });
  const given = outcomes.indexOf('none');
  expect(await problemOf(ask(`wish ${given}`))).toBe('none');
});
