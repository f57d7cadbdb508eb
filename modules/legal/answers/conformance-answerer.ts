import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallOptions, ChatEvent } from '../../models/index.ts';
import { readQuestion, type Turn } from '../question/index.ts';
import type { Answerer, NumberedPassage } from './contract.ts';

export interface AnswererUnderTest {
  answerer: Answerer;
  close(): Promise<void>;
}

const lease = {
  question: 'By what day of the month shall the Tenant pay the rent?',
  passages: [
    {
      number: 1,
      title: 'Lease of office premises',
      text: 'The monthly rent is 120,000 roubles. The Tenant shall pay the rent by the fifth day of each month.',
    },
    { number: 2, title: 'Lease of office premises', text: 'The Landlord shall repair the roof at its own expense.' },
  ],
  model: 'small',
  maxTokens: 300,
};

/** What is asked instead; a language instead of the question's own. */
interface Changes {
  question?: string;
  history?: readonly Turn[];
  language?: 'en' | 'ru';
  passages?: readonly NumberedPassage[];
  naming?: string;
}

/** All that came of a question. */
export async function answerOf(answerer: Answerer, changes: Changes = {}, options: CallOptions = {}) {
  const { question: text, history = [], language = 'en', ...asked } = { ...lease, ...changes };
  const question = { ...readQuestion(text, history), language };
  const { chat, request } = answerer.prepare({ ...asked, question });
  const events: ChatEvent[] = [];
  for await (const event of chat.stream(request, options)) events.push(event);
  return { events, text: events.map((event) => (event.type === 'text' ? event.text : '')).join('') };
}

/** What every answerer promises; run by each implementation's test. */
export function describeAnswerer(name: string, create: () => Promise<AnswererUnderTest>): void {
  describe(`answerer ${name}`, () => {
    let tested: AnswererUnderTest;
    beforeAll(async () => {
      tested = await create();
    });
    afterAll(() => tested.close());

    it('answers from the passages, in several pieces, with a marker that names one of them', async () => {
      const { events, text } = await answerOf(tested.answerer);
      expect(events.filter(({ type }) => type === 'text').length).toBeGreaterThan(1);
      expect(text.match(/\[\d+\]/g)).toContain('[1]');
    });

    it('counts the tokens of the prompt and of the answer', async () => {
      const usage = (await answerOf(tested.answerer)).events.at(-1) as Extract<ChatEvent, { type: 'usage' }>;
      expect(usage.promptTokens).toBeGreaterThan(0);
      expect(usage.completionTokens).toBeGreaterThan(0);
    });

    it.each([
      ['en', 'The documents do not contain'],
      ['ru', 'В документах нет ответа'],
    ] as const)('refuses without a marker, in the language %s, when there is no passage', async (language, words) => {
      const { text } = await answerOf(tested.answerer, { passages: [], language });
      expect(text).toContain(words);
      expect(text).not.toMatch(/\[\d/);
    });

    it('stops for a caller that already left', async () => {
      const cancelled = expect.objectContaining({ name: 'AiFailure', reason: 'cancelled' });
      await expect(answerOf(tested.answerer, {}, { signal: AbortSignal.abort() })).rejects.toEqual(cancelled);
    });
  });
}
