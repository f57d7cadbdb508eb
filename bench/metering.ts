import { sql } from 'drizzle-orm';
import type { Sql } from 'postgres';
import { createDatabase, type Database, type Transaction } from '../db/client.ts';
import { connect } from '../db/connect.ts';
import { type LoginName, loginNames, loginUrl } from '../db/logins.ts';
import { migrateDatabase } from '../db/migrate.ts';
import { createApp } from '../functions/usage/app.ts';
import { type Admission, createAdmission, settleUnits, startAttempt } from '../modules/commerce/metering/index.ts';
import { policyModels } from '../modules/testing/policy-models.ts';
import { findBinaries } from '../platform/services/binaries.ts';
import { startPostgres } from '../platform/services/postgres.ts';
import { temporaryHome } from '../platform/services/temporary-home.ts';
import { quantile, times } from './support/figures.ts';
import { fillUsage, type MeteredOrganization, PEOPLE, USAGE_ROWS } from './support/fill-usage.ts';
import type { Bench, Row } from './support/table.ts';

const ORGANIZATIONS = 500;
/** As many as three processes of the function have. */
const CONNECTIONS = 15;
const QUESTIONS = 1_500;
const RUSH_SECONDS = 5;
/** Requests in flight at a time in a rush. */
const IN_FLIGHT = 128;

const CALLS = {
  metered: 'admitted, stored and settled',
  bare: 'stored alone',
  started: 'started, next to the provider’s call',
};

interface Scene {
  owner: Sql;
  database: Database;
  admission: Admission;
  organizations: MeteredOrganization[];
}

export const metering: Bench = {
  name: 'metering',
  about:
    'what admission and settlement of a question add, admissions a second, and usage of a month among a million rows',
  run: () =>
    withScene(async (scene) => {
      const filled = await fillUsage(scene.owner, scene.organizations);
      const [alone, busy] = [await addedCost(scene, 1), await addedCost(scene, 16)];
      const [first] = scene.organizations as [MeteredOrganization];
      const one = await rush(scene, [first]);
      const many = await rush(scene, scene.organizations);
      const usage = await usageTimes(scene);
      const p99 = quantile(alone.added, 0.99);
      const p95 = quantile(usage.totals, 0.95);
      return {
        title: 'Metering',
        rows: [
          ...cost('one question after the other', alone),
          ...cost('16 questions at a time', busy),
          rate('admissions a second, one organization', one),
          rate(`admissions a second, ${ORGANIZATIONS} organizations`, many),
          timed('GET /api/usage, from the totals', usage.totals),
          timed('the same summed from the log', usage.log),
        ],
        aims: [
          { what: 'added to a question, p99', aim: '≤ 5 ms', reached: `${p99.toFixed(1)} ms`, met: p99 <= 5 },
          {
            what: 'admissions of one organization',
            aim: '≥ 1,500/s',
            reached: `${one.perSecond}/s`,
            met: one.perSecond >= 1500,
          },
          {
            what: `of ${ORGANIZATIONS}`,
            aim: '≥ 1,500/s',
            reached: `${many.perSecond}/s`,
            met: many.perSecond >= 1500,
          },
          { what: 'GET /api/usage, p95', aim: '≤ 50 ms', reached: `${p95.toFixed(1)} ms`, met: p95 <= 50 },
        ],
        notes: [
          `One process with ${CONNECTIONS} connections next to its PostgreSQL, which writes every commit to disk; ${IN_FLIGHT} calls in flight for admissions a second.`,
          'Added: an answer admitted, stored and settled, less the same answer stored alone right after it. That a provider is called is written next to the call.',
          `${USAGE_ROWS.toLocaleString('en')} rows of ${ORGANIZATIONS} organizations with ${PEOPLE} people each, put in within ${filled.toFixed(0)} s; the log's sum takes ${times(quantile(usage.log, 0.5) / quantile(usage.totals, 0.5))} as long.`,
        ],
      };
    }),
};

