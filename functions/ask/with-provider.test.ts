import { describe, expect, it } from 'vitest';
import { refusalText } from '../../modules/legal/answers/index.ts';
import { PASSAGES_TOKENS } from '../../modules/legal/asking/produce-answer.ts';
import { estimateTokens } from '../../modules/models/index.ts';
import { say } from '../../modules/testing/openai-server.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { askScene, eventsOf, lease, rent } from './ask.fixture.ts';

const { database, add, ask, usedToday, withProvider } = await askScene();

describe('with a provider', () => {
  const organization = async (tier = 'enterprise') => {
    const org = await testOrganization(database, { tier });
    await add(org.id, 'lease.txt', lease);
    return org;
  };

  it('takes the plan’s model and tokens, counts what the provider counted, and shows only citations that hold', async () => {
    const org = await organization('demo');
    const { one, server } = await withProvider([
      say('The monthly rent is 1,200 euros [1]. It is paid in gold [99].', { prompt: 80, completion: 9, cached: 20 }),
    ]);
    const { status, body } = await ask({ question: rent }, org.owner, {}, one);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      model: 'small',
      usage: { promptTokens: 80, completionTokens: 9, cachedTokens: 20 },
      metadata: {
        modelAlias: 'standard',
        complexity: 0,
        modelReason: 'policy standard',
        attempts: 1,
        droppedSentences: 1,
      },
    });
    expect(body.citations).toHaveLength(1);
    expect(body.answer).toBe('The monthly rent is 1,200 euros [1].');
    const chat = server.requests.find(({ path }) => path.endsWith('/chat/completions'));
    expect(chat?.body).toMatchObject({ model: 'small' });
    expect(JSON.stringify(chat?.body)).toContain('500');
  });

  it('is not asked where there is nothing to answer from, and the question counts', async () => {
    const org = await testOrganization(database, { tier: 'enterprise' });
    const { one, server } = await withProvider();
    const { status, body } = await ask({ question: rent }, org.owner, {}, one);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ answered: false, citations: [], model: 'large', cached: false, answer: refusalText('en') },
      ...{ usage: { promptTokens: 0, completionTokens: 0, cachedTokens: 0 }, metadata: { attempts: 0 } },
    });
    expect(server.requests.filter(({ path }) => path.endsWith('/chat/completions'))).toEqual([]);
    expect(await usedToday(org.id)).toBe(1);
  });

  it('gets long passages cut to what a prompt may hold', async () => {
    const org = await testOrganization(database, { tier: 'enterprise' });
    const filler = 'The yard is swept, and no one minds the noise of the brooms in it. ';
    for (const name of ['one', 'two', 'three', 'four', 'five', 'six']) {
      await add(org.id, `${name}.txt`, `${filler.repeat(70)}The monthly rent of house ${name} is 900 euros. ${filler}`);
    }
    const { one, server } = await withProvider();
    await ask({ question: rent }, org.owner, {}, one);
    const sent = server.requests.findLast(({ path }) => path.endsWith('/chat/completions'))?.body.messages ?? [];
    const prompt = sent.map(({ content }) => content).join('\n');
    expect(prompt).toContain('The monthly rent of house');
    expect(estimateTokens(prompt)).toBeLessThan(PASSAGES_TOKENS + 500);
  });

  it('sends what was said before with the next question', async () => {
    const org = await organization();
    const { one, server } = await withProvider();
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
    const { one } = await withProvider(chat as never);
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
    const { one } = await withProvider(['hang'], '1');
    expect((await ask({ question: rent }, org.owner, {}, one)).status).toBe(502);
    expect(await usedToday(org.id)).toBe(0);
  });

  it('that fails within a stream ends it with an error event', async () => {
    const org = await organization();
    const { one } = await withProvider([{ stream: [{ delta: 'The monthly' }, 'cut'] }]);
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
    const { one, server } = await withProvider(
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
    const { one, server } = await withProvider();
    const signal = AbortSignal.abort();
    await one.request('POST /api/ask', { as: org.owner, json: { question: rent }, signal }).catch(() => {});
    expect(server.requests.filter(({ path }) => path.endsWith('/chat/completions'))).toEqual([]);
    expect(await usedToday(org.id)).toBe(0);
  });
});
