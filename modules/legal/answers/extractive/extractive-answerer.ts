import { AiFailure, type ChatModel, estimateUsage, piecesOf } from '../../../models/index.ts';
import { askedStems, detectLanguage, joinTornWords } from '../../text/index.ts';
import type { Answerer, AnswerRequest } from '../contract.ts';
import { buildMessages } from '../prompt.ts';
import { refusalText } from '../refusal.ts';
import { askedOf } from './asked.ts';
import { extractAnswer, type Quotation } from './extract-answer.ts';

/** As long as a real one, so that usage is estimated from the prompt that a model would have been given. */
const boundary = '0'.repeat(12);

/**
 * Works without a network and without a model: answers by quoting the sentences of the passages that hold the question's
 * words. What it cannot do is understand a question put in other words.
 */
export const extractiveAnswerer: Answerer = {
  prepare: (request) => ({
    chat: quoting(request),
    request: { model: request.model, messages: buildMessages(request, boundary), maxTokens: request.maxTokens },
  }),
};

const quoting = (asked: AnswerRequest): ChatModel => ({
  async *stream({ messages }, { signal }) {
    stopIfCancelled(signal);
    const answer = quotationsOf(asked);
    for (const text of piecesOf(answer)) {
      stopIfCancelled(signal);
      yield { type: 'text', text };
    }
    yield { type: 'finish', reason: 'stop' };
    yield { type: 'usage', ...estimateUsage(messages, answer) };
  },
});

function quotationsOf({ question, naming = '', passages }: AnswerRequest): string {
  const quotations = extractAnswer(askedOf(question.meaning, new Set(askedStems(naming))), passages);
  const language = /\p{L}/u.test(question.text) ? question.language : undefined;
  return quotations.length > 0 ? quoteAll(quotations, language) : refusalText(question.language);
}

/** The quotations, with a word in front when they are in another language than the question; figures alone have none. */
function quoteAll(quotations: readonly Quotation[], language: 'en' | 'ru' | undefined): string {
  const quotes = quotations.map(quote).join('\n\n');
  if (language === undefined) return quotes;
  const isForeign = quotations.every(({ text }) => detectLanguage(text) !== language);
  return isForeign ? `${foreign[language]}\n\n${quotes}` : quotes;
}

const foreign = { en: 'The documents say, in Russian:', ru: 'В документах сказано по-английски:' };

/** White space evened out, broken words put together; a number in square brackets would be taken for a marker. */
const quote = ({ passage, text }: Quotation) =>
  `${joinTornWords(text)
    .replace(/\s+/g, ' ')
    .replace(/\[(\d[\d\s,;–-]*)\]/g, '($1)')} [${passage}]`;

function stopIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AiFailure('cancelled', 'Answer locally: cancelled', { cause: signal.reason });
}
