import { expect, it } from 'vitest';
import type { VectorHit } from '../index/vectors/index.ts';
import { readQuestion } from '../question/index.ts';
import { stems } from '../text/index.ts';
import { fuseWithVectors } from './fuse-with-vectors.ts';
import { queryOf } from './query.ts';
import { rankChunks } from './rank-chunks.ts';

const query = (text: string) => queryOf(readQuestion(text).meaning.sought, new Set());
const hit = (chunkId: string, text: string, headings: string[] = [], similarity?: number): VectorHit => ({
  ...{ chunkId, documentId: 'd', score: 0 },
  ...(similarity !== undefined && { similarity }),
  words: { text: stems(text), headings, description: [] },
});
const rank = (text: string, ...hits: VectorHit[]) => rankChunks(hits, query(text)).map(({ chunkId }) => chunkId);
const filler = Array.from({ length: 8 }, (_, index) => hit(`filler ${index}`, 'стороны договорились об ином порядке'));

it('puts what holds more of the rare words first', () => {
  expect(
    rank('эскроу счет стороны', ...filler, hit('both', 'счет эскроу стороны'), hit('one', 'счет стороны'))[0],
  ).toBe('both');
});

it('finds in words of law what is asked in everyday ones', () => {
  const law = hit('law', 'расторжение трудового договора по инициативе работника');
  expect(rank('хочу уволиться', ...filler, hit('other', 'оплата труда работника'), law)[0]).toBe('law');
  const clause = hit('clause', 'This Agreement shall be governed by and construed in accordance with the laws of Utah');
  expect(rank('Whose law applies?', hit('other', 'Taxes shall be paid'), clause)[0]).toBe('clause');
});

it('takes the whole wording of a notion for more than a word of it', () => {
  const [whole, part] = [hit('whole', 'limitation of liability'), hit('part', 'limitation of territory, limitation')];
  expect(rank('Is there a cap?', hit('x', 'other text'), part, whole)[0]).toBe('whole');
});

it('counts words of one root that stemming keeps apart', () => {
  expect(rank('содержание', hit('none', 'погода сегодня хорошая'), hit('variant', 'они содержат ребенка'))[0]).toBe(
    'variant',
  );
});

it('puts the article that is named by its number first, and what is quoted before other words', () => {
  const words = hit('words', 'отдых отдых отдых еженедельный');
  expect(
    rank('ст. 110 еженедельный отдых', ...filler, words, hit('article', 'иное', ['стат', '110', 'unit/110']))[0],
  ).toBe('article');
  const other = hit('other', 'оплаты срок срок срок услуг услуг');
  expect(rank('где сказано «срок оплаты услуг»', other, hit('quote', 'иной текст: срок оплаты услуг'))[0]).toBe(
    'quote',
  );
});

it('weighs words as they are in the organization where that is known', () => {
  const hits = [hit('a', 'rare'), hit('b', 'common')];
  const of = new Map([
    ['rare', 1],
    ['common', 900],
  ]);
  const ranked = rankChunks(hits, query('common rare'), { chunks: 1000, of });
  expect(ranked.map(({ chunkId }) => chunkId)).toEqual(['a', 'b']);
  expect(ranked[0]?.score).toBeGreaterThan(10 * (ranked[1]?.score ?? 0));
});

it('fuses with the vectors of a model, and leaves first what is named exactly', () => {
  const hits = [
    hit('words', 'срок срок', [], 0.1),
    hit('both', 'срок и еще много других слов', [], 0.9),
    hit('article', 'иное', ['unit/5'], 0),
  ];
  const asked = query('срок, статья 5');
  const fused = fuseWithVectors(rankChunks(hits, asked), hits);
  expect(fused.map(({ chunkId }) => chunkId)).toEqual(['article', 'both', 'words']);
  expect(fused.map(({ score }) => score)).toEqual(fused.map(({ score }) => score).toSorted((a, b) => b - a));
});
