import { afterAll, describe, expect, it } from 'vitest';
import { createNotifications } from '../../../../platform/capabilities/outbox/index.ts';
import { createQueue } from '../../../../platform/capabilities/queue/index.ts';
import { testDatabase } from '../../../../platform/testing/database.ts';
import { testOrganization } from '../../../testing/organization.ts';
import { type LimitState, limitNews, tellLimit } from './tell-limit.ts';

const database = await testDatabase();
const queue = createQueue(database.url('tenant'));
const notifications = createNotifications(queue);
afterAll(async () => {
  await queue.close();
  await database.close();
});
const day = { what: 'questions/day', limit: 10, period: '2026-03-01' } as const;

describe('limitNews', () => {
  it.each([
    [7, undefined],
    [8, { kind: 'limit-near', reference: 'questions/day/2026-03-01/80' }],
    [9, { kind: 'limit-near', reference: 'questions/day/2026-03-01/80' }],
    [10, { kind: 'limit-reached', reference: 'questions/day/2026-03-01/100' }],
    [11, { kind: 'limit-reached', reference: 'questions/day/2026-03-01/100' }],
  ])('of %i of 10 is %j', (used, news) => {
    expect(limitNews({ ...day, used })).toEqual(news);
  });

  it('names the limit where there is no period, so that it is told again after a change of the plan', () => {
    expect(limitNews({ what: 'documents', used: 5, limit: 5 })?.reference).toBe('documents/5/100');
  });
});

describe('tellLimit', () => {
  it('writes to owners and admins, each once for a share, in the language of each', async () => {
    const org = await testOrganization(database);
    const admin = await org.addMember('admin');
    for (const role of ['member', 'viewer'] as const) await org.addMember(role);
    await database.owner`update users set language = 'en' where id = ${admin.userId}`;
    const tell = (state: LimitState) =>
      database.tenant.tenant(org.id, (tx) => tellLimit(tx, notifications, org.id, state));
    for (const used of [7, 8, 9, 10, 10]) await tell({ ...day, used, resetAt: '2026-03-02T00:00:00.000Z' });
    await Promise.all([
      tell({ ...day, used: 8, period: '2026-03-02' }),
      tell({ ...day, used: 9, period: '2026-03-02' }),
    ]);
    const rows = await database.owner`
      select kind, reference, email, language from notifications where organization_id = ${org.id} order by reference, language`;
    const people = [
      { email: admin.email, language: 'en' },
      { email: org.owner.email, language: 'ru' },
    ];
    expect([...rows]).toEqual(
      [
        { kind: 'limit-reached', reference: 'questions/day/2026-03-01/100' },
        { kind: 'limit-near', reference: 'questions/day/2026-03-01/80' },
        { kind: 'limit-near', reference: 'questions/day/2026-03-02/80' },
      ].flatMap((news) => people.map((person) => ({ ...news, ...person }))),
    );
    const [row] = await database.owner`
      select parameters from notifications where organization_id = ${org.id} and kind = 'limit-reached' limit 1`;
    expect(row?.parameters).toEqual({
      what: 'questions/day',
      used: 10,
      limit: 10,
      resetAt: '2026-03-02T00:00:00.000Z',
    });
  });
});
