import { describe, expect, it } from 'vitest';
import { createDatabase } from '../../../db/client.ts';
import type { TestOrganization } from '../../testing/organization.ts';
import { admissionScene, at, question, tokensPerMinute } from './admission.fixture.ts';
import { createAdmission } from './admission.ts';
import { settleUnits, startAttempt } from './metering.ts';

const { database, admission, ask, release, organization, setUsed, counters, minutes, reservations, credits } =
  await admissionScene();

describe('of many questions at once', () => {
  it('exactly as many are admitted as are left, over several processes', async () => {
    const org = await organization({ questions_per_day: 1_000_000, questions_per_month: 1_000_000 }, 'enterprise');
    await setUsed(org.id, 'day', '2026-01-31', 999_990);
    const others = await Promise.all([1, 2, 3].map(() => createPool()));
    const admissions = [admission, ...others.map(({ made }) => made)];
    const outcomes = await Promise.allSettled(
      Array.from({ length: 1000 }, (_, n) => admissions[n % 4]?.admit(question(org), at)),
    );
    await Promise.all(others.map(({ close }) => close()));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.type] : []));
    expect(new Set(reasons)).toEqual(new Set(['daily-questions-used']));
    expect(await counters(org)).toEqual({ 'day 2026-01-31': 1_000_000, 'month 2026-01-01': 10 });
    expect(await minutes(org)).toEqual([{ channel: 'external', tokens: 2000 }]);
  });

  it('only so many are in work as the plan allows, and the next when one has ended', async () => {
    const org = await organization({ concurrent_questions: 2 });
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => ask(org)));
    const admitted = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(admitted).toHaveLength(2);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: {
        type: 'too-many-questions-at-once',
        parameters: { limit: 2, used: 2, nextTier: 'basic', nextTierLimit: 5 },
        headers: { 'retry-after': '2' },
      },
    });
    await release(org, admitted[0]?.requestId ?? '');
    await ask(org);
    await expect(ask(org)).rejects.toMatchObject({ type: 'too-many-questions-at-once' });
    // One whose process died holds its place until its time is over, not until it is swept.
    const afterwards = new Date(at.getTime() + 60_000);
    await Promise.all([ask(org, {}, afterwards), ask(org, {}, afterwards)]);
  });
});

/** A pool of its own, as another process has. */
async function createPool() {
  const other = createDatabase({ url: database.url('tenant'), connections: 2 });
  return { made: createAdmission(other, { tokensPerMinute }), close: other.close };
}

describe('questions bought on top', () => {
  it('are taken when the plan’s are used, and given back', async () => {
    const org = await organization({ questions_per_day: 1 });
    await database.owner`update organizations set question_credits = 2 where id = ${org.id}`;
    await ask(org);
    expect(await credits(org)).toBe(2);
    const { requestId } = await ask(org);
    await ask(org);
    expect(await credits(org)).toBe(0);
    await expect(ask(org)).rejects.toMatchObject({ type: 'daily-questions-used' });
    await release(org, requestId);
    expect([await credits(org), await counters(org)]).toEqual([1, { 'day 2026-01-31': 1, 'month 2026-01-01': 1 }]);
  });

  it('are never more than there are, however many come at once', async () => {
    const org = await organization({ questions_per_day: 3 });
    await database.owner`update organizations set question_credits = 4 where id = ${org.id}`;
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => ask(org)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    expect(await credits(org)).toBe(0);
  });
});

describe('the same request again', () => {
  const start = (org: TestOrganization, requestId: string) => startAttempt(database.tenant, org.id, requestId);

  it('continues with what it reserved while it is in work', async () => {
    const org = await organization({ concurrent_questions: 1 });
    const requestId = crypto.randomUUID();
    await Promise.all([ask(org, { requestId }), ask(org, { requestId })]);
    await start(org, requestId);
    await ask(org, { requestId });
    expect(await counters(org)).toEqual({ 'day 2026-01-31': 1, 'month 2026-01-01': 1 });
    expect(await minutes(org)).toEqual([{ channel: 'external', tokens: 200 }]);
  });

  it('is not counted again when it was settled, and again when it was given back', async () => {
    const org = await organization();
    const requestId = crypto.randomUUID();
    await ask(org, { requestId });
    await release(org, requestId);
    expect(await counters(org)).toEqual({ 'day 2026-01-31': 0, 'month 2026-01-01': 0 });
    await ask(org, { requestId });
    await database.tenant.tenant(org.id, (tx) => settleUnits(tx, org.id, requestId, { attempts: [] }));
    await ask(org, { requestId });
    expect(await counters(org)).toEqual({ 'day 2026-01-31': 1, 'month 2026-01-01': 1 });
    expect((await reservations(org)).map(({ state }) => state)).toEqual(['settled']);
  });
});
