import { words } from '../text/index.ts';

/**
 * How demanding a question is, from 0 to 10; a sum of what its wording shows, cut off at 10:
 *
 * | what | points |
 * | --- | --- |
 * | length | 1 from 12 words, 2 from 25, 3 from 45 |
 * | questions asked: question marks, and question words behind «и», "and", a comma or a semicolon | 1 for each beyond the first, at most 3 |
 * | conditions: «если», «в случае», "if", "unless", … | 1 each, at most 2 |
 * | comparison or conflict: «отличается», «противоречит», "compare", "differ", "prevail", … | 2 |
 * | reasoning: «почему», «обоснуйте», «последствия», "why", "analyse", "consequences", … | 2 |
 * | articles, sections and clauses referred to | 1 from one, 2 from two |
 * | several documents: «договоры», «каждом из документов», "both agreements", "all contracts", … | 2 |
 *
 * Above 7 only questions rank that combine several of these.
 */
export function scoreComplexity(question: string): number {
  const count = (pattern: RegExp) => Array.from(question.matchAll(pattern)).length;
  const length = Array.from(words(question)).length;
  const score =
    [12, 25, 45].filter((least) => length >= least).length +
    atMost(3, Math.max(count(questionMark), 1) + count(furtherQuestion) - 1) +
    atMost(2, count(condition)) +
    2 * atMost(1, count(comparison)) +
    2 * atMost(1, count(reasoning)) +
    atMost(2, countReferences(question)) +
    2 * atMost(1, count(severalDocuments));
  return atMost(10, score);
}

const atMost = Math.min;

/** A pattern of whole words; `…` at the end of one stands for any ending. */
const wordsLike = (...alternatives: string[]) =>
  new RegExp(`(?<![\\p{L}])(?:${alternatives.join('|').replaceAll('…', '\\p{L}*')})(?![\\p{L}])`, 'giu');

const questionMark = /[?？]+/g;
const furtherQuestion =
  /(?:[,;]|(?<!\p{L})(?:и|а также|and|or|или))\s+(?:(?:в|на|за|по|с|от|in|by|for|to|at|from)\s+)?(?:как\p{L}*|когда|кто|кому|кем|что|чем|где|сколько|почему|куда|how|what|when|who|whom|whose|which|where|why|whether)(?!\p{L})(?=[^?？]*[?？])/giu;
const condition = wordsLike(
  'если',
  'в случае',
  'при условии',
  'при каких',
  'когда бы',
  'if',
  'unless',
  'provided that',
  'in case',
  'in the event',
  'assuming',
  'under what',
);
const comparison = wordsLike(
  'сравни…',
  'отлич…',
  'различ…',
  'разниц…',
  'противореч…',
  'соотнос…',
  'по сравнению',
  'преимущественную силу',
  'приоритет…',
  'compar…',
  'differ…',
  'contradict…',
  'conflict…',
  'versus',
  'vs',
  'prevail…',
  'consistent',
  'inconsistent',
);
const reasoning = wordsLike(
  'почему',
  'обоснуй…',
  'обоснован…',
  'проанализируй…',
  'оцени…',
  'последстви…',
  'риск…',
  'взаимосвяз…',
  'why',
  'analy[sz]e…',
  'assess…',
  'evaluate…',
  'justif…',
  'consequence…',
  'implication…',
  'risks?',
);
const severalDocuments = wordsLike(
  '(?:обоих|обоим|всех|всеми|каждом из|двух|тр[её]х|нескольких|между) (?:\\p{L}+ )?(?:договор|соглашени|контракт|документ|редакци|закон)…',
  '(?:both|all|each|two|three|several|between) (?:of )?(?:the |our |these )?(?:\\p{L}+ )?(?:agreements|contracts|documents|leases|policies|versions|laws)',
  '(?:договор|соглашени|контракт)…[^.?!]{1,60} и (?:\\p{L}+ )?(?:договор|соглашени|контракт|приложени)…',
  '(?:agreement|contract|lease|policy)[^.?!]{1,60} and (?:the |its )?(?:\\p{L}+ )?(?:agreement|contract|lease|policy|annex)',
);
const reference =
  /(?<!\p{L})(?:стать[яеиюёй]\p{L}*|ст\.|пункт\p{L}*|п\.|глав[аеыу]|article|art\.|section|sec\.|clause|chapter)s?\s*((?:\d[\d.]*(?:\s*(?:,|и|and|or|или)\s*)?)+)/giu;

function countReferences(question: string): number {
  return Array.from(question.matchAll(reference)).reduce(
    (sum, [, list]) => sum + (list?.match(/\d[\d.]*/g)?.length ?? 0),
    0,
  );
}
