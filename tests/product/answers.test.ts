import { beforeAll, describe, expect, it } from 'vitest';
import { type Account, type Answer, createAccount } from '../support/http/client.ts';
import { readSample, sampleNames, sampleQuestions } from '../support/samples.ts';
import { sharedPlatform } from '../support/shared-platform.ts';

const names = await sampleNames();
const questions = await sampleQuestions();
const answerable = questions.flatMap(({ question, expect: wanted }) => (wanted ? [{ question, wanted }] : []));
const unanswerable = questions.flatMap(({ question, expect: wanted }) => (wanted ? [] : [{ question }]));

describe('the sample documents, from upload to answer', () => {
  let account: Account;
  const ids = new Map<string, string>();

  beforeAll(async () => {
    account = await createAccount(await sharedPlatform());
  });

  it.concurrent.each(names)('reads %s and tells each step until it is ready', async (name) => {
    const { id, status } = await account.upload(name, await readSample(name));
    ids.set(name, id);
    expect(status).toBe('queued');
    const steps = (await account.follow(id)).map((document) => document.status);
    expect(steps.at(-1)).toBe('ready');
    const order = ['queued', 'processing', 'ready'];
    expect(steps).toEqual(steps.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)));
  });

  it.each(answerable)('answers "$question" from the right document', async ({ question, wanted }) => {
    const answer = await account.ask(question);
    expect(answer.answered).toBe(true);
    await expectExactCitations(answer);
    const fitting = answer.citations.filter(
      ({ documentId, quote }) =>
        documentId === ids.get(wanted.document) && oneSpaced(quote).includes(wanted.quoteContains),
    );
    expect(fitting, JSON.stringify(answer.citations)).not.toEqual([]);
    if (wanted.page !== undefined) expect(fitting.map(({ page }) => page)).toContain(wanted.page);
  });

  it.each(unanswerable)('says that no document answers "$question"', async ({ question }) => {
    const { answered, citations, answer } = await account.ask(question);
    expect({ answered, citations }).toEqual({ answered: false, citations: [] });
    expect(answer).not.toBe('');
  });

  it('ends a streamed answer with the same answer', async () => {
    const { question } = answerable[0] as { question: string };
    // Worded otherwise than before, so that the answer does not come from the cache.
    const asked = `${question} Пожалуйста, ответьте.`;
    const events = await account.askStream(asked);
    const order = events.map(({ event }) => event);
    expect(order[0]).toBe('passages');
    expect(order.slice(-3)).toEqual(['citations', 'usage', 'done']);
    expect(new Set(order.slice(1, -3))).toEqual(new Set(['delta']));
    const done = events.at(-1)?.data as Answer;
    expect(done).toMatchObject({ answered: true, cached: false });
    const { answer, citations, sources } = done;
    expect(events.at(-3)?.data).toEqual({ answer, citations, sources, answered: true });
    await expectExactCitations(done);
    const again = await account.ask(asked);
    expect(again).toMatchObject({ answer: done.answer, citations: done.citations, cached: true });
  });

  it('answers follow-up questions in the same conversation and keeps its history', async () => {
    const first = await account.ask('After how many hours are the camera recordings in the library overwritten?');
    const second = await account.ask('How many unused days of annual leave can be carried over to the next year?', {
      conversationId: first.conversationId,
    });
    expect(second.conversationId).toBe(first.conversationId);
    const { messages } = await account.get<{ messages: { role: string; content: string }[] }>(
      `GET /api/conversations/${first.conversationId}`,
    );
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant']);
    expect(messages.at(-1)?.content).toBe(second.answer);
  });

  it('answers only from the documents that a question names', async () => {
    const documentIds = [ids.get('privacy-notice.md') as string];
    const { citations } = await account.ask('How long does the software warranty last after delivery?', {
      documentIds,
    });
    expect(citations.filter(({ documentId }) => documentId !== documentIds[0])).toEqual([]);
  });

  it('finds passages whose spans are the words of the text', async () => {
    const hits = await account.search('arrears penalty пеня просрочка', { limit: 5 });
    expect(hits.length).toBeGreaterThan(0);
    for (const { documentId, start, end, text } of hits)
      expect((await textOf(documentId)).slice(start, end)).toBe(text);
  });

  it('gives each file back byte for byte, and nothing when the copy is still the same', async () => {
    const path = `GET /api/documents/${ids.get('mutual-nda.docx')}/content` as const;
    const response = await account.send(path);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(await readSample('mutual-nda.docx'));
    const etag = response.headers.get('etag') as string;
    expect((await account.send(path, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  it('does not answer from a document that was deleted', async () => {
    const id = ids.get('remote-work-policy.html');
    expect((await account.send(`DELETE /api/documents/${id}`)).status).toBe(204);
    const { citations } = await account.ask(
      'How many unused days of annual leave can be carried over to the next year?',
    );
    expect(citations.filter(({ documentId }) => documentId === id)).toEqual([]);
    expect((await account.search('unused days annual leave')).filter(({ documentId }) => documentId === id)).toEqual(
      [],
    );
  });

  const textOf = async (id: string) => (await account.send(`GET /api/documents/${id}/text`)).text();

  async function expectExactCitations({ citations }: Answer): Promise<void> {
    expect(citations.length).toBeGreaterThan(0);
    for (const { documentId, start, end, quote } of citations) {
      expect((await textOf(documentId)).slice(start, end)).toBe(quote);
    }
  }
});

/** Lines of a PDF end where the page did. */
const oneSpaced = (text: string) => text.replaceAll(/\s+/g, ' ');
