import { describe, expect, it } from 'vitest';
import { testRedis } from '../../../../platform/testing/redis.ts';
import { createCurrentTokens } from './current-token.ts';
import { createRedisTokens } from './redis-tokens.ts';
import { createLocalTokens } from './token-store.ts';

const { redis, away } = await testRedis();

const prefix = `test-${crypto.randomUUID()}`;
const SECRET = 'Y2xpZW50OnNlY3JldA==';
const newKey = () => ({ name: crypto.randomUUID(), secret: SECRET });
const later = (ms = 600_000) => Date.now() + ms;

describe.each([
  ['Redis', () => createRedisTokens(redis, prefix)],
  ['Redis that cannot be reached', () => createRedisTokens(away, prefix)],
  ['a process', createLocalTokens],
])('tokens of %s', (_, create) => {
  it('are kept until they are refused', async () => {
    const [tokens, key] = [create(), newKey()];
    expect(await tokens.get(key)).toBeUndefined();
    const token = { value: 'token-1', expiresAt: later() };
    await tokens.put(key, token);
    expect(await tokens.get(key)).toEqual(token);
    await tokens.remove(key, 'token-0');
    expect(await tokens.get(key)).toEqual(token);
    await tokens.remove(key, 'token-1');
    expect(await tokens.get(key)).toBeUndefined();
  });

  it('are asked for by one at a time, who gives the right back or loses it', async () => {
    const [tokens, key] = [create(), newKey()];
    const lock = await tokens.lock(key, 10_000);
    expect(lock).toBeDefined();
    expect(await tokens.lock(key, 10_000)).toBeUndefined();
    await lock?.release();
    const short = await tokens.lock(key, 20);
    expect(short).toBeDefined();
    await expect.poll(() => tokens.lock(key, 10_000)).toBeDefined();
    // It is another's by now.
    await short?.release();
    expect(await tokens.lock(key, 10_000)).toBeUndefined();
  });
});

describe('tokens of several processes', () => {
  it('stand encrypted, below the prefix of the gateway, no longer than they live', async () => {
    const [tokens, key] = [createRedisTokens(redis, prefix), newKey()];
    await tokens.put(key, { value: 'eyJ.token-1', expiresAt: later(30_000) });
    const stored = (await redis.get(`${prefix}:gateway:token:${key.name}`)) ?? '';
    expect(Buffer.from(stored, 'base64').toString('latin1')).not.toContain('token-1');
    expect(await redis.pttl(`${prefix}:gateway:token:${key.name}`)).toBeLessThanOrEqual(30_000);
    const other = createRedisTokens(redis, prefix);
    expect((await other.get(key))?.value).toBe('eyJ.token-1');
    expect(await other.get({ ...key, secret: 'another' })).toBeUndefined();
    await redis.set(`${prefix}:gateway:token:${key.name}`, 'nonsense');
    expect(await other.get(key)).toBeUndefined();
  });

  it('are asked for once over all of them, also when one is refused', async () => {
    const key = newKey();
    const processes = Array.from({ length: 3 }, () => createCurrentTokens(createRedisTokens(redis, prefix)));
    let asked = 0;
    const ask = async () => {
      asked += 1;
      const value = `token-${asked}`;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return { value, expiresAt: later() };
    };
    const everyone = () =>
      Promise.all(Array.from({ length: 99 }, (_, n) => processes[n % 3]?.of(key, ask, AbortSignal.timeout(5_000))));
    expect(new Set((await everyone()).map((token) => token?.value))).toEqual(new Set(['token-1']));
    const refuseAll = Array.from({ length: 99 }, async (_, n) => {
      await processes[n % 3]?.refused(key, 'token-1');
      return processes[n % 3]?.of(key, ask, AbortSignal.timeout(5_000));
    });
    expect(new Set((await Promise.all(refuseAll)).map((token) => token?.value))).toEqual(new Set(['token-2']));
    expect(asked).toBe(2);
  });

  it('are not waited for longer than a caller wants to', async () => {
    const key = newKey();
    const tokens = createRedisTokens(redis, prefix);
    await tokens.lock(key, 2_000);
    const waiting = createCurrentTokens(tokens).of(
      key,
      () => Promise.reject(new Error('no')),
      AbortSignal.timeout(100),
    );
    await expect(waiting).rejects.toThrow('timeout');
  });
});
