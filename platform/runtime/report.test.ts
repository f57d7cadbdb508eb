import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createReport, type Report } from './report.ts';

describe('createReport', () => {
  let report: Report;
  beforeEach(() => {
    vi.useFakeTimers();
    report = createReport();
  });
  afterEach(() => vi.useRealTimers());

  const times = () => {
    const { bounds, counts } = report.current().durations;
    return Object.fromEntries(
      counts.map((count, n) => [bounds[n] ?? 'more', count]).filter(([, count]) => count !== 0),
    );
  };

  it('counts each answer’s time under the least bound that it does not exceed', () => {
    for (const ms of [0, 4, 5, 6, 199, 200_000]) {
      const work = report.begin();
      vi.advanceTimersByTime(ms);
      work.answer('ok');
      work.end();
    }
    expect(times()).toEqual({ 0.005: 3, 0.01: 1, 0.2: 1, more: 1 });
    expect(report.current().durations.counts).toHaveLength(report.current().durations.bounds.length + 1);
  });

  it('takes the time to the beginning of an answer, and keeps it in flight until its end', () => {
    const stream = report.begin();
    vi.advanceTimersByTime(40);
    stream.answer('ok');
    vi.advanceTimersByTime(60_000);
    expect(report.current()).toMatchObject({ inFlight: 1, begun: 1, idleMs: 0 });
    stream.end();
    expect(times()).toEqual({ 0.05: 1 });
    expect(report.current()).toMatchObject({ inFlight: 0, begun: 1, failed: 0 });
  });

  it('counts no time and no failure when no one waited for the answer any more', () => {
    const work = report.begin();
    work.end();
    work.answer('failed');
    work.end();
    expect(report.current()).toMatchObject({ inFlight: 0, begun: 1, failed: 0 });
    expect(times()).toEqual({});
  });

  it('counts failures apart from refusals, which never begin', () => {
    const work = report.begin();
    work.answer('failed');
    work.answer('failed');
    work.end();
    report.refuse();
    expect(report.current()).toMatchObject({ begun: 1, failed: 1, refused: 1, inFlight: 0 });
  });

  it('is idle since its start, and after that since the last thing ended', () => {
    vi.advanceTimersByTime(700);
    expect(report.current().idleMs).toBe(700);
    const [first, second] = [report.begin(), report.begin()];
    first.end();
    vi.advanceTimersByTime(100);
    expect(report.current().idleMs).toBe(0);
    second.end();
    vi.advanceTimersByTime(300);
    expect(report.current().idleMs).toBe(300);
  });

  it('tells when the process began, had its code, and could be asked', () => {
    vi.advanceTimersByTime(20);
    report.listening();
    const { process, loaded, listening } = report.current().started;
    expect(process).toBe(Math.round(performance.timeOrigin));
    expect(listening - loaded).toBe(20);
  });
});
