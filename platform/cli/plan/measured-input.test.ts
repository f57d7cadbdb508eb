import { describe, expect, it } from 'vitest';
import type { MeasuredLoad } from '../operator-answers.ts';
import { collectInput } from './collect-input.ts';
import { measuredInput } from './measured-input.ts';
import { meanOf } from './metric-mean.ts';

const host = { cores: 4, memoryGb: 15.5, diskGb: 98.2, swapGb: 2 };
const nothing: MeasuredLoad = {
  ...{ days: 7, since: '2026-01-24T09:05:00.000Z', actions: [] },
  people: { users: 0, organizations: 0, activePerDay: 0 },
  images: { requests: 0, busiestHour: 0, seconds: null, picturesEach: null, bytesEach: null },
  documents: { count: 0, replaced: 0, added: 0, bytesEach: null, pagesEach: null },
};

describe('measuredInput', () => {
  it('has the means and the busiest hour of what was used', async () => {
    const usage = { cached: 0, tokensIn: 1_000, tokensOut: 200, seconds: null };
    const load: MeasuredLoad = {
      ...nothing,
      actions: [
        { action: 'ai_query', requests: 700, busiestHour: 40, ...usage, cached: 70 },
        { action: 'gateway', requests: 70, busiestHour: 9, ...usage, seconds: 2.5 },
        { action: 'search', requests: 9_000, busiestHour: 500, ...usage },
      ],
      people: { users: 12, organizations: 3, activePerDay: 6 },
      images: { requests: 14, busiestHour: 3, seconds: 30, picturesEach: 1.6, bytesEach: 2 * 1024 ** 2 },
      documents: { count: 100, replaced: 20, added: 35, bytesEach: 1024 ** 2, pagesEach: 12.5 },
    };
    const { input, summary } = measuredInput(load, host, 7);
    expect(await collectInput({}, input)).toMatchObject({
      ...{ users: 12, organizations: 3, activeShare: 0.5, host },
      questions: { perDay: 100, perHour: 40, cacheShare: 0.1, seconds: 7, tokensIn: 1_000, tokensOut: 200 },
      gateway: { perDay: 10, perHour: 9, seconds: 2.5 },
      images: { perDay: 2, perHour: 3, seconds: 30, picturesEach: 2, megabytesEach: 2 },
      documents: { count: 100, newPerDay: 5, megabytesEach: 1, pagesEach: 12.5, replacedShare: 0.2 },
    });
    expect(summary).toBe(
      'Measured since 2026-01-24: 700 questions, 0 readings, 70 gateway, 14 images, 35 documents; the host is this one',
    );
  });

  it('plans for a document with more versions than a plan takes', async () => {
    const documents = { ...nothing.documents, count: 1, replaced: 150 };
    const { input } = measuredInput({ ...nothing, documents }, host, undefined);
    expect((await collectInput({}, input)).documents.replacedShare).toBe(100);
  });

  it('leaves to the defaults what was not measured', async () => {
    const input = await collectInput({}, measuredInput(nothing, host, undefined).input);
    expect(input).toMatchObject({
      questions: { seconds: 8 },
      images: { seconds: 120, perHour: 0 },
      documents: { count: 0 },
    });
  });
});

describe('meanOf', () => {
  const metrics = `
# TYPE seconds histogram
seconds_bucket{kind="chat",le="1"} 3
seconds_sum{kind="chat",model="a"} 30
seconds_count{kind="chat",model="a"} 3
seconds_sum{kind="chat",model="b"} 10
seconds_count{kind="chat",model="b"} 1
seconds_sum{kind="embeddings",model="a"} 1000
seconds_count{kind="embeddings",model="a"} 1
`;
  it('is over all series that have the labels', () => expect(meanOf(metrics, 'seconds', { kind: 'chat' })).toBe(10));
  it.each(['', 'seconds_count{kind="chat"} 0\nseconds_sum{kind="chat"} 0', 'seconds_count{kind="chat"} NaN'])(
    'is not told by %j',
    (text) => expect(meanOf(text, 'seconds', { kind: 'chat' })).toBeUndefined(),
  );
});
