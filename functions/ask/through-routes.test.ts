import { describe, expect, it, onTestFinished } from 'vitest';
import type { GatewayDocument } from '../../modules/models/configuration/contract.ts';
import { announceConfiguration } from '../../modules/models/configuration/topic.ts';
import { type TestOrganization, testOrganization } from '../../modules/testing/organization.ts';
import { startGigaChatUpstream } from '../../modules/testing/providers/gigachat-upstream.ts';
import { startYandexUpstream } from '../../modules/testing/providers/yandex-upstream.ts';
import { redis } from '../../platform/runtime/providers/redis.ts';
import { testApp } from '../../platform/testing/app.ts';
import * as module from './app.ts';
import { askScene, lease, rent } from './ask.fixture.ts';
import manifest from './function.ts';

const { database, app, add, ask } = await askScene();

const KEY = 'c2VjcmV0';
const FOLDER = 'b1g';
const sentence = 'The monthly rent is 1,200 euros [1].';
const quote = 'The monthly rent is 1,200 euros.';
const said = { text: sentence, usage: { input: 120, output: 14 } };
const busy = { reply: { status: 503, json: { status: 503, message: 'Busy' } } };

await database.owner`
  insert into model_prices (model, valid_from, prompt, completion, cached)
  values ('giga', '2020-01-01', 1000000, 2000000, 500000), ('yandex', '2020-01-01', 3000000, 6000000, 3000000)`;

let version = 0;
/** Puts a document into effect. */
async function apply(document: GatewayDocument): Promise<void> {
  version += 1;
  await database.owner`
    insert into gateway_versions (number, document, created_by) values (${version}, ${JSON.stringify(document)}::text::json, 'op')`;
  await database.platform.transaction(announceConfiguration);
}

/** The function with GigaChat, then YandexGPT, then no model behind both aliases. */
async function withRoutes() {
  const [gigachat, yandex] = await Promise.all([startGigaChatUpstream(KEY), startYandexUpstream(KEY, FOLDER)]);
  const document = (targets: string[], giga = 'GigaChat-2-Max'): GatewayDocument => ({
    version: 1,
    providers: {
      gigachat: {
        kind: 'gigachat',
        base: `${gigachat.origin}/api/v1`,
        keys: [{ env: 'GIGACHAT_KEY', concurrency: 1 }],
        options: { oauthUrl: gigachat.oauthUrl },
      },
      yandex: {
        kind: 'yandex',
        base: `${yandex.origin}/v1`,
        keys: [{ env: 'YANDEX_API_KEY' }],
        options: { folder: FOLDER },
      },
      quotes: { kind: 'local' },
    },
    models: {
      giga: { provider: 'gigachat', name: giga, price: 'giga' },
      yandexgpt: { provider: 'yandex', name: 'yandexgpt/latest', price: 'yandex' },
      local: { provider: 'quotes', name: 'local-extractive', can: ['chat'] },
    },
    routes: { standard: { targets }, advanced: { targets } },
  });
  await apply(document(['giga', 'yandexgpt', 'local']));
  const environment = {
    ...{ GIGACHAT_KEY: KEY, YANDEX_API_KEY: KEY, YANDEX_FOLDER: FOLDER },
    ...{ OUTBOUND_WHITELIST: '127.0.0.1', OUTBOUND_INTERNAL_HOSTS: '127.0.0.1' },
    CACHE_PREFIX: `${database.name}-${version}`,
  };
  const one = await testApp(database, { name: 'ask', manifest, module }, { environment, folder: app.folder });
  const client = await one.boot.use(redis);
  await expect.poll(() => client.status).toBe('ready');
  onTestFinished(async () => {
    await one.close();
    await Promise.all([gigachat.close(), yandex.close()]);
  });
  const org = await testOrganization(database, { tier: 'enterprise' });
  await add(org.id, 'lease.txt', lease);
  return { gigachat, yandex, document, org, put: (question = rent) => ask({ question }, org.owner, {}, one) };
}

const rowsOf = async ({ id }: TestOrganization) =>
  (
    await database.owner`
      select outcome, model, cost::text, metadata ->> 'route' as route, metadata ->> 'target' as target, metadata ->> 'provider' as provider
      from usage_logs where organization_id = ${id} and action = 'ai_query' order by created_at, attempt`
  ).map((row) => ({ ...row }));

describe('a question through the routes of the configuration', () => {
  it('is answered by GigaChat, whose citation holds, and is on the books by its price', async () => {
    const { gigachat, yandex, org, put } = await withRoutes();
    gigachat.script(said);
    const { status, body } = await put();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ answered: true, answer: sentence, model: 'GigaChat-2-Max' },
      citations: [{ quote }],
      metadata: { modelAlias: 'advanced', modelReason: 'policy advanced', attempts: 1 },
    });
    expect(yandex.requests).toEqual([]);
    // 120 tokens at a rouble and 14 at two.
    expect(await rowsOf(org)).toEqual([
      {
        ...{ outcome: 'done', model: 'giga', cost: '148.00000000' },
        ...{ route: 'advanced', target: 'giga', provider: 'gigachat' },
      },
    ]);
    expect((await put()).body).toMatchObject({ cached: true, model: 'GigaChat-2-Max' });
  });

  it('falls back to YandexGPT and then to quotations, with a row for each attempt', async () => {
    const { gigachat, yandex, org, put } = await withRoutes();
    gigachat.script(busy);
    yandex.script(said);
    expect((await put()).body).toMatchObject({
      ...{ answer: sentence, citations: [{ quote }], model: 'yandexgpt/latest', cached: false },
      metadata: { modelAlias: 'advanced', modelReason: 'policy advanced; GigaChat-2-Max failed', attempts: 2 },
    });
    gigachat.script(busy);
    yandex.script({ reply: { status: 500, json: {} } });
    // What another model answered was not kept as that of the first.
    expect((await put()).body).toMatchObject({
      ...{ answered: true, citations: [{ quote }], model: 'local-extractive', cached: false },
      metadata: { attempts: 3 },
    });
    const rows = await rowsOf(org);
    expect(rows.map(({ outcome, target }) => `${outcome} ${target}`)).toEqual([
      ...['failed giga', 'done yandexgpt'],
      ...['failed giga', 'failed yandexgpt', 'done local'],
    ]);
  });

  it('does not wait for a key that is in use while another model is there', async () => {
    const { gigachat, yandex, org, put } = await withRoutes();
    gigachat.script({ ...said, waitMs: 5_000 });
    yandex.script(said);
    const first = put();
    const asked = () => gigachat.requests.filter(({ path }) => path.endsWith('/chat/completions')).length;
    await expect.poll(asked, { timeout: 10_000 }).toBe(1);
    expect((await put('How much is the monthly rent?')).body).toMatchObject({
      ...{ model: 'yandexgpt/latest', metadata: { attempts: 1 } },
    });
    expect((await first).body.model).toBe('GigaChat-2-Max');
    expect((await rowsOf(org)).map(({ outcome }) => outcome)).toEqual(['done', 'done']);
  });

  it('follows a change of the configuration without a restart, and never gets another model’s answer from the cache', async () => {
    const { gigachat, yandex, document, put } = await withRoutes();
    gigachat.script(said);
    expect((await put()).body.model).toBe('GigaChat-2-Max');
    await apply(document(['yandexgpt']));
    yandex.script(said, said, said, said, said, said);
    await expect.poll(async () => (await put()).body.model, { timeout: 3_000 }).toBe('yandexgpt/latest');
  });
});
