import { type Account, createAccount } from '../tests/support/client.ts';
import { quantile, times } from './figures.ts';
import { type BenchPlatform, liftPlans, withPlatform } from './platform.ts';
import type { Bench, Row } from './table.ts';
import { createText } from './text.ts';

const CHUNKS = 20_000;
const SMALL = 200;
/** Chunks of a document that is put in. */
const PER_DOCUMENT = 1_000;
/** Characters of a chunk of this text, about. */
const PER_CHUNK = 870;
const SEARCHES = 200;
const QUESTIONS = 60;

export const search: Bench = {
  name: 'search',
  about: 'search and answers at 20,000 chunks of one organization, against an organization with 200',
  run: () =>
    withPlatform(async (platform) => {
      await liftPlans(platform.owner);
      const [large, small] = [await createAccount(platform), await createAccount(platform)];
      await fill(small, SMALL);
      const began = performance.now();
      await fill(large, CHUNKS);
      const seconds = (performance.now() - began) / 1000;
      const chunks = await chunkCounts(platform);

      const searches = await byTurns(SEARCHES, [large, small], (account, turn) =>
        account.search(query(turn, 4).join(' ')),
      );
      let answered = 0;
      const questions = await byTurns(QUESTIONS, [large, small], async (account, turn) => {
        const [first, ...rest] = query(turn, 4);
        const answer = await account.ask(
          turn % 2 === 0 ? `Какой срок ${first} ${rest.join(' ')}?` : `What is ${first} ${rest.join(' ')}?`,
        );
        if (answer.cached) throw new Error(`Ask question ${turn}: its answer came from the cache`);
        if (answer.answered) answered++;
      });
      return {
        title: 'Search and answers by size of the organization',
        rows: [...rows('POST /api/search', searches, chunks), ...rows('POST /api/ask', questions, chunks)],
        aims: [],
        notes: [
          'One request after the other, through Caddy, the two organizations by turns; Russian and English text and queries by Zipf’s law.',
          `Put in by uploads: ${chunks[0]} chunks in ${seconds.toFixed(0)} s, ${Math.round(chunks[0] / seconds)} a second.`,
          `Local provider, no answer from the cache; ${answered} of ${2 * QUESTIONS} questions found an answer, the others were refused.`,
        ],
      };
    }),
};

/** Documents of Russian and English text by turns, four uploads at once. */
async function fill(account: Account, chunks: number): Promise<void> {
  const sizes = Array.from({ length: Math.ceil(chunks / PER_DOCUMENT) }, (_, index) =>
    Math.min(PER_DOCUMENT, chunks - index * PER_DOCUMENT),
  );
  const waiting = [...sizes.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, size] = next;
      const text = createText(index % 2 === 0 ? 'ru' : 'en', index).legalText(size * PER_CHUNK);
      await account.add(`contract-${index}.txt`, text);
    }
  };
  await Promise.all([work(), work(), work(), work()]);
}

const sources = [createText('ru', 1_000), createText('en', 1_001)] as const;
const query = (turn: number, words: number): string[] => (sources[turn % 2] as (typeof sources)[0]).words(words);

async function chunkCounts({ owner }: BenchPlatform): Promise<[number, number]> {
  const found = await owner<{ count: number }[]>`
    select count(*)::int as count from chunks group by organization_id order by 1 desc`;
  return [found[0]?.count ?? 0, found[1]?.count ?? 0];
}

/** Milliseconds of each call, large organization first in each pair. */
async function byTurns(
  turns: number,
  [large, small]: readonly [Account, Account],
  call: (account: Account, turn: number) => Promise<unknown>,
) {
  const figures: [number[], number[]] = [[], []];
  // The first ones open files and fill caches.
  for (let turn = -4; turn < turns; turn++) {
    for (const [index, account] of [large, small].entries()) {
      const began = performance.now();
      await call(account, turn + 4);
      if (turn >= 0) figures[index]?.push(performance.now() - began);
    }
  }
  return figures;
}

function rows(operation: string, [large, small]: [number[], number[]], chunks: [number, number]): Row[] {
  const row = (values: number[], count: number) => ({
    operation,
    chunks: count,
    requests: values.length,
    'p50, ms': quantile(values, 0.5).toFixed(1),
    'p95, ms': quantile(values, 0.95).toFixed(1),
    'most, ms': Math.max(...values).toFixed(1),
  });
  return [
    { ...row(large, chunks[0]), 'p50 ratio': times(quantile(large, 0.5) / quantile(small, 0.5)) },
    { ...row(small, chunks[1]), 'p50 ratio': '1' },
  ];
}
