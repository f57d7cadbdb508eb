import { type Account, createAccount } from '../tests/support/http/client.ts';
import { createText } from '../tests/support/load/text.ts';
import { quantile, times } from './support/figures.ts';
import { type BenchPlatform, liftPlans, withPlatform } from './support/platform.ts';
import type { Bench, Row } from './support/table.ts';

/** Chunks of the growing organization at each measurement, about. */
const STEPS = [1_000, 5_000, 20_000];
const SMALL = 200;
/** Organizations of one platform, and the chunks of each, about. */
const MANY = 50;
const EACH = 4_000;
/** Chunks of a document that is put in. */
const PER_DOCUMENT = 100;
/** Characters of a chunk of this text, about. */
const PER_CHUNK = 870;
const SEARCHES = 200;
const QUESTIONS = 60;
const AIM_MS = 50;
/** First calls, which open files and fill caches; not measured. */
const WARMING = 4;

export const search: Bench = {
  name: 'search',
  about: 'search at 1,000, 5,000 and 20,000 chunks of one organization and at 200,000 of 50, and answers',
  run: () =>
    withPlatform(async (platform) => {
      await liftPlans(platform.owner);
      await platform.owner`update subscription_plans set documents = 100000`;
      const [large, small] = [await createAccount(platform), await createAccount(platform)];
      await fill(small, 0, SMALL);
      const table: Row[] = [];
      let filled = 0;
      let largest = { chunks: 0, p95: 0 };
      for (const step of STEPS) {
        await fill(large, filled, step);
        filled = step;
        const [chunks = 0, fewest = 0] = await chunkCounts(platform);
        const [found = [], paired = []] = await byTurns(SEARCHES, [large, small], searchFor);
        table.push(row('POST /api/search', chunks, found, paired));
        if (step === STEPS.at(-1)) table.push(row('POST /api/search', fewest, paired));
        largest = { chunks, p95: quantile(found, 0.95) };
      }
      let answered = 0;
      const [asked = [], askedSmall = []] = await byTurns(QUESTIONS, [large, small], async (account, turn) => {
        const [first, ...rest] = query(turn, 4);
        const answer = await account.ask(
          turn % 2 === 0 ? `Какой срок ${first} ${rest.join(' ')}?` : `What is ${first} ${rest.join(' ')}?`,
        );
        if (answer.cached) throw new Error(`Ask question ${turn}: its answer came from the cache`);
        if (answer.answered) answered++;
      });
      table.push(row('POST /api/ask', largest.chunks, asked, askedSmall));

      const began = performance.now();
      const many: Account[] = [];
      for (let index = 0; index < MANY; index++) {
        const account = await createAccount(platform);
        await fill(account, 0, EACH);
        many.push(account);
      }
      const seconds = (performance.now() - began) / 1000;
      const counts = (await chunkCounts(platform)).slice(1, 1 + MANY);
      const all = counts.reduce((sum, count) => sum + count, 0);
      const spread = (await byTurns(Math.ceil(SEARCHES / 10), many, searchFor)).flat();
      table.push(row(`POST /api/search, ${MANY} organizations by turns`, all, spread));
      const aim = (what: string, reached: number) => ({
        ...{ what, aim: `p95 ≤ ${AIM_MS} ms`, reached: `${reached.toFixed(1)} ms`, met: reached <= AIM_MS },
      });
      return {
        title: 'Search and answers by size',
        rows: table,
        aims: [
          aim(`search at ${largest.chunks} chunks of one organization`, largest.p95),
          aim(`search at ${all} chunks of ${MANY} organizations`, quantile(spread, 0.95)),
        ],
        notes: [
          'One request after the other, through Caddy, each next to one of the smallest organization; Russian and English text and queries by Zipf’s law.',
          `Put in by uploads: ${all} chunks in ${seconds.toFixed(0)} s, ${Math.round(all / seconds)} a second.`,
          `Local provider, no answer from the cache; ${answered} of ${2 * (QUESTIONS + WARMING)} questions found an answer, the others were refused.`,
        ],
      };
    }),
};

/** Documents of Russian and English text by turns, four uploads at once. */
async function fill(account: Account, from: number, to: number): Promise<void> {
  const sizes = Array.from({ length: Math.ceil((to - from) / PER_DOCUMENT) }, (_, index) =>
    Math.min(PER_DOCUMENT, to - from - index * PER_DOCUMENT),
  );
  const waiting = [...sizes.entries()].map(([index, size]) => [from / PER_DOCUMENT + index, size] as const);
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

const searchFor = (account: Account, turn: number): Promise<unknown> => account.search(query(turn, 4).join(' '));

/** Chunks of each organization, most first. */
async function chunkCounts({ owner }: BenchPlatform): Promise<number[]> {
  const found = await owner<{ count: number }[]>`
    select count(*)::int as count from chunks group by organization_id order by 1 desc`;
  return found.map(({ count }) => count);
}

/** Milliseconds of each call, by account; all accounts have their turn before the next. */
async function byTurns(
  turns: number,
  accounts: readonly Account[],
  call: (account: Account, turn: number) => Promise<unknown>,
): Promise<number[][]> {
  const figures: number[][] = accounts.map(() => []);
  for (let turn = -WARMING; turn < turns; turn++) {
    for (const [index, account] of accounts.entries()) {
      const began = performance.now();
      await call(account, turn + WARMING);
      if (turn >= 0) figures[index]?.push(performance.now() - began);
    }
  }
  return figures;
}

/** @param paired the same calls to the smallest organization, each right behind */
function row(operation: string, chunks: number, values: readonly number[], paired: readonly number[] = values): Row {
  return {
    ...{ operation, chunks, requests: values.length },
    'p50, ms': quantile(values, 0.5).toFixed(1),
    'p95, ms': quantile(values, 0.95).toFixed(1),
    'most, ms': Math.max(...values).toFixed(1),
    'p50 ratio': paired === values ? '1' : times(quantile(values, 0.5) / quantile(paired, 0.5)),
  };
}
