import { setTimeout as sleep } from 'node:timers/promises';
import { makePdf } from '../../../modules/legal/reading/fixtures/make-pdf.ts';
import type { Home } from '../../../platform/services/home.ts';
import type { ProcessRow } from '../../../platform/supervisor/control/contract.ts';
import type { Account } from '../http/client.ts';
import { ownerUrl } from '../owner-url.ts';
import { type Audit, auditOrganization } from './chaos-audit.ts';
import { readControl } from './chaos-control.ts';
import { pause, seeded } from './chaos-scenes.ts';

export interface Paper {
  name: string;
  content: string | Uint8Array<ArrayBuffer>;
}

const subjects = ['lease', 'supply', 'storage', 'licence', 'agency', 'carriage', 'loan', 'insurance'];

/** Contracts of some pages each, no two alike; every twentieth is a PDF of many pages. */
export function makePapers(count: number): Paper[] {
  return Array.from({ length: count }, (_, number) => {
    const subject = `${subjects[number % subjects.length]} ${number}`;
    const clause = (article: number, line: number) =>
      `${article}.${line}. The parties to the ${subject} agree on matter ${article} of paragraph ${line}, and perform it.`;
    if (number % 20 === 19) {
      const pages = Array.from({ length: 60 }, (__, page) =>
        Array.from({ length: 30 }, (___, line) => ({ text: clause(page + 1, line + 1), down: 60 + line * 20 })),
      );
      return { name: `${subject}.pdf`, content: new Uint8Array(makePdf(pages)) };
    }
    const articles = Array.from({ length: 20 + (number % 60) }, (__, article) =>
      [
        `Article ${article + 1}. Matter ${article + 1}`,
        ...[1, 2, 3, 4, 5].map((line) => clause(article + 1, line)),
      ].join('\n'),
    );
    return { name: `${subject}.txt`, content: `Agreement on ${subject}\n\n${articles.join('\n\n')}\n` };
  });
}

export interface Kills {
  /** Processes of the worker that were killed. */
  killed: number;
  /** From the first upload to the last document that became ready. */
  seconds: number;
  audit: Audit;
}

export interface KillPlan {
  papers: readonly Paper[];
  /**
   * At most so many, with a wait of milliseconds before each; without it nothing is killed. After each of several in a row
   * the supervisor takes twice as long to start the next process, up to half a minute.
   */
  kills?: { count: number; least: number; most: number };
  seed: number;
  /** Longest wait for all documents. */
  seconds: number;
}

const AT_ONCE = 4;
const LOOK_MS = 300;

/** Uploads documents while a process of the ingest worker is killed at random again and again, until none is being worked on. */
export async function ingestUnderKills(
  { home }: { home: Pick<Home, 'run' | 'vectors' | 'postgres' | 'keys'> },
  account: Account,
  { papers, kills, seed, seconds }: KillPlan,
): Promise<Kills> {
  const began = performance.now();
  const random = seeded(seed);
  const left = [...papers];
  const uploads = Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let paper = left.shift(); paper; paper = left.shift()) await account.upload(paper.name, paper.content);
    }),
  );
  let over = false;
  const killing = kills ? killAgainAndAgain(home.run, random, kills, () => over) : Promise.resolve(0);
  try {
    await uploads;
    await untilSettled(account, papers.length, began + seconds * 1000);
  } finally {
    over = true;
  }
  const took = (performance.now() - began) / 1000;
  const killed = await killing;
  return { killed, seconds: took, audit: await auditOrganization(await ownerUrl(home), home.vectors, { account }) };
}

async function killAgainAndAgain(
  run: string,
  random: () => number,
  { count, least, most }: { count: number; least: number; most: number },
  isOver: () => boolean,
): Promise<number> {
  let killed = 0;
  for (;;) {
    await pause(random, least, most);
    if (isOver() || killed === count) return killed;
    const rows = await readControl<ProcessRow[]>(run, '/ps').catch(() => []);
    const pids = rows.filter(({ name, state }) => name === 'ingest' && state === 'ready').map(({ pid }) => pid);
    const victim = pids[Math.floor(random() * pids.length)];
    if (victim === undefined) continue;
    try {
      process.kill(victim, 'SIGKILL');
      killed += 1;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it ended by itself in the meantime
    }
  }
}

/** @throws when documents are still being worked on at that time */
async function untilSettled(account: Account, count: number, end: number): Promise<void> {
  for (;;) {
    const statuses = await statusesOf(account);
    const open = statuses.filter((status) => status === 'queued' || status === 'processing').length;
    if (statuses.length === count && open === 0) return;
    if (performance.now() > end) throw new Error(`Wait for documents: ${open} of ${statuses.length} are not settled`);
    await sleep(LOOK_MS);
  }
}

/** The status of each of an account's documents. */
export async function statusesOf(account: Account): Promise<string[]> {
  const statuses: string[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: { items: { status: string }[]; nextCursor: string | null } = await account.get(
      `GET /api/documents?limit=100${query}`,
    );
    statuses.push(...page.items.map(({ status }) => status));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return statuses;
}

/** What is not as it must be after all that: lost documents, and what is there twice, halfway or too much. */
export function findFaults({ documents, chunkIds, indexedIds }: Audit, count: number): string[] {
  const faults: string[] = [];
  if (documents.length !== count) faults.push(`${documents.length} documents instead of ${count}`);
  for (const { id, status, text, chunks, ordinals } of documents) {
    if (status !== 'ready') faults.push(`${id} is ${status}`);
    if (text === null || chunks.join('') !== text) faults.push(`${id}: its chunks do not join to its text`);
    if (ordinals.some((ordinal, index) => ordinal !== index)) faults.push(`${id}: chunks are missing or there twice`);
  }
  const indexed = new Set(indexedIds);
  if (indexed.size !== indexedIds.length) faults.push('records are there twice');
  const missing = chunkIds.filter((id) => !indexed.has(id)).length;
  if (missing > 0) faults.push(`${missing} chunks have no record`);
  if (indexedIds.length > chunkIds.length) faults.push(`${indexedIds.length - chunkIds.length} records have no chunk`);
  return faults;
}
