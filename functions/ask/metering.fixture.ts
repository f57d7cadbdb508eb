import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { reconcileUsage } from '../../modules/commerce/metering/index.ts';
import { readyDocument } from '../../modules/testing/document.ts';
import { type OpenAiServer, type Script, say, startOpenAiServer } from '../../modules/testing/openai-server.ts';
import { type TestOrganization, testOrganization } from '../../modules/testing/organization.ts';
import { redis } from '../../platform/runtime/providers/redis.ts';
import { type TestApp, testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import type { TestEnvironment } from '../../platform/testing/process.ts';
import { NO_REDIS_URL } from '../../platform/testing/redis.ts';
import { startUnitProcess, type UnitProcess } from '../../platform/testing/unit-process.ts';
import * as module from './app.ts';
import manifest from './function.ts';

export const question = 'What is the monthly rent?';
export const answer = 'The monthly rent is 1,200 euros [1].';
export const fine = say(answer, { prompt: 80, completion: 20, cached: 30 });
export const away = { REDIS_URL: NO_REDIS_URL };

export interface Scene {
  org: TestOrganization;
  app: TestApp;
  /** The same function in other processes. */
  others: TestApp[];
  server: OpenAiServer;
  /** The same function in a process of its own, which can be killed. */
  spawn(): Promise<UnitProcess>;
}

export const ask = (app: TestApp, org: TestOrganization, json: object = {}, headers: Record<string, string> = {}) =>
  app.json('POST /api/ask', { as: org.owner, json: { question, ...json }, headers });
export const chats = ({ requests }: OpenAiServer) => requests.filter(({ path }) => path.endsWith('/chat/completions'));

export const nothing = { questions: 0, tokens: 0, cost: '0.00000000', counted: 0 };
export const none = { ...nothing, rows: [] };
// 50 prompt tokens at 3,000 roubles a million, 30 cached ones at the same, 20 others at 6,000.
export const once = { questions: 1, tokens: 100, cost: '0.36000000', counted: 1, rows: ['done'] };

/** Asks for a stream, and reads it until it holds `until`. */
export async function follow(
  app: TestApp,
  org: TestOrganization,
  until: string,
  signal = new AbortController().signal,
) {
  const response = await app.request('POST /api/ask', { as: org.owner, json: { question, stream: true }, signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let body = '';
  while (!body.includes(until)) {
    const piece = await reader?.read();
    if (!piece || piece.done) break;
    body += piece.value;
  }
  return { body, leave: () => reader?.cancel() };
}

/** The database of a whole test file, with what needs it. */
export async function meteringScene() {
  const database = await testDatabase({ connections: 10 });
  const home = await testApp(database, { name: 'ask', manifest, module });
  afterAll(async () => {
    await home.close();
    await database.close();
  });

  const addLease = ({ id }: TestOrganization) =>
    readyDocument(
      { database, folder: home.folder, organizationId: id },
      { fileName: 'lease.txt', content: 'The monthly rent is 1,200 euros.' },
    );

  /** An organization with a document, and processes that ask a provider which follows a script. */
  async function scene(
    chat: Script,
    options: { tier?: string; figures?: object; processes?: number; environment?: TestEnvironment } = {},
  ): Promise<Scene> {
    const { tier = 'enterprise', figures, processes = 1, environment = {} } = options;
    const org = await testOrganization(database, { tier });
    if (figures) {
      await database.owner`insert into plan_overrides ${database.owner({ organization_id: org.id, ...figures })}`;
    }
    await addLease(org);
    const server = await startOpenAiServer({ chat, dimensions: 384 });
    const settings: TestEnvironment = {
      ...{ OPENAI_API_KEY: 'key', OPENAI_BASE_URL: server.baseUrl, OUTBOUND_WHITELIST: '127.0.0.1' },
      ...{ AI_MODEL_STANDARD: 'gpt-3.5-turbo', AI_MODEL_ADVANCED: 'gpt-4', AI_TIMEOUT_SECONDS: '20' },
      // What one scene finds out about its provider is nothing to the next.
      ...{ CACHE_PREFIX: `${database.name}-${org.id}`, ...environment },
    };
    const start = () =>
      testApp(database, { name: 'ask', manifest, module }, { environment: settings, folder: home.folder });
    const [app, ...others] = await Promise.all(Array.from({ length: processes }, start));
    onTestFinished(async () => {
      for (const one of [app as TestApp, ...others]) await one.close();
      await server.close();
    });
    // Without its moment to connect, a process that waits for no Redis would meet the fallbacks.
    if (!environment.REDIS_URL) {
      for (const one of [app as TestApp, ...others]) {
        const client = await one.boot.use(redis);
        await expect.poll(() => client.status).toBe('ready');
      }
    }
    const spawn = () =>
      startUnitProcess({ kind: 'function', name: 'ask', manifest }, database, {
        ...{ environment: settings, folder: home.folder },
      });
    return { org, app: app as TestApp, others, server, spawn };
  }

  /** What was counted and charged. */
  async function charged({ id }: TestOrganization) {
    const [row] = await database.owner`
      select questions_used::int as questions, tokens_used::int as tokens, ai_cost as cost,
        (select coalesce(sum(used), 0)::int from question_counters where organization_id = ${id} and period = 'month') as counted,
        (select coalesce(array_agg(outcome order by created_at, attempt), '{}') from usage_logs
          where organization_id = ${id} and action = 'ai_query') as rows
      from organizations where id = ${id}`;
    return { ...row };
  }

  return { database, scene, addLease, charged };
}

/** Comes last in a file. */
export function describeReconciliation(database: Awaited<ReturnType<typeof testDatabase>>): void {
  describe('after all of this', () => {
    it('logs, totals and sums agree to the last digit', async () => {
      expect(await reconcileUsage(database.platform)).toEqual([]);
    });
  });
}
