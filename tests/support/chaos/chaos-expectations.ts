import { expect } from 'vitest';
import type { Audit } from './chaos-audit.ts';
import type { Ledger } from './chaos-traffic.ts';

/** What was accepted is there once and whole, in the database and in the index. */
export function expectDocumentsWhole({ accepted }: Ledger, audit: Audit): void {
  const there = new Map(audit.documents.map((document) => [document.id, document]));
  expect([...accepted.keys()].filter((id) => !there.has(id))).toEqual([]);
  const texts = audit.documents.map(({ text }) => text);
  expect(new Set(texts).size).toBe(texts.length);
  for (const { id, status, text, chunks, ordinals } of audit.documents) {
    expect({ id, status }).toEqual({ id, status: 'ready' });
    expect(chunks.join('')).toBe(text);
    expect(ordinals).toEqual(chunks.map((_, index) => index));
    const sent = accepted.get(id);
    if (sent !== undefined) expect(text?.trim()).toBe(sent.trim());
  }
  expect(audit.indexedIds).toEqual(audit.chunkIds);
  expect(audit.usage.document_upload).toBe(audit.documents.length);
}

/** Each document had one job, which is done. */
export function expectJobsDone({ jobs, documents }: Audit): void {
  expect(jobs.filter(({ state }) => state !== 'completed')).toEqual([]);
  expect(jobs.map(({ documentId }) => documentId).toSorted()).toEqual(documents.map(({ id }) => id).toSorted());
}

/** Every answered question was charged once, and none twice. @returns how many were settled and lost, as a line */
export function expectChargedOnce({ questions }: Ledger, audit: Audit): string {
  for (const [question, { key, answered, lost }] of questions) {
    const times = audit.settled.get(question) ?? 0;
    // Anyone who lost the answer and does not ask again may have been charged for it; a key brings it back.
    if (answered) expect(times, question).toBe(1);
    else expect({ key, lost, times: Math.max(times, 1) }, question).toEqual({ key: undefined, lost: 1, times: 1 });
  }
  const settled = [...audit.settled.values()].reduce((sum, times) => sum + times, 0);
  expect(audit.usage.ai_query).toBe(settled);
  expect(audit.questionsUsed).toBe(settled);
  // An attempt that was cut off between its admission and its end counts against the plan although nothing came of it.
  const lost = [...questions.values()].reduce((sum, asked) => sum + asked.lost, 0);
  expect(audit.counters.day).toBe(audit.counters.month);
  expect(audit.counters.month).toBeGreaterThanOrEqual(settled);
  expect(audit.counters.month).toBeLessThanOrEqual(settled + lost);
  return `${settled} questions settled, ${lost} attempts lost, ${audit.counters.month - settled} of them still counted, ${audit.heldKeys.length} keys still held`;
}
