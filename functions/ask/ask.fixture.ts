import { afterAll, onTestFinished } from 'vitest';
import { readyDocument } from '../../modules/testing/document.ts';
import { type Script, startOpenAiServer } from '../../modules/testing/openai-server.ts';
import { type TestMember, testOrganization } from '../../modules/testing/organization.ts';
import { redis } from '../../platform/runtime/providers/redis.ts';
import { type TestApp, testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import * as module from './app.ts';
import manifest from './function.ts';

export const lease =
  'LEASE\n\n1. Term\n\nThe lease runs for five years from the first of May.\n\n2. Rent\n\nThe monthly rent is 1,200 euros.\n';
export const supply =
  'ДОГОВОР ПОСТАВКИ\n\n1. Срок\n\nПоставщик передаёт товар в течение десяти рабочих дней после оплаты.\n';
export const rent = 'What is the monthly rent?';

/** The function without a provider, and an organization with a lease and a supply contract; for a whole test file. */
export async function askScene() {
  const database = await testDatabase();
  const app = await testApp(database, { name: 'ask', manifest, module });
  await app.boot
    .use(redis)
    .then((client) => client.status === 'ready' || new Promise((resolve) => client.once('ready', resolve)));
  afterAll(async () => {
    await app.close();
    await database.close();
  });
  const add = (organizationId: string, fileName: string, content: string) =>
    readyDocument({ database, folder: app.folder, organizationId }, { fileName, content });
  const mine = await testOrganization(database);
  const leaseId = await add(mine.id, 'lease.txt', lease);
  const supplyId = await add(mine.id, 'supply.txt', supply);
  const ask = (json: unknown, as: TestMember = mine.owner, headers: Record<string, string> = {}, by: TestApp = app) =>
    by.json('POST /api/ask', { as, json, headers });
  const usedToday = async (organizationId: string) => {
    const [row] = await database.owner`
      select used from question_counters where organization_id = ${organizationId} and period = 'day'`;
    return row?.used ?? 0;
  };
  /** The same function on a provider that follows a script; both end with the test. */
  const withProvider = async (chat?: Script, timeout = '5') => {
    const server = await startOpenAiServer({ ...(chat && { chat }), dimensions: 384 });
    const environment = {
      ...{ OPENAI_API_KEY: 'key', OPENAI_BASE_URL: server.baseUrl, OUTBOUND_WHITELIST: '127.0.0.1' },
      ...{ AI_TIMEOUT_SECONDS: timeout, AI_MODEL_STANDARD: 'small', AI_MODEL_ADVANCED: 'large' },
      // What one test finds out about its provider is nothing to the next.
      CACHE_PREFIX: `${database.name}-${new URL(server.baseUrl).port}`,
    };
    const one = await testApp(database, { name: 'ask', manifest, module }, { environment, folder: app.folder });
    onTestFinished(async () => {
      await one.close();
      await server.close();
    });
    return { server, one };
  };
  return { database, app, add, mine, leaseId, supplyId, ask, usedToday, withProvider };
}

// biome-ignore lint/suspicious/noExplicitAny: what an event holds is what the test finds out
export type SentEvent = [name: string, data: any];
/** The events of a stream, with their data read. */
export const eventsOf = (body: string): SentEvent[] =>
  [...body.matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(([, name = '', data = '']) => [name, JSON.parse(data)]);
