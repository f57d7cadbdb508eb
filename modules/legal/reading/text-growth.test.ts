import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { figuresIn } from '../../text/figures.ts';
import { bestQuote, readPassage } from '../answers/best-quote.ts';
import { readMarkers } from '../answers/read-markers.ts';
import { resolveCitations } from '../answers/resolve-citations.ts';
import { agreementKind } from '../describe/agreement-kind.ts';
import { describeDocument } from '../describe/describe-document.ts';
import { dateOf } from '../describe/document-dates.ts';
import { documentTypeOf } from '../describe/document-type.ts';
import { partiesOf } from '../describe/parties.ts';
import { questionWords } from '../question/question-words.ts';
import { readQuestion } from '../question/read-question.ts';
import { scoreComplexity } from '../question/score-complexity.ts';
import { createHighlighter } from '../search/highlights.ts';
import { namesOf } from '../search/names.ts';
import { createWordReader } from '../search/read-words.ts';
import { chunkText } from '../structure/chunk-text.ts';
import { findContents } from '../structure/contents.ts';
import { isContentsEntry, marksOfLine } from '../structure/line-marks.ts';
import { outlineOf } from '../structure/outline.ts';
import { plainChunks } from '../structure/plain-chunks.ts';
import * as language from '../text/index.ts';
import { withoutPgp } from './email/protected-content.ts';
import { decodeText } from './encoding/decode-text.ts';
import { looksLikeText } from './encoding/looks-like-text.ts';
import { safeFileName } from './files/safe-file-name.ts';
import { readWith } from './fixtures/read-with.ts';
import { readDeclarations } from './html/css-rules.ts';
import { htmlToLines } from './html/to-lines.ts';
import { equationText } from './markup/equation-field.ts';
import { fieldValue, unreadField } from './markup/field-value.ts';
import { joinScripts, scriptText } from './markup/superscripts.ts';
import { normalizeText } from './normalize-text.ts';
import { isGarbled, readsBetter } from './pdf/fonts/language-likeness.ts';
import { findMend } from './pdf/fonts/mend-codes.ts';
import { mendScripts } from './pdf/fonts/mend-scripts.ts';
import { withoutLines } from './pdf/pages/layer-lines.ts';
import { removeRunningLines } from './pdf/pages/running-lines.ts';
import { isXfaCover } from './pdf/placeholders.ts';
import { readWords } from './pdf/scans/word-boxes.ts';
import { toParsedDocument } from './process/parsed-document.ts';
import { readers } from './readers.ts';

/*
 * Whatever strangers write, the work on it must not grow much faster than its length: a text of eight times the length may
 * take thirty times as long, which leaves room for a busy machine and not for the square.
 */

const SHORT = 4_000;
const LONG = 8 * SHORT;
const MOST_RATIO = 30;
/** Below these the clock and the compiler weigh more than the work. */
const LEAST_MS = 60;
const LEAST_SHORT_MS = 2;

/** What a hostile text repeats. */
const units = [
  ...[
    ' ',
    '\t',
    '\t\t',
    'a\t\tb',
    'a ',
    '.',
    ' .',
    '...... 1\n',
    '1',
    '1.',
    '1.1',
    '1 000 ',
    '(',
    '((1) ',
    '[',
    '[1',
    '[1] ',
  ],
  ...[
    '{',
    '<',
    '<b>',
    '</',
    '<!--',
    '&#',
    '"',
    '«',
    '«a',
    '-',
    '- ',
    '—',
    '\u00ad',
    '_',
    '**',
    '|',
    '|a\n',
    '\\',
    '\\{',
    '`',
    '=',
  ],
  ...[
    '\n',
    'a\n',
    '\n\n',
    ' \n',
    'a-\n',
    `ab${' '.repeat(240)}cd\n`,
    `ab${'\t'.repeat(100)}cd`,
    'A',
    'я',
    'Я',
    'аa',
    'аa Bб ',
    'é',
  ],
  ...[
    'А. А. ',
    'ст. 1, ',
    'Статья 1\n',
    'Article 1. ',
    'I.',
    'a) ',
    '1)\n',
    '1 января 2020 ',
    '01.01.2020 ',
    'ООО «А» и ',
    'by and between ',
  ],
  ...['именуемое ', 'hereinafter "', 'кодекс ', '№ 1-', '%', '@', '\u200b', '\u2028', '😀', '中', '٣'],
];
const seed = Number(process.env.GROWTH_SEED ?? randomInt(2 ** 31));
const signs = fc.constantFrom(...' \t\n.,:;-–()[]{}<>«»"\'*|\\/=&#@%1aAяЯ\u00ad\u0301'.split(''));
const drawn = fc.sample(fc.string({ unit: signs, minLength: 1, maxLength: 6 }), { numRuns: 6, seed });

const inPieces = (text: string, length: number) => text.match(new RegExp(`[^]{1,${length}}`, 'gu')) ?? [];
const quiet = { notices: [], noticesOmitted: 0 };
const question = { text: 'rent', own: new Map([['rent', 1]]), notions: [], units: [], quoted: [] };
const passage = (text: string) => ({ marker: 1, text, documentId: 'a', chunkId: 'a', start: 0 }) as never;
const read = (format: keyof typeof readers, before: string) => async (text: string) =>
  readWith(await readers[format](), before + text);

