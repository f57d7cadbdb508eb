import { afterAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../testing/database.ts';
import { testOrganization } from '../../testing/organization.ts';
import { planOf } from './plan.ts';
import { periodsAt, questionUse, releaseQuestion, reserveQuestion, secondsLeft } from './question-quota.ts';

const database: TestDatabase = await testDatabase({ connections: 10 });
afterAll(() => database.close());

const at = new Date('2026-01-31T23:59:59.900Z');
const later = new Date('2026-02-01T00:00:00.000Z');
const reserve = (id: string, moment = at) => database.tenant.tenant(id, (tx) => reserveQuestion(tx, id, moment));
const release = (id: string, reservation: { day: string; month: string }) =>
  database.tenant.tenant(id, (tx) => releaseQuestion(tx, id, reservation));
const use = (id: string, moment = at) =>
  database.tenant.tenant(id, async (tx) => questionUse(tx, id, await planOf(tx, id), moment));
const setUsed = (id: string, period: 'day' | 'month', start: string, used: number) => database.owner`
  insert into question_counters values (${id}, ${period}, ${start}, ${used})
  on conflict (organization_id, period, start) do update set used = ${used}`;

describe('periodsAt', () => {
  it.each([
    ['2026-01-31T23:59:59.999Z', '2026-01-31', '2026-01-01'],
    ['2026-02-01T00:00:00.000Z', '2026-02-01', '2026-02-01'],
    ['2028-02-29T12:00:00.000Z', '2028-02-29', '2028-02-01'],
    ['2026-12-31T23:00:00-03:00', '2027-01-01', '2027-01-01'],
    ['2027-01-01T02:00:00+03:00', '2026-12-31', '2026-12-01'],
  ])('counts %s in UTC', (moment, day, month) => {
    expect(periodsAt(new Date(moment))).toEqual({ day, month });
  });
});

describe('secondsLeft', () => {
  const DAY = 86_400;
  it.each([
    ['day', '2026-03-31T00:00:00.000Z', DAY],
    ['day', '2026-03-31T23:59:59.001Z', 1],
    ['month', '2026-02-01T00:00:00.000Z', 28 * DAY],
    ['month', '2028-02-01T00:00:00.000Z', 29 * DAY],
    ['month', '2026-12-31T23:59:00.000Z', 60],
    // Over a change of clocks elsewhere a day still has 24 hours.
    ['day', '2026-03-29T00:00:00.000Z', DAY],
  ] as const)('of a %s that holds %s', (period, moment, seconds) => {
    expect(secondsLeft(period, new Date(moment))).toBe(seconds);
  });
});

describe('reserveQuestion', () => {
  it('admits exactly as many of many at once as are left', async () => {
    const { id } = await testOrganization(database, { tier: 'demo' });
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => reserve(id)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.type] : []));
    expect(new Set(reasons)).toEqual(new Set(['daily-questions-used']));
    expect(await use(id)).toMatchObject({ day: { used: 10 }, month: { used: 10 } });
  });

  it('says the limit and when it ends', async () => {
    const { id } = await testOrganization(database, { tier: 'demo' });
    await setUsed(id, 'day', '2026-01-31', 10);
    const refused = reserve(id, new Date('2026-01-31T23:00:00Z'));
    await expect(refused).rejects.toMatchObject({
      type: 'daily-questions-used',
      parameters: { limit: 10, resetSeconds: 3600 },
      headers: { 'retry-after': '3600' },
    });
  });

  it('counts neither the day nor the month when one of them is used up', async () => {
    const { id } = await testOrganization(database, { tier: 'demo' });
    await setUsed(id, 'month', '2026-01-01', 100);
    await expect(reserve(id)).rejects.toMatchObject({ type: 'monthly-questions-used', parameters: { limit: 100 } });
    expect(await use(id)).toMatchObject({ day: { used: 0 }, month: { used: 100 } });
    await setUsed(id, 'month', '2026-01-01', 50);
    await setUsed(id, 'day', '2026-01-31', 10);
    await expect(reserve(id)).rejects.toMatchObject({ type: 'daily-questions-used' });
    expect(await use(id)).toMatchObject({ day: { used: 10 }, month: { used: 50 } });
  });

  it('begins anew with the next day and the next month', async () => {
    const { id } = await testOrganization(database, { tier: 'demo' });
    await setUsed(id, 'day', '2026-01-31', 10);
    await setUsed(id, 'month', '2026-01-01', 100);
    await reserve(id, later);
    expect(await use(id, later)).toMatchObject({ day: { used: 1 }, month: { used: 1 } });
  });

  it('takes a changed plan at once', async () => {
    const { id } = await testOrganization(database, { tier: 'demo' });
    await setUsed(id, 'day', '2026-01-31', 10);
    await database.owner`update organizations set tier = 'basic' where id = ${id}`;
    expect((await reserve(id)).plan.questionsPerDay).toBe(50);
  });

  it('leaves nothing counted when its transaction fails', async () => {
    const { id } = await testOrganization(database);
    const work = database.tenant.tenant(id, async (tx) => {
      await reserveQuestion(tx, id, at);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await use(id)).toMatchObject({ day: { used: 0 }, month: { used: 0 } });
  });

  it('knows no organization that is gone', async () => {
    await expect(reserve(crypto.randomUUID())).rejects.toMatchObject({ type: 'not-found' });
  });
});

describe('releaseQuestion', () => {
  it('gives back to the periods of the admission, though a new day and month began', async () => {
    const { id } = await testOrganization(database);
    const { reservation } = await reserve(id, at);
    await reserve(id, later);
    await release(id, reservation);
    expect(await use(id, at)).toMatchObject({ day: { used: 0 }, month: { used: 0 } });
    expect(await use(id, later)).toMatchObject({ day: { used: 1 }, month: { used: 1 } });
  });

  it('never counts below nothing', async () => {
    const { id } = await testOrganization(database);
    const { reservation } = await reserve(id);
    await Promise.all([release(id, reservation), release(id, reservation), release(id, reservation)]);
    expect(await use(id)).toMatchObject({ day: { used: 0 }, month: { used: 0 } });
  });
});
