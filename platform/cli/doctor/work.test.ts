import { describe, expect, it } from 'vitest';
import type { ProcessRow } from '../../supervisor/control/contract.ts';
import { judgeDatabase } from './services.ts';
import { judgeProcesses, judgeQueues } from './work.ts';

const row = (changes: Partial<ProcessRow>): ProcessRow => ({
  ...{ name: 'ask', kind: 'function', state: 'ready', from: 'image', release: '1a2b', pid: 7, restarts: 0 },
  ...{ startMs: 80, uptimeSeconds: 5, memoryBytes: 1 },
  ...changes,
});

describe('what the doctor says of the processes', () => {
  it.each([
    [[row({}), row({ name: 'auth', state: 'draining' })], 'ok'],
    [[row({ state: 'asleep', pid: 0 }), row({ state: 'paused', pid: 0 })], 'ok'],
    [[row({ restarts: 12 })], 'warn'],
    [[row({}), row({ name: 'auth', state: 'backing off', pid: 0 })], 'fail'],
    [[row({ name: 'redis', kind: 'service', state: 'down' })], 'fail'],
  ])('%#: %s', (rows, state) => {
    expect(judgeProcesses(rows).state).toBe(state);
  });

  it('names those that are lost, and where to look', () => {
    const rows = [row({ name: 'auth', state: 'down' }), row({ name: 'auth', state: 'down' })];
    expect(judgeProcesses(rows)).toMatchObject({
      detail: 'auth (down)',
      hint: 'pandect kills and pandect logs auth tell why',
    });
  });
});

describe('what the doctor says of the queues', () => {
  const queue = (waiting: number, oldestSeconds: number, dead: number) => ({ waiting, oldestSeconds, dead });

  it.each([
    [queue(0, 0, 0), 'ok'],
    [queue(900, 30, 0), 'ok'],
    [queue(1, 3_600, 0), 'warn'],
    [queue(0, 0, 2), 'warn'],
  ])('%j: %s', (depth, state) => {
    expect(judgeQueues(new Map([['ingest', depth]])).state).toBe(state);
  });
});

describe('what the doctor says of the database', () => {
  it('allows for the time that the answer took', () => {
    expect(judgeDatabase(10_000, 11_000, 10_500).state).toBe('ok');
    expect(judgeDatabase(10_000, 11_000, 12_900).state).toBe('ok');
  });

  it('warns of a clock that is off, whichever it is', () => {
    expect(judgeDatabase(10_000, 11_000, 15_000)).toMatchObject({
      state: 'warn',
      detail: 'answered after 1.0 s; its clock is off by 4.0 s',
    });
    expect(judgeDatabase(10_000, 11_000, 5_000).state).toBe('warn');
  });
});
