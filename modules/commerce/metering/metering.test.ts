import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { Problem } from '../../../platform/kernel/problem.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import { type TestOrganization, testOrganization } from '../../testing/organization.ts';
import { policyModels } from '../../testing/policy-models.ts';
import { expireUnits } from './expire-units.ts';
import { createAdmission } from './index.ts';
import { releaseUnits, settleUnits, startAttempt } from './metering.ts';
import { type Figures, Oracle } from './oracle.fixture.ts';
import { reconcileUsage } from './reconcile.ts';

const database = await testDatabase();
afterAll(() => database.close());

const SECONDS_OPEN = 90;
const limits = { day: 3, month: 5, concurrent: 2, minute: 500 };
const tokensPerMinute = { external: limits.minute, internal: 0 };
const admission = createAdmission(database.tenant, { tokensPerMinute });
const models = policyModels('gpt-4');

/** What may happen to one of a few requests; `seconds` pass before it. */
type Step = { seconds: number; request: number } & (
  | { kind: 'reserve'; prompt: number; completion: number }
  | { kind: 'start' }
  | { kind: 'settle' | 'release'; attempt: number; prompt: number; completion: number }
  | { kind: 'expire' }
  | { kind: 'credit' }
);

const tokens = { prompt: fc.integer({ min: 1, max: 300 }), completion: fc.integer({ min: 0, max: 300 }) };
const when = {
  seconds: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 100 })),
  request: fc.integer({ min: 0, max: 4 }),
};
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('reserve' as const), ...when, ...tokens }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('start' as const), ...when }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('settle' as const, 'release' as const),
      attempt: fc.integer({ min: 1, max: 2 }),
      ...when,
      ...tokens,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('expire' as const), ...when }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('credit' as const), ...when }) },
);

async function organization(): Promise<TestOrganization> {
  const org = await testOrganization(database);
  await database.owner`
    insert into plan_overrides (organization_id, questions_per_day, questions_per_month, concurrent_questions)
    values (${org.id}, ${limits.day}, ${limits.month}, ${limits.concurrent})`;
  return org;
}

/** Does one step in the database and in the oracle, and sees that both admit the same. */
async function take(org: TestOrganization, oracle: Oracle, ids: string[], at: Date, one: Step): Promise<void> {
  const id = ids[one.request] as string;
  if (one.kind === 'credit') {
    await database.owner`update organizations set question_credits = question_credits + 1 where id = ${org.id}`;
    oracle.figures.credits++;
  } else if (one.kind === 'expire') {
    await expireUnits(database.platform, at);
    oracle.expire(at);
  } else if (one.kind === 'reserve') {
    const { prompt, completion } = one;
    const request = { questionTokens: prompt, contextTokens: 0, maxTokens: [completion] };
    const admitted = await admission
      .admit({ caller: org.owner, requestId: id, models, tokens: request, secondsOpen: SECONDS_OPEN }, at)
      .then(() => true)
      .catch((error: unknown) => {
        if (error instanceof Problem) return false;
        throw error;
      });
    expect(admitted).toBe(oracle.reserve(id, prompt, completion, at));
  } else if (!oracle.knows(id)) return;
  else if (one.kind === 'start') {
    expect(await startAttempt(database.tenant, org.id, id)).toBe(oracle.attemptsOf(id) + 1);
    oracle.start(id);
  } else {
    const { prompt, completion } = one;
    const started = oracle.attemptsOf(id);
    const attempt = started > 0 ? Math.min(one.attempt, started) : undefined;
    if (attempt !== undefined && oracle.isOver(id, attempt)) return;
    const used = { promptTokens: prompt, completionTokens: completion, cachedTokens: 0 };
    const close = one.kind === 'settle' ? settleUnits : releaseUnits;
    await database.tenant.tenant(org.id, (tx) =>
      close(tx, org.id, id, { attempts: [{ ...(attempt && { attempt }), outcome: 'done', model: 'gpt-4', ...used }] }),
    );
    oracle.close(id, one.kind === 'settle' ? 'settled' : 'released', attempt, prompt, completion);
  }
}

async function figuresOf({ id }: TestOrganization): Promise<Figures> {
  const sql = database.owner;
  const [sums] = await sql`
    select question_credits::int as credits, tokens_used::int as tokens, questions_used::int as questions, ai_cost,
      (select count(*)::int from usage_logs where organization_id = ${id}) as rows
    from organizations where id = ${id}`;
  const counters = await sql`select period, start::text, used from question_counters where organization_id = ${id}`;
  const of = (period: string) =>
    Object.fromEntries(counters.filter((row) => row.period === period).map(({ start, used }) => [start, used]));
  const minutes = await sql`select minute, tokens::int from token_counters where organization_id = ${id}`;
  const reservations = await sql`select request_id, state from usage_reservations where organization_id = ${id}`;
  const { credits = 0, tokens = 0, questions = 0, rows = 0, ai_cost = '' } = sums ?? {};
  return {
    ...{ day: of('day'), month: of('month'), credits, tokens, questions, rows },
    minute: Object.fromEntries(minutes.map(({ minute, tokens }) => [minute.toISOString(), tokens])),
    cost: BigInt(String(ai_cost).replace('.', '')),
    states: Object.fromEntries(reservations.map(({ request_id, state }) => [request_id, state])),
  };
}

describe('any order of reserving, starting, settling, releasing, dying and settling late', () => {
  it('comes to what an oracle says, within the limits, and adds up', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const org = await organization();
        const oracle = new Oracle(limits, SECONDS_OPEN);
        const ids = Array.from({ length: 5 }, () => crypto.randomUUID());
        // Over midnight and the end of a month.
        let at = new Date('2026-02-28T23:50:00.000Z');
        for (const one of steps) {
          at = new Date(at.getTime() + one.seconds * 1000);
          await take(org, oracle, ids, at, one);
        }
        expect(await figuresOf(org)).toEqual(oracle.snapshot());
        const differences = await reconcileUsage(database.platform);
        expect(differences.filter(({ organizationId }) => organizationId === org.id)).toEqual([]);
      }),
      { numRuns: 80 },
    );
  });
});
