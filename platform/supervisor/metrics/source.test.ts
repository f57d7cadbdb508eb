import { describe, expect, it } from 'vitest';
import { gauge, writeFamilies } from './family.ts';
import { createSource } from './source.ts';

const one = [gauge('a', 'A', 1)];

describe('a source of metrics', () => {
  it('is read once, however many ask, and again when that has aged', async () => {
    let now = 0;
    let reads = 0;
    const read = () => {
      reads++;
      return one;
    };
    const source = createSource({ name: 'x', read, everyMs: 10_000, log: { warn() {} }, now: () => now });
    expect(await Promise.all([source.read(), source.read()])).toEqual([one, one]);
    now = 9_999;
    await source.read();
    expect(reads).toBe(1);
    now = 10_000;
    await source.read();
    expect(reads).toBe(2);
  });

  it('leaves its metrics out while it fails, says so once, and is back afterwards', async () => {
    let now = 0;
    let isAway = true;
    const warnings: unknown[] = [];
    const read = async () => {
      if (isAway) throw new Error('gone');
      return one;
    };
    const log = { warn: (...given: unknown[]) => void warnings.push(given) };
    const source = createSource({ name: 'x', read, everyMs: 10, log, now: () => (now += 10) });
    expect([await source.read(), await source.read()]).toEqual([[], []]);
    expect(warnings).toHaveLength(1);
    isAway = false;
    expect(await source.read()).toEqual(one);
  });

  it('is not waited for when it hangs, and not asked twice while it does', async () => {
    let reads = 0;
    let answer: (families: typeof one) => void = () => {};
    const read = () => {
      reads++;
      return new Promise<typeof one>((resolve) => {
        answer = resolve;
      });
    };
    const source = createSource({ name: 'x', read, everyMs: 60_000, log: { warn() {} }, timeoutMs: 5 });
    expect([await source.read(), await source.read(), reads]).toEqual([[], [], 1]);
    answer(one);
    expect([await source.read(), reads]).toEqual([one, 1]);
  });
});

describe('the text of metrics', () => {
  it('escapes what labels hold, and leaves out what has no value', () => {
    const series = [{ labels: { table: 'a"b\\c\nd' }, value: 2 }];
    const families = [gauge('none', 'N', undefined), { name: 'a', type: 'gauge' as const, help: 'A', series }];
    expect(writeFamilies(families)).toBe('# HELP a A\n# TYPE a gauge\na{table="a\\"b\\\\c\\nd"} 2\n');
  });
});
