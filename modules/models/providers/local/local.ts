import { extractAnswer, type Quotation } from '../../../legal/answers/extractive/extract-answer.ts';
import { readQuestion } from '../../../legal/answers/extractive/question.ts';
import { refusalText } from '../../../legal/answers/refusal.ts';
import { standaloneQuestion } from '../../../legal/answers/standalone-question.ts';
import { askedStems, detectLanguage, joinTornWords } from '../../../legal/text/index.ts';
import { AiFailure, type AiProvider } from '../../contract.ts';
import { estimateTokens, estimateUsage } from '../../estimate-tokens.ts';
import { embedLocally, localEmbeddingModel } from './local-embedding.ts';

const wordsPerDelta = 6;

/**
 * Works without a network and without a model: embeds by the words of a text, and answers by quoting the sentences of
 * the passages that hold the question's words. What it cannot do is understand a question put in other words.
 */
export function createLocalProvider({ dimensions }: { dimensions: number }): AiProvider {
  return {
    name: 'local',
    embedding: { model: localEmbeddingModel, dimensions },
    model: () => 'local-extractive',

    async embed(texts, _kind, signal) {
      const vectors: Float32Array[] = [];
      let tokens = 0;
      for (const text of texts) {
        stopIfCancelled(signal);
        vectors.push(embedLocally(text, dimensions));
        tokens += estimateTokens(text);
      }
      return { vectors, tokens };
    },

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

    async check() {},
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
