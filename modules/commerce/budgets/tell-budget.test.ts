import { sql } from 'drizzle-orm';
import { afterAll, describe, expect, it } from 'vitest';
import type { Transaction } from '../../../db/client.ts';
import type { Notification, Notifications } from '../../../platform/capabilities/outbox/index.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import { testOrganization } from '../../testing/organization.ts';
import { tellBudget } from './tell-budget.ts';

const database = await testDatabase();
afterAll(() => database.close());

describe('a letter about a budget', () => {
  it('goes to owners and administrators, once for each share', async () => {
    const org = await testOrganization(database);
    await org.addMember('member');
    const [budget] = await database.owner`
      insert into budgets (organization_id, scope, scope_id, "window", limit_cost) values (${org.id}, 'model', 'gpt', 'month', 15) returning id`;
    const sent: object[] = [];
    const letters = {
      send: async (tx: Transaction, { email, kind, reference, parameters }: Notification) => {
        sent.push({ email, kind, ...parameters });
        await tx.execute(sql`
          insert into notifications (organization_id, kind, reference, email, language, parameters)
          values (${org.id}, ${kind}, ${reference}, ${email}, 'ru', '{}')`);
      },
    } as unknown as Notifications;
    const spent = { id: budget?.id, scope: 'model', scopeId: 'gpt', window: 'month', start: '2026-03-01' } as const;
    const tell = (used: string) =>
      database.tenant.tenant(org.id, (tx) =>
        tellBudget(tx, letters, org.id, { ...spent, what: 'cost', used, limit: '15.00000000' }),
      );
    for (const used of ['12.50000000', '13.00000000', '15.00000000', '17.00000000']) await tell(used);
    const same = {
      email: expect.any(String),
      kind: 'budget-spent',
      scope: 'model',
      name: 'gpt',
      what: 'cost',
      limit: '15',
    };
    const resetAt = '2026-04-01T00:00:00.000Z';
    expect(sent).toEqual([
      { ...same, resetAt, share: 80, used: '12.5' },
      { ...same, resetAt, share: 100, used: '15' },
    ]);
  });
});
