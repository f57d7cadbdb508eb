import { describe, expect, it } from 'vitest';
import { coalesce } from './coalesce.ts';

/** A run that waits for its turn, and what it was given. */
function slow(most: number) {
  const batches: string[] = [];
  const waiting: (() => void)[] = [];
  const call = coalesce(async (key: string, items: string[]) => {
    batches.push(`${key}:${items.join('')}`);
    await new Promise<void>((resolve) => waiting.push(resolve));
    if (items.includes('!')) throw new Error('refused');
    return items.map((item) => item.toUpperCase());
  }, most);
  return { call, batches, go: () => waiting.shift()?.() };
}

const turn = () => new Promise(setImmediate);

describe('coalesce', () => {
  it('lets calls of one turn go together, and those that come in the meantime behind them', async () => {
    const { call, batches, go } = slow(3);
    const calls = ['a', 'b'].map((item) => call('k', item));
    await turn();
    expect(batches).toEqual(['k:ab']);
    calls.push(...['c', 'd', 'e', 'f'].map((item) => call('k', item)));
    for (let batch = 0; batch < 3; batch++) {
      go();
      await turn();
    }
    expect(batches).toEqual(['k:ab', 'k:cde', 'k:f']);
    expect(await Promise.all(calls)).toEqual(['A', 'B', 'C', 'D', 'E', 'F']);
  });

  it('keeps keys apart, and starts over when all is done', async () => {
    const { call, batches, go } = slow(3);
    const calls = [call('k', 'a'), call('l', 'b')];
    await turn();
    go();
    go();
    await Promise.all(calls);
    const again = call('k', 'c');
    await turn();
    go();
    expect(await again).toBe('C');
    expect(batches).toEqual(['k:a', 'l:b', 'k:c']);
  });

  it('fails all of a batch that fails, and none behind it', async () => {
    const { call, go } = slow(2);
    const calls = ['a', '!', 'b', 'c'].map((item) => call('k', item));
    const outcomes = Promise.allSettled(calls);
    await turn();
    for (let batch = 0; batch < 2; batch++) {
      go();
      await turn();
    }
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
  });
});
