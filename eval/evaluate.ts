import { type Account, createAccount } from '../tests/support/http/client.ts';
import type { PlatformAccess } from '../tests/support/platform.ts';
import { type Alignment, align } from './align.ts';
import type { DataSet, Query } from './data-set.ts';
import { depths, type Returned } from './measure.ts';

/** What the platform said to one question. */
export interface Outcome {
  query: Query;
  answerable: boolean;
  /** Best first, at most as many as the largest depth. */
  returned: Returned[];
  searchMs: number;
  /** Absent when no answers were asked for. */
  answer?: { answered: boolean; citations: Returned[]; model: string; ms: number };
}

export interface EvaluateOptions {
  answers: boolean;
  /** Told of each step that takes long. */
  onProgress: (step: string, done: number, total: number) => void;
}

/** Uploads that are under way at once; questions are put one after the other, so that their times say something. */
const AT_ONCE = 6;

/** Puts the documents in and the questions to a platform, all through its HTTP API, as a new organization. */
export async function evaluate(
  platform: PlatformAccess,
  set: DataSet,
  { answers, onProgress }: EvaluateOptions,
): Promise<{ outcomes: Outcome[]; ingestSeconds: number; leastAgreement: number }> {
  const account = await createAccount(platform);
  const began = performance.now();
  const stored = await upload(account, set, onProgress);
  const ingestSeconds = (performance.now() - began) / 1000;
  const leastAgreement = Math.min(...[...stored.values()].map(({ alignment }) => alignment.agreement));

  const toReturned = (stretch: { documentId: string; start: number; end: number }): Returned => {
    const document = stored.get(stretch.documentId);
    if (!document) throw new Error(`Read hit: document "${stretch.documentId}" is none that was uploaded`);
    const { id, alignment } = document;
    return { documentId: id, start: alignment.toFile(stretch.start), end: alignment.toFile(stretch.end) };
  };
  const questions = [
    ...set.answerable.map((query) => ({ query, answerable: true })),
    ...set.unanswerable.map((query) => ({ query, answerable: false })),
  ];
  const outcomes: Outcome[] = [];
  for (const question of questions) {
    const search = await timed(() => account.search(question.query.text, { limit: Math.max(...depths) }));
    const outcome: Outcome = { ...question, returned: search.value.map(toReturned), searchMs: search.ms };
    if (answers) {
      const { value, ms } = await timed(() => account.ask(question.query.text));
      const { answered, citations, model } = value as typeof value & { model: string };
      outcome.answer = { answered, citations: citations.map(toReturned), model, ms };
    }
    outcomes.push(outcome);
    onProgress('questions', outcomes.length, questions.length);
  }
  return { outcomes, ingestSeconds, leastAgreement };
}

/** By the platform's id: the set's id, and how offsets of one text lead to those of the other. */
async function upload(
  account: Account,
  { documents }: DataSet,
  onProgress: EvaluateOptions['onProgress'],
): Promise<Map<string, { id: string; alignment: Alignment }>> {
  const stored = new Map<string, { id: string; alignment: Alignment }>();
  const waiting = [...documents];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const documentId = await account.add(`${next.id}.txt`, next.text);
      const response = await account.send(`GET /api/documents/${documentId}/text`);
      stored.set(documentId, { id: next.id, alignment: align(next.text, await response.text()) });
      onProgress('documents', stored.size, documents.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return stored;
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const began = performance.now();
  return { value: await work(), ms: performance.now() - began };
}
