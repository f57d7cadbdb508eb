import type { Problem } from '../../../../platform/kernel/problem.ts';
import type { TestDatabase } from '../../../../platform/testing/database.ts';
import type { TestOrganization } from '../../../testing/organization.ts';
import type { CallAttempt, CallReservation } from './contract.ts';

/** A rouble for each token of the prompt and two for each of the answer. */
export const priceTokens = (database: TestDatabase) => database.owner`
  insert into model_prices (model, valid_from, prompt, completion, cached)
  values ('plain', '2020-01-01', 1000000, 2000000, 500000)`;

/** A call that holds ten tokens of the prompt and five of the answer: 20 roubles. */
export const newCall = ({ id, owner }: TestOrganization, changes: Partial<CallReservation> = {}): CallReservation => ({
  organizationId: id,
  userId: owner.userId,
  keyId: null,
  channel: 'external',
  requestId: crypto.randomUUID(),
  action: 'gateway',
  route: 'default',
  targets: [{ target: 'first', price: 'plain' }],
  usage: { input: 10, output: 5 },
  secondsOpen: 60,
  ...changes,
});

/** One that used ten tokens of the prompt and one of the answer: 12 roubles. */
export const newAttempt = (changes: Partial<CallAttempt> = {}): CallAttempt => ({
  attempt: 1,
  outcome: 'done',
  target: 'first',
  price: 'plain',
  usage: { input: 10, output: 1 },
  isEstimated: false,
  status: 200,
  firstMs: 12.4,
  ms: 30,
  ...changes,
});

/** What the books say of an organization. */
export async function booksOf({ owner: sql }: TestDatabase, id: string) {
  const rows = await sql`
    select request_id as request, attempt, outcome, model, prompt_tokens as prompt, completion_tokens as completion, cached_tokens as cached,
      cost, metadata from usage_logs where organization_id = ${id} order by created_at, attempt`;
  const [sums] = await sql`
    select tokens_used::int as tokens, ai_cost as cost,
      (select coalesce(sum(tokens), 0)::int from token_counters where organization_id = ${id} and channel in ('external', 'internal')) as minute,
      (select coalesce(sum(held_cost), 0)::text from budget_counters where organization_id = ${id}) as held,
      (select coalesce(sum(held_tokens), 0)::int from budget_counters where organization_id = ${id}) as "heldTokens",
      (select coalesce(max(spent_cost), 0)::text from budget_counters where organization_id = ${id}) as spent,
      (select array_agg(distinct state) from usage_reservations where organization_id = ${id}) as states
    from organizations where id = ${id}`;
  return { rows: [...rows], ...sums } as {
    rows: Record<string, unknown>[];
    tokens: number;
    cost: string;
    minute: number;
    held: string;
    heldTokens: number;
    spent: string;
    states: string[] | null;
  };
}

interface TestBudget {
  scope?: string;
  scopeId?: string;
  window?: string;
  cost?: number;
  tokens?: number;
  hard?: boolean;
}

/** A hard one of the organization for a month, unless it is said. */
export const addBudget = ({ owner: sql }: TestDatabase, { id }: TestOrganization, budget: TestBudget) => {
  const { scope = 'organization', scopeId = null, window = 'month', cost = null, tokens = null, hard = true } = budget;
  return sql`
    insert into budgets (organization_id, scope, scope_id, "window", limit_cost, limit_tokens, hard)
    values (${id}, ${scope}, ${scopeId}, ${window}, ${cost}, ${tokens}, ${hard})`;
};

/** What something is refused with; undefined when it is not. */
export const problemOf = (asking: Promise<unknown>) =>
  asking.then(
    () => undefined,
    (error: unknown) => error as Problem,
  );
