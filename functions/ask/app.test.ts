import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { refusalText } from '../../platform/capabilities/ai/index.ts';
import { redis } from '../../platform/runtime/providers/redis.ts';
import { type TestApp, testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { readyDocument } from '../../platform/testing/document.ts';
import { type OpenAiServer, say, startOpenAiServer } from '../../platform/testing/openai-server.ts';
import { type TestMember, testOrganization } from '../../platform/testing/organization.ts';
import * as module from './app.ts';
import manifest from './function.ts';

const database = await testDatabase();
const app = await testApp(database, { name: 'ask', manifest, module });
await app.boot
  .use(redis)
  .then((client) => client.status === 'ready' || new Promise((resolve) => client.once('ready', resolve)));
afterAll(async () => {
  await app.close();
  await database.close();
});

const lease =
  'LEASE\n\n1. Term\n\nThe lease runs for five years from the first of May.\n\n2. Rent\n\nThe monthly rent is 1,200 euros.\n';
const supply = 'ДОГОВОР ПОСТАВКИ\n\n1. Срок\n\nПоставщик передаёт товар в течение десяти рабочих дней после оплаты.\n';
const add = (organizationId: string, fileName: string, content: string) =>
  readyDocument({ database, folder: app.folder, organizationId }, { fileName, content });
const mine = await testOrganization(database);
const leaseId = await add(mine.id, 'lease.txt', lease);
const supplyId = await add(mine.id, 'supply.txt', supply);

const rent = 'What is the monthly rent?';
const ask = (json: unknown, as: TestMember = mine.owner, headers: Record<string, string> = {}, by: TestApp = app) =>
  by.json('POST /api/ask', { as, json, headers });
const usedToday = async (organizationId: string) => {
  const [row] = await database.owner`
    select used from question_counters where organization_id = ${organizationId} and period = 'day'`;
  return row?.used ?? 0;
};

describe('POST /api/ask', () => {
  it('answers with citations whose quotes are exactly the text of their spans', async () => {
    for (const [question, documentId, words] of [
      [rent, leaseId, '1,200 euros'],
      ['В какой срок поставщик передаёт товар?', supplyId, 'десяти рабочих дней'],
    ] as const) {
      const { status, body } = await ask({ question });
      expect(status).toBe(200);
      expect(body).toMatchObject({ answered: true, cached: false, model: 'local-extractive' });
      expect(body.answer).toContain(words);
      expect(body.citations.length).toBeGreaterThan(0);
      for (const { start, end, quote, ...citation } of body.citations) {
        const [stored] =
          await database.owner`select content from document_texts where document_id = ${citation.documentId}`;
        expect(stored?.content.slice(start, end)).toBe(quote);
      }
      expect(body.citations[0].documentId).toBe(documentId);
      expect(body.answer).toContain('[1]');
    }
  });

  it('says so when the documents do not hold the answer', async () => {
    const { body } = await ask({ question: 'Кто изобрёл телефон?' });
    expect(body).toMatchObject({ answered: false, citations: [], answer: refusalText('ru') });
  });

  it('answers only from the documents that are named, and finds nothing in a stranger’s', async () => {
    expect((await ask({ question: rent, documentIds: [supplyId] })).body.answered).toBe(false);
    const stranger = (await testOrganization(database)).owner;
    expect((await ask({ question: rent, documentIds: [leaseId] }, stranger)).body).toMatchObject({
      answered: false,
      citations: [],
    });
  });

  it('records what was used, without the words', async () => {
    const { owner, id } = await testOrganization(database);
    const { body } = await ask({ question: 'Anything of a verysecretword?' }, owner);
    const rows = await database.owner`select * from usage_logs where organization_id = ${id}`;
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      ...{ action: 'ai_query', user_id: owner.userId, model: 'local-extractive' },
      ...{ prompt_tokens: body.usage.promptTokens, completion_tokens: body.usage.completionTokens },
    });
    const [sums] =
      await database.owner`select tokens_used::int, questions_used::int from organizations where id = ${id}`;
    expect(sums).toEqual({ tokens_used: body.usage.promptTokens + body.usage.completionTokens, questions_used: 1 });
    expect(JSON.stringify([...rows, app.log])).not.toContain('verysecretword');
  });

  it.each([
    {},
    { question: ' ' },
    { question: 'a\0b' },
    { question: 'x'.repeat(4001) },
    { question: rent, documentIds: [] },
    { question: rent, documentIds: ['lease'] },
    { question: rent, conversationId: '1' },
    { question: rent, stream: 'yes' },
    { question: rent, model: 'gpt-4' },
  ])('refuses %j and counts nothing', async (json) => {
    const { owner, id } = await testOrganization(database);
    const { status, body } = await ask(json, owner);
    expect([status, body.type]).toEqual([400, 'urn:pandect:problem:invalid-request']);
    expect(await usedToday(id)).toBe(0);
  });

  it('gives the first answer again under the same Idempotency-Key, and counts it once', async () => {
    const { owner, id } = await testOrganization(database);
    const headers = { 'idempotency-key': 'question-1' };
    const first = await ask({ question: rent }, owner, headers);
    expect(await ask({ question: rent }, owner, headers)).toEqual(first);
    expect(await usedToday(id)).toBe(1);
    const other = await ask({ question: 'Something else?' }, owner, headers);
    expect([other.status, other.body.type]).toEqual([422, 'urn:pandect:problem:idempotency-mismatch']);
  });
});

