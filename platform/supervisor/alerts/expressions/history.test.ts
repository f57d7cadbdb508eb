import { describe, expect, it } from 'vitest';
import { increase, readingsOf, series } from './expression.ts';
import { createHistory } from './history.ts';

const HOUR = 3_600;
const wanted = series('x', { kind: { like: 'a|b' } });

describe('the history', () => {
  it('keeps what rules read, and less of what is older', () => {
    const readings = readingsOf(increase(wanted, 6 * HOUR));
    const history = createHistory(readings);
    for (let at = 0; at <= 48 * HOUR; at += 15) history.record(`x{kind="a"} ${at}\nx{kind="c"} 1\ny 1`, at);
    const end = 48 * HOUR;
    const [first, ...others] = history.within(wanted, 6 * HOUR, end);
    expect(others).toEqual([]);
    expect(first?.labels).toEqual({ kind: 'a' });
    expect(first?.times.length).toBe(72);
    expect(first?.times.at(0)).toBe(end - 6 * HOUR + 300);
    expect(first?.times.at(-1)).toBe(end);
    expect(history.within(wanted, HOUR, end)[0]?.times.length).toBe(60);
    expect(history.within(wanted, 900, end)[0]?.times.length).toBe(60);
    expect(history.now(series('x', { kind: 'c' }), end)).toEqual([]);
  });

  it('tells no more of a series that is gone, but remembers it in windows', () => {
    const history = createHistory(readingsOf(increase(wanted, 60)));
    history.record('x{kind="a"} 1\nx{kind="b"} 1', 0);
    history.record('x{kind="b"} 2', 15);
    expect(history.now(wanted, 15).map(({ labels }) => labels.kind)).toEqual(['b']);
    expect(history.within(wanted, 60, 15).map(({ values }) => values)).toEqual([[1], [1, 2]]);
    for (let at = 30; at < 1_000; at += 15) history.record('x{kind="b"} 3', at);
    expect(history.within(wanted, 60, 1_000).map(({ labels }) => labels.kind)).toEqual(['b']);
  });

  it('leaves series out when there are too many', () => {
    const history = createHistory(readingsOf(increase(series('x'), 60)));
    const text = Array.from({ length: 20_010 }, (_, index) => `x{n="${index}"} 1`).join('\n');
    history.record(text, 0);
    history.record(text, 15);
    expect(history.leftOut).toBe(10);
    expect(history.now(series('x'), 15).length).toBe(20_000);
  });

  it('hands what is compared after days to the next supervisor', () => {
    const readings = [
      { selector: { ...series('r'), agoSeconds: 7 * 24 * HOUR }, seconds: 7 * 24 * HOUR },
      ...readingsOf(series('r')),
    ];
    const history = createHistory(readings);
    for (let at = 0; at <= 10 * HOUR; at += 15) {
      history.record('', at);
      history.put('r', [{ labels: {}, value: at }], at);
    }
    const { kept } = history;
    expect(kept.r?.times.length).toBe(11);
    const next = createHistory(readings, kept);
    const at = 7 * 24 * HOUR + 5 * HOUR + 100;
    next.record('', at);
    expect(next.now({ ...series('r'), agoSeconds: 7 * 24 * HOUR }, at)).toEqual([{ labels: {}, value: 5 * HOUR }]);
    expect(next.now(series('r'), at)).toEqual([]);
  });
});
