import { afterAll } from 'vitest';
import { testDatabase } from '../../../platform/testing/database.ts';
import { type TestOrganization, testOrganization } from '../../testing/organization.ts';
import { policyModels } from '../../testing/policy-models.ts';
import { type AdmissionRequest, createAdmission } from './admission.ts';
import { releaseUnits } from './metering.ts';

/** When questions are asked unless it is said: just before a new day and a new month. */
export const at = new Date('2026-01-31T23:59:59.900Z');
export const later = new Date('2026-02-01T00:00:00.000Z');
export const tokensPerMinute = { external: 100_000, internal: 1_000_000 };

/** A question of 10 tokens with 90 around it and room for 100. */
export const question = (org: TestOrganization, changes: Partial<AdmissionRequest> = {}): AdmissionRequest => ({
  caller: org.owner,
  requestId: crypto.randomUUID(),
  tokens: { questionTokens: 10, contextTokens: 90, maxTokens: [100] },
  models: policyModels('gpt-3.5-turbo', 'gpt-4'),
  secondsOpen: 60,
  ...changes,
});

/** A database of its own, and what is asked of it and read from it. */
export async function admissionScene() {
  const database = await testDatabase({ connections: 10 });
  afterAll(() => database.close());
  const admission = createAdmission(database.tenant, { tokensPerMinute });
  const ask = (org: TestOrganization, changes?: Partial<AdmissionRequest>, moment = at) =>
    admission.admit(question(org, changes), moment);
  const release = (org: TestOrganization, requestId: string) =>
    database.tenant.tenant(org.id, (tx) => releaseUnits(tx, org.id, requestId));
  /** An organization with these figures in place of its plan's. */
  async function organization(figures: Record<string, number | string> = {}, tier = 'demo'): Promise<TestOrganization> {
    const org = await testOrganization(database, { tier });
    const row = { organization_id: org.id, concurrent_questions: 1000, ...figures };
    await database.owner`insert into plan_overrides ${database.owner(row)}`;
    return org;
  }
  const setUsed = (id: string, period: 'day' | 'month', start: string, used: number) => database.owner`
    insert into question_counters values (${id}, ${period}, ${start}, ${used})
    on conflict (organization_id, period, start) do update set used = ${used}`;
  const counters = async ({ id }: TestOrganization) =>
    Object.fromEntries(
      (
        await database.owner`select period || ' ' || start as name, used from question_counters
          where organization_id = ${id} order by 1`
      ).map(({ name, used }) => [name, used]),
    );
  const minutes = async ({ id }: TestOrganization) => [
    ...(await database.owner`select channel, tokens::int from token_counters where organization_id = ${id} order by 1`),
  ];
  const reservations = async ({ id }: TestOrganization) => [
    ...(await database.owner`
      select state, source, tokens::int, model, cost, day::text, month::text from usage_reservations
      where organization_id = ${id} order by usage_reservations.cost`),
  ];
  const credits = async ({ id }: TestOrganization) =>
    (await database.owner`select question_credits::int as n from organizations where id = ${id}`)[0]?.n;
  return { database, admission, ask, release, organization, setUsed, counters, minutes, reservations, credits };
}