describe('a conversation', () => {
  it('goes on with its id, and is stored with its citations', async () => {
    const first = (await ask({ question: rent })).body;
    const second = (await ask({ question: 'And how long does the lease run?', conversationId: first.conversationId }))
      .body;
    expect(second.conversationId).toBe(first.conversationId);
    const rows = await database.owner`
      select role, content, citations from messages where conversation_id = ${first.conversationId} order by created_at`;
    expect(rows.map(({ role, content }) => [role, content])).toEqual([
      ['user', rent],
      ['assistant', first.answer],
      ['user', 'And how long does the lease run?'],
      ['assistant', second.answer],
    ]);
    expect(rows[1]?.citations).toEqual(first.citations);
  });

  it('of a colleague or a stranger is not there, and nothing is counted', async () => {
    const { conversationId } = (await ask({ question: rent })).body;
    const before = await usedToday(mine.id);
    const stranger = await testOrganization(database);
    for (const reader of [await mine.addMember('owner'), stranger.owner]) {
      const foreign = await ask({ question: rent, conversationId }, reader, { 'x-request-id': 'the-same-id' });
      const missing = await ask({ question: rent, conversationId: crypto.randomUUID() }, reader, {
        'x-request-id': 'the-same-id',
      });
      expect(foreign).toEqual(missing);
      expect(foreign.status).toBe(404);
    }
    expect([await usedToday(mine.id), await usedToday(stranger.id)]).toEqual([before, 0]);
  });
});

describe('the cache', () => {
  it('answers the same question again without tokens, and counts it all the same', async () => {
    const org = await testOrganization(database);
    await add(org.id, 'lease.txt', lease);
    const first = (await ask({ question: rent }, org.owner)).body;
    const second = (await ask({ question: '  what is the MONTHLY   rent ' }, org.owner)).body;
    expect(second).toEqual({
      ...first,
      cached: true,
      metadata: { ...first.metadata, attempts: 0 },
      usage: { promptTokens: 0, completionTokens: 0, cachedTokens: 0 },
      conversationId: expect.any(String),
    });
    expect(second.conversationId).not.toBe(first.conversationId);
    expect(await usedToday(org.id)).toBe(2);
  });

  it('is never another organization’s', async () => {
    await ask({ question: rent });
    const { body } = await ask({ question: rent }, (await testOrganization(database)).owner);
    expect(body).toMatchObject({ cached: false, answered: false });
  });

  it('is not used after the documents changed', async () => {
    const org = await testOrganization(database);
    await add(org.id, 'lease.txt', lease);
    await ask({ question: rent }, org.owner);
    await add(org.id, 'supply.txt', supply);
    expect((await ask({ question: rent }, org.owner)).body.cached).toBe(false);
  });

  it('can be done without', async () => {
    const without = await testApp(
      database,
      { name: 'ask', manifest, module },
      {
        environment: { REDIS_URL: 'redis://localhost?path=/nowhere/redis.sock' },
        folder: app.folder,
      },
    );
    for (let times = 0; times < 2; times++) {
      expect((await ask({ question: rent }, mine.owner, {}, without)).body).toMatchObject({
        answered: true,
        cached: false,
      });
    }
    await without.close();
  });
});

