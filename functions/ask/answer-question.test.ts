import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { answerQuestion } from '../../modules/legal/asking/answer-question.ts';
import { readyDocument } from '../../modules/testing/document.ts';
import { type OpenAiServer, type StreamStep, startOpenAiServer } from '../../modules/testing/openai-server.ts';
import { type TestOrganization, testOrganization } from '../../modules/testing/organization.ts';
import { type TestApp, testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import * as module from './app.ts';
import manifest from './function.ts';

const database = await testDatabase();
const home = await testApp(database, { name: 'ask', manifest, module });
afterAll(async () => {
  await home.close();
  await database.close();
});

const question = 'What is the monthly rent?';
const beginning: StreamStep = { delta: 'The monthly rent is' };
const end: StreamStep[] = [{ delta: ' 1,200 euros [1].' }, { finish: 'stop' }, 'done'];

/** The function with an organization that has a document, on a provider that answers in these steps. */
async function arrange(
  ...stream: StreamStep[]
): Promise<{ app: TestApp; org: TestOrganization; server: OpenAiServer }> {
  const org = await testOrganization(database);
  const place = { database, folder: home.folder, organizationId: org.id };
  await readyDocument(place, { fileName: 'lease.txt', content: 'The monthly rent is 1,200 euros.' });
  const server = await startOpenAiServer({ chat: [{ stream }], dimensions: 384 });
  const environment = { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: server.baseUrl, OUTBOUND_WHITELIST: '127.0.0.1' };
  const app = await testApp(database, { name: 'ask', manifest, module }, { environment, folder: home.folder });
  onTestFinished(async () => {
    await app.close();
    await server.close();
  });
  return { app, org, server };
}
/** How a question is asked whose answer is kept for no one. */
const unkept = (seconds = 5) => ({
  requestId: crypto.randomUUID(),
  client: new AbortController().signal,
  seconds,
  keep: async () => {},
});

/** Questions counted against the plan, and answers charged. */
async function counted({ id }: TestOrganization) {
  const [row] = await database.owner`
    select (select coalesce(sum(used), 0)::int from question_counters where organization_id = ${id} and period = 'day') as used,
      (select count(*)::int from usage_logs where organization_id = ${id} and action = 'ai_query') as charged`;
  return { ...row };
}

describe('an answer', () => {
  it('that takes too long fails, and counts since a part was produced', async () => {
    const { app, org } = await arrange(beginning, 'hang');
    const deps = await app.boot.useAll(module.provide);
    const parts: string[] = [];
    const asking = answerQuestion(deps, org.owner, { question }, unkept(2));
    const read = async () => {
      for await (const { type } of asking) parts.push(type);
    };
    await expect(read()).rejects.toMatchObject({ type: 'timeout', parameters: { seconds: 2 } });
    expect(parts).toEqual(['passages', 'delta']);
    expect(await counted(org)).toEqual({ used: 1, charged: 1 });
  });

  it('whose reader returns it in the middle ends the call of the model, is charged with what was said, and is not stored', async () => {
    const { app, org, server } = await arrange(beginning, 'hang');
    const deps = await app.boot.useAll(module.provide);
    for await (const { type } of answerQuestion(deps, org.owner, { question }, unkept())) if (type === 'delta') break;
    expect(await counted(org)).toEqual({ used: 1, charged: 1 });
    const chat = server.requests.find(({ path }) => path.endsWith('/chat/completions'));
    await expect.poll(() => chat?.abandoned).toBe(true);
    const messages = await database.owner`select 1 from messages where organization_id = ${org.id}`;
    expect(messages).toHaveLength(0);
  });

  it('whose reader returns it before a model was asked is given back', async () => {
    const { app, org } = await arrange(beginning, 'hang');
    const deps = await app.boot.useAll(module.provide);
    for await (const { type } of answerQuestion(deps, org.owner, { question }, unkept()))
      if (type === 'passages') break;
    expect(await counted(org)).toEqual({ used: 0, charged: 0 });
  });

  it('whose client left with an Idempotency-Key is finished, and is there when it comes back', async () => {
    const { app, org } = await arrange(beginning, { waitMs: 300 }, ...end);
    const controller = new AbortController();
    const ask = (stream: boolean, signal = new AbortController().signal) =>
      app.request('POST /api/ask', {
        as: org.owner,
        json: { question, stream },
        headers: { 'idempotency-key': 'left' },
        signal,
      });
    const reader = (await ask(true, controller.signal)).body?.pipeThrough(new TextDecoderStream()).getReader();
    let body = '';
    while (!body.includes('event: delta')) body += (await reader?.read())?.value ?? '';
    controller.abort();
    await reader?.cancel();
    await expect.poll(async () => (await ask(false)).status).toBe(200);
    const answer = await (await ask(false)).json();
    expect(answer).toMatchObject({ answered: true, answer: 'The monthly rent is 1,200 euros [1].' });
    expect(await counted(org)).toEqual({ used: 1, charged: 1 });
  });

  it('that cannot be kept any more is not stored, and left to the person who took its key over', async () => {
    const { app, org } = await arrange(beginning, { waitMs: 300 }, ...end);
    const headers = { 'idempotency-key': 'taken over' };
    const asking = app.json('POST /api/ask', { as: org.owner, json: { question }, headers });
    const taken = () =>
      database.owner`update idempotency_keys set run = gen_random_uuid() where key = 'taken over' returning 1`;
    await expect.poll(async () => (await taken()).length).toBe(1);
    expect(await asking).toMatchObject({ status: 409, body: { type: 'urn:pandect:problem:idempotency-conflict' } });
    expect(await counted(org)).toEqual({ used: 1, charged: 0 });
    const [{ state } = {}] =
      await database.owner`select state from usage_reservations where organization_id = ${org.id}`;
    expect(state).toBe('started');
  });
});
