import { describe, expect, it } from 'vitest';
import { testRedis } from '../../testing/redis.ts';
import { createCache } from './index.ts';

const { redis, away } = await testRedis();
const prefix = `test-${crypto.randomUUID()}`;
const cache = createCache(redis, prefix);

describe('createCache', () => {
  it('keeps values under its prefix and for their time', async () => {
    await cache.set('key', { text: 'статья', list: [1] }, 60);
    expect(await cache.get('key')).toEqual({ text: 'статья', list: [1] });
    expect(await createCache(redis, `${prefix}-other`).get('key')).toBeUndefined();
    expect(await redis.ttl(`${prefix}:cache:key`)).toBeGreaterThan(50);
  });

  it('has nothing for an entry that is not there or not readable', async () => {
    expect(await cache.get('nothing')).toBeUndefined();
    await redis.set(`${prefix}:cache:broken`, '{"half":', 'EX', 60);
    expect(await cache.get('broken')).toBeUndefined();
  });

  it('removes every entry whose key begins so, and no other', async () => {
    const names = Array.from({ length: 50 }, (_, index) => `answer:one:${index}`);
    for (const name of [...names, 'answer:two:0']) await cache.set(name, 1, 60);
    await cache.removeAll('answer:one:');
    expect(await Promise.all(names.map((name) => cache.get(name)))).toEqual(names.map(() => undefined));
    expect(await cache.get('answer:two:0')).toBe(1);
    await expect(createCache(away, prefix).removeAll('answer:')).rejects.toThrow();
  });

  it('is empty while Redis is unavailable, and fails no one', async () => {
    const without = createCache(away, prefix);
    await without.set('key', 1, 60);
    expect(await without.get('key')).toBeUndefined();
  });
});
