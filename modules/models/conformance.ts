import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AiProvider, AnswerEvent, AnswerRequest } from './contract.ts';

export interface AiProviderUnderTest {
  provider: AiProvider;
  close(): Promise<void>;
}

const passages = [
  {
    number: 1,
    title: 'Lease of office premises',
    text: 'The monthly rent is 120,000 roubles. The Tenant shall pay the rent by the fifth day of each month.',
  },
  { number: 2, title: 'Lease of office premises', text: 'The Landlord shall repair the roof at its own expense.' },
];

function request(changes: Partial<AnswerRequest> & { model: string }): AnswerRequest {
  return {
    question: 'By what day of the month shall the Tenant pay the rent?',
    passages,
    history: [],
    language: 'en',
    maxTokens: 300,
    ...changes,
  };
}

async function collect(events: AsyncIterable<AnswerEvent>) {
  const collected: AnswerEvent[] = [];
  for await (const event of events) collected.push(event);
  const text = collected.map((event) => (event.type === 'delta' ? event.text : '')).join('');
  return { events: collected, text };
}

/** What every provider promises; run by each implementation's test. */
export function describeAiProvider(name: string, create: () => Promise<AiProviderUnderTest>): void {
  describe(`AI provider ${name}`, () => {
    let tested: AiProviderUnderTest;
    let provider: AiProvider;
    beforeAll(async () => {
      tested = await create();
      provider = tested.provider;
    });
    afterAll(() => tested.close());

    it('answers from the passages, in several pieces, with a marker that names one of them', async () => {
      const { events, text } = await collect(provider.answer(request({ model: provider.model('standard') })));
      expect(events.filter((event) => event.type === 'delta').length).toBeGreaterThan(1);
      expect(text.match(/\[\d+\]/g)).toContain('[1]');
    });

    it('counts tokens once, as the last event', async () => {
      const { events } = await collect(provider.answer(request({ model: provider.model('advanced') })));
      expect(events.filter((event) => event.type === 'usage')).toEqual([events.at(-1)]);
      expect(events.at(-1)).toMatchObject({ type: 'usage', cachedTokens: expect.any(Number) });
      const usage = events.at(-1) as Extract<AnswerEvent, { type: 'usage' }>;
      expect(usage.promptTokens).toBeGreaterThan(0);
      expect(usage.completionTokens).toBeGreaterThan(0);
      expect(usage.cachedTokens).toBeLessThanOrEqual(usage.promptTokens);
    });

    it.each([
      ['en', 'The documents do not contain'],
      ['ru', 'В документах нет ответа'],
    ] as const)('refuses without a marker, in the language %s, when there is no passage', async (language, words) => {
      const { text } = await collect(
        provider.answer(request({ model: provider.model('standard'), passages: [], language })),
      );
      expect(text).toContain(words);
      expect(text).not.toMatch(/\[\d/);
    });

    it('says that it was cancelled when its caller already left', async () => {
      const signal = AbortSignal.abort();
      const cancelled = expect.objectContaining({ name: 'AiFailure', reason: 'cancelled' });
      const asked = provider.answer(request({ model: provider.model('standard'), signal }));
      await expect(collect(asked)).rejects.toEqual(cancelled);
    });

    it('can be left in the middle of an answer and asked again', async () => {
      for await (const event of provider.answer(request({ model: provider.model('standard') }))) {
        expect(event.type).toBe('delta');
        break;
      }
      const { text } = await collect(provider.answer(request({ model: provider.model('standard') })));
      expect(text).not.toBe('');
    });
  });
}
