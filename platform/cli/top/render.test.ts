import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Rate } from './rates.ts';
import { frame, renderRates } from './render.ts';

const idle: Rate = {
  name: 'ask',
  kind: 'function',
  instances: 0,
  wanted: 0,
  inFlight: 0,
  perSecond: 0,
  p95: undefined,
  failedShare: undefined,
  refusedPerSecond: 0,
  memoryBytes: 0,
  waiting: undefined,
  oldestSeconds: undefined,
  wakes: {
    count: 2,
    last: { at: '2026-01-31T09:05:00Z', queued: 1, spawn: 20, load: 23, ready: 4, total: 48 },
  },
};

describe('a sample', () => {
  it('is a line a unit, in units that people read', () => {
    const busy: Rate = {
      name: 'ingest',
      kind: 'worker',
      instances: 1,
      wanted: 2,
      inFlight: 3,
      perSecond: 4.25,
      p95: { ms: 180_000, isLeast: true },
      failedShare: 0.5,
      refusedPerSecond: 0,
      memoryBytes: 2 ** 27,
      waiting: 12,
      oldestSeconds: 75,
      wakes: undefined,
    };
    const [, first, second] = stripVTControlCharacters(renderRates([idle, busy])).split('\n');
    expect(first?.split(/ {2,}/)).toEqual(['ask', 'function', '0', '0', '0', '2, last 48 ms']);
    expect(second?.split(/ {2,}/)).toEqual([
      'ingest',
      'worker',
      '1 of 2',
      '4.3',
      '> 3 min',
      '50 %',
      '3',
      '128 MiB',
      '12',
      '1 min 15 s',
    ]);
  });

  it('fits a terminal', () => {
    expect(frame('title', 'head\na\nb\nc', 6)).toBe('title\n\nhead\na\n… 2 more');
    expect(frame('title', 'head\na', 24)).toBe('title\n\nhead\na');
  });
});
