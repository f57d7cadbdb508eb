import { describe, expect, it } from 'vitest';
import { refusalText } from '../../modules/legal/answers/index.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { askScene, eventsOf, rent } from './ask.fixture.ts';

const { database, app, mine, leaseId, supplyId, ask, usedToday } = await askScene();

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
  it('continues with its id, and is stored with its citations', async () => {
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

  it('tells what an elliptic question leaves out', async () => {
    const { conversationId } = (await ask({ question: 'В какой срок поставщик передаёт товар?' })).body;
    const { body } = await ask({ question: 'И когда он это сделает?', conversationId });
    expect(body).toMatchObject({ answered: true, citations: [{ documentId: supplyId }] });
    expect(body.answer).toContain('десяти рабочих дней');
    expect((await ask({ question: 'И когда он это сделает?' })).body.answered).toBe(false);
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
    const { answer, citations, sources } = data.done;
    expect(data.citations).toEqual({ answer, citations, sources, answered: true });
    expect(sources).toEqual([{ documentId: leaseId, title: 'lease', notices: [], noticesOmitted: 0 }]);
    expect(data.usage).toEqual(data.done.usage);
    const plain = (await ask({ question: 'How long does the lease run, from when?' })).body;
    const { conversationId: _, ...same } = { ...plain, cached: false, usage: data.usage, metadata: data.done.metadata };
    expect(data.done).toEqual({ ...same, conversationId: expect.any(String) });
  });
});