const subjects: Record<string, (text: string) => unknown> = {
  chunkText: (text) => chunkText(text, []),
  plainChunks: (text) => plainChunks(text, [0]),
  describeDocument: (text) => describeDocument({ title: undefined, fileName: 'a.txt', text }),
  'describeDocument, a contract': (text) =>
    describeDocument({ title: 'Договор', fileName: 'a', text: `Договор\n${text}` }),
  'describeDocument, a long name': (text) => describeDocument({ title: undefined, fileName: text, text: 'Закон' }),
  agreementKind,
  dateOf,
  documentTypeOf: (text) => documentTypeOf(text, text),
  partiesOf,
  outlineOf,
  findContents,
  marksOfLine: (text) => marksOfLine(text, 0, text.length),
  isContentsEntry,
  normalizeText,
  decodeText: (text) => decodeText(Buffer.from(text)),
  looksLikeText: (text) => looksLikeText(Buffer.from(text)),
  toParsedDocument: (text) =>
    toParsedDocument({ pages: inPieces(text, 2000), recognized: [] }, { hasPages: true, title: text }, quiet, {
      characters: 1e9,
    }),
  removeRunningLines: (text) => removeRunningLines(inPieces(text, 200)),
  'removeRunningLines, long pages': (text) => removeRunningLines([text, text, text]),
  withoutLines: (text) => withoutLines(text, text),
  isXfaCover,
  isGarbled,
  readsBetter: (text) => readsBetter(text, text),
  findMend,
  mendScripts,
  readWords: (text) => readWords(text, { left: 0, top: 0 }),
  scriptText: (text) => scriptText(text, 'super'),
  joinScripts: (text) => joinScripts(inPieces(text, 5).map((piece) => ({ text: piece, script: 'sub' as const }))),
  equationText: (text) => equationText(`EQ ${text}`),
  fieldValue: (text) => fieldValue(`QUOTE "${text}`),
  unreadField,
  safeFileName,
  withoutPgp,
  htmlToLines: (text) => htmlToLines(`<p>${text}`),
  readDeclarations,
  'a file of HTML': read('html', '<html><body>'),
  'a file of RTF': read('rtf', '{\\rtf1 '),
  words: (text) => [...language.words(text)],
  stems: language.stems,
  sentences: language.sentences,
  joinTornWords: language.joinTornWords,
  datesIn: language.datesIn,
  figuresIn,
  codesIn: language.codesIn,
  referencesIn: language.referencesIn,
  headingReference: language.headingReference,
  partiesNamedIn: language.partiesNamedIn,
  partiesAskedFor: language.partiesAskedFor,
  detectLanguage: language.detectLanguage,
  highlights: (text) => createHighlighter(question)(createWordReader()(text), 0),
  questionWords,
  readQuestion: (text) => readQuestion(text).meaning,
  namesOf,
  bestQuote: (text) => bestQuote('The rent is 900', readPassage(text)),
  'resolveCitations, a passage': (text) => resolveCitations('The rent is 900 [1].', [passage(text)], 'rent'),
  'resolveCitations, an answer': (text) => resolveCitations(`${text} [1].`, [passage('The rent is 900.')], 'rent'),
  readMarkers: (text) => [...readMarkers(text)],
  scoreComplexity,
};

/** Milliseconds of the processor, of the fastest of some tries; that a text is refused is as good an end as any. */
async function time(subject: (text: string) => unknown, text: string, tries: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let count = 0; count < tries; count++) {
    const begun = process.threadCpuUsage();
    await Promise.try(subject, text).catch(() => {});
    const { user, system } = process.threadCpuUsage(begun);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

/** @returns how the time grows, where it is long enough to be told */
async function growth(subject: (text: string) => unknown, unit: string): Promise<string | undefined> {
  const [short, long] = [SHORT, LONG].map(
    (length) => `${unit.repeat(Math.ceil(length / unit.length)).slice(0, length)}x`,
  );
  const isFine = (longMs: number, shortMs: number) =>
    longMs < LEAST_MS || longMs <= MOST_RATIO * Math.max(shortMs, LEAST_SHORT_MS);
  const first = await time(subject, long as string, 1);
  if (isFine(first, 0)) return undefined;
  const shortMs = await time(subject, short as string, 3);
  if (isFine(first, shortMs)) return undefined;
  const longMs = Math.min(first, await time(subject, long as string, 2));
  if (isFine(longMs, shortMs)) return undefined;
  return `${JSON.stringify(unit)}: ${shortMs.toFixed(1)} ms for ${SHORT}, ${longMs.toFixed(0)} ms for ${LONG} characters`;
}

describe(`a text 8 times as long takes at most ${MOST_RATIO} times as long`, () => {
  it.each(Object.entries(subjects))('%s', { timeout: 60_000 }, async (_, subject) => {
    const found: string[] = [];
    for (const unit of [...units, ...drawn]) {
      const grown = await growth(subject, unit);
      if (grown !== undefined) found.push(grown);
    }
    expect(found, `units drawn with GROWTH_SEED=${seed}`).toEqual([]);
  });
});