describe('the daily limit', () => {
  it('lets exactly as many of many at once through as the plan allows, and says why not in Russian', async () => {
    const org = await testOrganization(database, { tier: 'demo' });
    await database.owner`insert into plan_overrides (organization_id, concurrent_questions) values (${org.id}, 20)`;
    const answers = await Promise.all(
      Array.from({ length: 15 }, (_, n) => ask({ question: `Question ${n}?` }, org.owner, { 'accept-language': 'ru' })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(5);
    expect(refused[0]?.body).toMatchObject({
      type: 'urn:pandect:problem:daily-questions-used',
      title: 'Превышен дневной лимит запросов',
      detail: 'Превышен дневной лимит запросов (10)',
      ...{ limit: 10, used: 10, resetSeconds: expect.any(Number), resetAt: expect.any(String) },
      ...{ nextTier: 'basic', nextTierLimit: 50 },
    });
    expect(await usedToday(org.id)).toBe(10);
  });

  it('is written about to owners and admins once when it is near and once when it is reached', async () => {
    const org = await testOrganization(database, { tier: 'demo' });
    await org.addMember('member');
    const today = new Date().toISOString().slice(0, 10);
    await database.owner`insert into question_counters values (${org.id}, 'day', ${today}, 6)`;
    for (let n = 0; n < 4; n++) expect((await ask({ question: `Question ${n}?` }, org.owner)).status).toBe(200);
    const rows = await database.owner`
      select kind, reference, email, parameters from notifications where organization_id = ${org.id} order by created_at`;
    const resetAt = expect.stringMatching(/T00:00:00.000Z$/);
    const told = { email: org.owner.email, parameters: { what: 'questions/day', limit: 10, resetAt } };
    expect([...rows]).toEqual(
      [
        { kind: 'limit-near', share: 80, used: 8 },
        { kind: 'limit-reached', share: 100, used: 10 },
      ].map(({ kind, share, used }) => ({
        ...{ kind, reference: `questions/day/${today}/${share}`, email: told.email },
        parameters: { ...told.parameters, used },
      })),
    );
    const jobs = await database.owner`select 1 from pgboss.job where name = 'notify' and group_id = ${org.id}`;
    expect(jobs).toHaveLength(2);
  });

  it('refuses a stream with an ordinary problem', async () => {
    const org = await testOrganization(database, { tier: 'demo' });
    const today = new Date().toISOString().slice(0, 10);
    await database.owner`insert into question_counters values (${org.id}, 'day', ${today}, 10)`;
    const response = await app.request('POST /api/ask', { as: org.owner, json: { question: rent, stream: true } });
    expect([response.status, response.headers.get('content-type')]).toEqual([429, 'application/problem+json']);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

// biome-ignore lint/suspicious/noExplicitAny: what an event holds is what the test finds out
type SentEvent = [name: string, data: any];
const eventsOf = (body: string): SentEvent[] =>
  [...body.matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(([, name = '', data = '']) => [name, JSON.parse(data)]);

describe('a stream', () => {
  it('sends passages, pieces of the answer, citations, usage and the whole, in this order', async () => {
    const response = await app.request('POST /api/ask', {
      as: mine.owner,
      json: { question: 'How long does the lease run, from when?', stream: true },
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const events = eventsOf(await response.text());
    const names = events.map(([name]) => name);
    expect(names.filter((name, index) => name !== names[index - 1])).toEqual([
      'passages',
      'delta',
      'citations',
      'usage',
      'done',
    ]);
    const data = Object.fromEntries(events);
    expect(data.passages.passages[0]).toMatchObject({ number: 1, documentId: leaseId, text: expect.any(String) });
    expect(data.citations).toEqual({ answer: data.done.answer, citations: data.done.citations, answered: true });
    expect(data.usage).toEqual(data.done.usage);
    const plain = (await ask({ question: 'How long does the lease run, from when?' })).body;
    const { conversationId: _, ...same } = { ...plain, cached: false, usage: data.usage, metadata: data.done.metadata };
    expect(data.done).toEqual({ ...same, conversationId: expect.any(String) });
  });
});

describe('with a provider', () => {
  const servers: OpenAiServer[] = [];
  const apps: TestApp[] = [];
  afterEach(async () => {
    for (const one of apps.splice(0)) await one.close();
    for (const server of servers.splice(0)) await server.close();
  });
  async function start(chat?: NonNullable<Parameters<typeof startOpenAiServer>[0]>['chat'], timeout = '5') {
    const server = await startOpenAiServer({ ...(chat && { chat }), dimensions: 384 });
    servers.push(server);
    const environment = {
      ...{ OPENAI_API_KEY: 'key', OPENAI_BASE_URL: server.baseUrl, OUTBOUND_WHITELIST: '127.0.0.1' },
      ...{ AI_TIMEOUT_SECONDS: timeout, AI_MODEL_STANDARD: 'small', AI_MODEL_ADVANCED: 'large' },
    };
    const one = await testApp(database, { name: 'ask', manifest, module }, { environment, folder: app.folder });
    apps.push(one);
    return { server, one };
  }
  const organization = async (tier = 'enterprise') => {
    const org = await testOrganization(database, { tier });
    await add(org.id, 'lease.txt', lease);
    return org;
  };

  it('takes the plan’s model and tokens, counts what the provider counted, and shows only citations that hold', async () => {
    const org = await organization('demo');
    const { one, server } = await start([
      say('The monthly rent is 1,200 euros [1]. It is paid in gold [99].', { prompt: 80, completion: 9, cached: 20 }),
    ]);
    const { status, body } = await ask({ question: rent }, org.owner, {}, one);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      model: 'small',
      usage: { promptTokens: 80, completionTokens: 9, cachedTokens: 20 },
      metadata: { modelAlias: 'standard', complexity: 0, modelReason: 'policy standard', attempts: 1 },
    });
    expect(body.citations).toHaveLength(1);
    expect(body.answer).not.toContain('[99]');
    const chat = server.requests.find(({ path }) => path.endsWith('/chat/completions'));
    expect(chat?.body).toMatchObject({ model: 'small' });
    expect(JSON.stringify(chat?.body)).toContain('500');
  });

  it('sends what was said before with the next question', async () => {
    const org = await organization();
    const { one, server } = await start();
    const { conversationId } = (await ask({ question: rent }, org.owner, {}, one)).body;
    await ask({ question: 'And the term?', conversationId }, org.owner, {}, one);
    const chats = server.requests.filter(({ path }) => path.endsWith('/chat/completions'));
    expect(chats.at(-1)?.body.messages?.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(chats.at(-1)?.body.messages?.[1]?.content).toBe(rent);
  });

  it.each([
    ['refuses', [{ status: 401, message: 'bad key sk-secret' }]],
    ['breaks off before its first word', ['cut']],
    ['reports an error within a stream', [{ stream: [{ delta: 'The monthly' }, { error: 'sk-secret' }] }]],
  ] as const)('that %s gives the question back and says nothing of the provider', async (_, chat) => {
    const org = await organization();
    const { one } = await start(chat as never);
    const { status, body } = await ask({ question: rent }, org.owner, {}, one);
    expect([status, body.type]).toEqual([502, 'urn:pandect:problem:ai-failed']);
    // The request's own random name may hold any three digits.
    const { instance: _instance, ...said } = body as typeof body & { instance: string };
    expect(JSON.stringify(said)).not.toMatch(/secret|401|127\.0\.0\.1/);
    expect(await usedToday(org.id)).toBe(0);
    const rows = await database.owner`
      select distinct outcome, cost from usage_logs where organization_id = ${org.id} and action = 'ai_query'`;
    expect([...rows]).toEqual([{ outcome: 'failed', cost: '0.00000000' }]);
    expect([...(await database.owner`select 1 from conversations where organization_id = ${org.id}`)]).toEqual([]);
  });

  it('that hangs is given up after its time', async () => {
    const org = await organization();
    const { one } = await start(['hang'], '1');
    expect((await ask({ question: rent }, org.owner, {}, one)).status).toBe(502);
    expect(await usedToday(org.id)).toBe(0);
  });

  it('that fails within a stream ends it with an error event', async () => {
    const org = await organization();
    const { one } = await start([{ stream: [{ delta: 'The monthly' }, 'cut'] }]);
    const response = await one.request('POST /api/ask', { as: org.owner, json: { question: rent, stream: true } });
    expect(response.status).toBe(200);
    const events = eventsOf(await response.text());
    expect(events.at(-1)).toEqual([
      'error',
      expect.objectContaining({ type: 'urn:pandect:problem:ai-broke-off', status: 502 }),
    ]);
    expect(await usedToday(org.id)).toBe(1);
  });

  it('stops when the client leaves in the middle, and what was produced is settled once', async () => {
    const org = await organization();
    const { one, server } = await start(
      [{ stream: [{ delta: 'The monthly rent is 1,200 euros [1].' }, 'hang'] }],
      '30',
    );
    const controller = new AbortController();
    const response = await one.request('POST /api/ask', {
      as: org.owner,
      json: { question: rent, stream: true },
      signal: controller.signal,
    });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let body = '';
    while (!body.includes('event: delta')) body += (await reader?.read())?.value ?? '';
    controller.abort();
    await reader?.cancel();
    const settled = async () => [
      ...(await database.owner`
      select completion_tokens > 0 as charged from usage_logs where organization_id = ${org.id} and action = 'ai_query'`),
    ];
    await expect.poll(settled, { timeout: 5000 }).toEqual([{ charged: true }]);
    await expect.poll(() => server.requests.at(-1)?.abandoned).toBe(true);
    expect(await usedToday(org.id)).toBe(1);
  });

  it('is not asked at all when the client left before', async () => {
    const org = await organization();
    const { one, server } = await start();
    const signal = AbortSignal.abort();
    await one.request('POST /api/ask', { as: org.owner, json: { question: rent }, signal }).catch(() => {});
    expect(server.requests.filter(({ path }) => path.endsWith('/chat/completions'))).toEqual([]);
    expect(await usedToday(org.id)).toBe(0);
  });
});
