import { extractAnswer, type Quotation } from '../../../legal/answers/extractive/extract-answer.ts';
import { readQuestion } from '../../../legal/answers/extractive/question.ts';
import { refusalText } from '../../../legal/answers/refusal.ts';
import { standaloneQuestion } from '../../../legal/answers/standalone-question.ts';
import { askedStems, detectLanguage, joinTornWords } from '../../../legal/text/index.ts';
import { AiFailure } from '../../ai-failure.ts';
import type { AiProvider } from '../../contract.ts';
import { estimateUsage } from '../../estimate-tokens.ts';

const wordsPerDelta = 6;

/**
 * Works without a network and without a model: answers by quoting the sentences of the passages that hold the question's
 * words. What it cannot do is understand a question put in other words.
 */
export function createLocalProvider(): AiProvider {
  return {
    name: 'local',
    model: () => 'local-extractive',

    async *answer(request) {
      stopIfCancelled(request.signal);
      const { question, carried } = standaloneQuestion(request.question, request.history);
      const quotations = extractAnswer(
        readQuestion(question, carried, new Set(askedStems(request.naming ?? ''))),
        request.passages,
      );
      const language = /\p{L}/u.test(request.question) ? request.language : undefined;
      const answer = quotations.length > 0 ? quoteAll(quotations, language) : refusalText(request.language);
      for (const text of piecesOf(answer)) {
        stopIfCancelled(request.signal);
        yield { type: 'delta', text };
      }
      yield { type: 'usage', ...estimateUsage(request, answer) };
    },
  };
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

const piecesOf = (text: string) => text.match(new RegExp(`(?:\\s*\\S+){1,${wordsPerDelta}}`, 'g')) ?? [];

function stopIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AiFailure('cancelled', 'Answer locally: cancelled', { cause: signal.reason });
}