async function withScene<T>(work: (scene: Scene) => Promise<T>): Promise<T> {
  const { home, remove } = await temporaryHome();
  const ends = [remove];
  try {
    const postgres = await startPostgres({ home, binaries: await findBinaries(['postgres']) });
    ends.push(() => postgres.stop());
    const passwords = Object.fromEntries(loginNames.map((login) => [login, crypto.randomUUID()]));
    await migrateDatabase(postgres.url, { queues: [], passwords: passwords as Record<LoginName, string> });
    const owner = connect(postgres.url);
    const url = loginUrl(postgres.url, 'tenant', passwords.tenant as string);
    const database = createDatabase({ url, connections: CONNECTIONS });
    ends.push(
      () => owner.end({ timeout: 5 }),
      () => database.close(),
    );
    await owner`update subscription_plans
      set questions_per_day = 100000000, questions_per_month = 100000000, concurrent_questions = 100000000`;
    const organizations = await owner<MeteredOrganization[]>`
      insert into organizations (name) select 'Organization ' || n from generate_series(1, ${ORGANIZATIONS}) n returning id`;
    const tokensPerMinute = { external: 1e15, internal: 1e15 };
    const admission = createAdmission(database, { tokensPerMinute });
    return await work({ owner, database, admission, organizations });
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}

const models = policyModels('gpt-3.5-turbo', 'gpt-4');
const tokens = { questionTokens: 20, contextTokens: 2_000, maxTokens: [] };

async function admit({ admission }: Scene, { id, people }: MeteredOrganization): Promise<string> {
  const requestId = crypto.randomUUID();
  const caller = { organizationId: id, userId: people?.[0] ?? crypto.randomUUID() };
  await admission.admit({ caller, requestId, tokens, models, secondsOpen: 150 });
  return requestId;
}

interface Pairs {
  metered: number[];
  bare: number[];
  /** The differences of the pairs. */
  added: number[];
  started: number[];
}

/** What storing an answer writes. */
async function store(tx: Transaction, { id, people }: MeteredOrganization): Promise<void> {
  const conversation = crypto.randomUUID();
  await tx.execute(sql`
    insert into conversations (id, organization_id, user_id, title) values (${conversation}, ${id}, ${people?.[0]}, 'Rent')`);
  for (const role of ['user', 'assistant']) {
    await tx.execute(sql`
      insert into messages (conversation_id, organization_id, role, content) values (${conversation}, ${id}, ${role}, 'Rent')`);
  }
}

/** Milliseconds of a question's metering with the transaction that it ends in, and of the transaction alone, in pairs. */
async function addedCost(scene: Scene, atOnce: number): Promise<Pairs> {
  const pairs: Pairs = { metered: [], bare: [], added: [], started: [] };
  const { database, organizations } = scene;
  const used = { promptTokens: 1_500, completionTokens: 200, cachedTokens: 0 };
  let turn = -200; // the first ones fill caches
  const work = async () => {
    for (let mine = turn++; mine < QUESTIONS; mine = turn++) {
      const organization = organizations[(mine + 200) % organizations.length] as MeteredOrganization;
      const { id } = organization;
      const began = performance.now();
      const requestId = await admit(scene, organization);
      const admitted = performance.now();
      const attempt = await startAttempt(database, id, requestId);
      const started = performance.now();
      await database.tenant(id, async (tx) => {
        await store(tx, organization);
        await settleUnits(tx, id, requestId, {
          attempts: [{ attempt, outcome: 'done', model: 'gpt-3.5-turbo', ...used }],
        });
      });
      const settled = performance.now();
      await database.tenant(id, (tx) => store(tx, organization));
      const bare = performance.now() - settled;
      if (mine < 0) continue;
      const metered = admitted - began + (settled - started);
      pairs.metered.push(metered);
      pairs.bare.push(bare);
      pairs.added.push(metered - bare);
      pairs.started.push(started - admitted);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return pairs;
}

/** Admits as fast as it goes for some seconds. */
async function rush(scene: Scene, organizations: readonly MeteredOrganization[]) {
  const latencies: number[] = [];
  const end = performance.now() + RUSH_SECONDS * 1000;
  let turn = 0;
  const work = async () => {
    while (performance.now() < end) {
      const began = performance.now();
      await admit(scene, organizations[turn++ % organizations.length] as MeteredOrganization);
      latencies.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  return { perSecond: Math.round(latencies.length / RUSH_SECONDS), latencies };
}

/** Milliseconds of the handler for each organization, and of the same sums taken from the log. */
async function usageTimes({ database, owner, organizations }: Scene) {
  let caller = { organizationId: '', userId: '', role: 'owner' as const };
  const limits = { requests: 60, tokens: 100_000 };
  const app = createApp({
    tokens: { verify: async () => caller, isKey: () => false },
    database,
    channelLimits: { external: limits, internal: limits },
    personRequests: 600,
  });
  const figures = { totals: [] as number[], log: [] as number[] };
  for (const [index, { id, people }] of organizations.entries()) {
    caller = { ...caller, organizationId: id, userId: people?.[0] ?? '' };
    const began = performance.now();
    const response = await app.request('/api/usage', { headers: { authorization: 'Bearer x' } });
    const { total } = (await response.json()) as { total: { count: number } };
    figures.totals.push(performance.now() - began);
    if (total.count === 0) throw new Error(`Ask usage of "${id}": nothing was summed`);
    if (index % 5 > 0) continue;
    const from = performance.now();
    await owner`
      select action, model, user_id, count(*), sum(prompt_tokens), sum(completion_tokens), sum(cached_tokens), sum(cost)
      from usage_logs where organization_id = ${id} and created_at >= date_trunc('month', now(), 'UTC')
      group by grouping sets ((), (action, model), (user_id))`;
    figures.log.push(performance.now() - from);
  }
  return figures;
}

const timed = (what: string, values: number[], base?: number[]): Row => ({
  what,
  'p50, ms': quantile(values, 0.5).toFixed(2),
  'p95, ms': quantile(values, 0.95).toFixed(2),
  'p99, ms': quantile(values, 0.99).toFixed(2),
  'a second': '',
  'p50 ratio': base ? times(quantile(values, 0.5) / quantile(base, 0.5)) : '',
});

const cost = (when: string, { metered, bare, added, started }: Pairs): Row[] => [
  timed(`${CALLS.metered}, ${when}`, metered, bare),
  timed(`${CALLS.bare}, ${when}`, bare, bare),
  timed(`added, ${when}`, added),
  timed(`${CALLS.started}, ${when}`, started),
];

const rate = (what: string, { perSecond, latencies }: { perSecond: number; latencies: number[] }): Row => ({
  ...timed(what, latencies),
  'a second': perSecond,
});
