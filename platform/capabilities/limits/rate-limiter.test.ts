import { join } from 'node:path';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { findBinaries } from '../../services/binaries.ts';
import { startRedis } from '../../services/redis.ts';
import { temporaryHome } from '../../services/temporary-home.ts';
import { createRedis, type Redis } from '../redis/index.ts';
import { createRateLimiter, type RatePolicy } from './rate-limiter.ts';

const { redisUrl } = inject('services');
const open: Redis[] = [];
afterEach(() => {
  for (const redis of open.splice(0)) redis.disconnect();
});

async function connected(url = redisUrl): Promise<Redis> {
  const redis = createRedis(url);
  open.push(redis);
  await new Promise((resolve) => redis.once('ready', resolve));
  return redis;
}

const prefix = () => `test-${crypto.randomUUID()}`;
/** So slow that nothing flows in while a test runs. */
const slow = (burst: number): RatePolicy => ({ name: 'slow', rate: 0.001, burst });
const admitted = (decisions: { allowed: boolean }[]) => decisions.filter(({ allowed }) => allowed).length;

describe('createRateLimiter', () => {
  it('admits exactly the burst of many calls at once, over all connections', async () => {
    // One a second flows in while the calls are under way.
    const policy = { name: 'bulk', rate: 1, burst: 100 };
    const shared = prefix();
    const limiters = [createRateLimiter(await connected(), shared), createRateLimiter(await connected(), shared)];
    const began = Date.now();
    const decisions = await Promise.all(
      Array.from({ length: 1000 }, (_, call) => limiters[call % 2]?.check(policy, 'one') ?? Promise.reject()),
    );
    const flowedIn = Math.ceil((Date.now() - began) / 1000);
    expect(admitted(decisions)).toBeGreaterThanOrEqual(100);
    expect(admitted(decisions)).toBeLessThanOrEqual(100 + flowedIn);
  });

  it('counts addresses apart', async () => {
    const limiter = createRateLimiter(await connected(), prefix());
    const policy = { name: 'one', rate: 1, burst: 1 };
    expect((await limiter.check(policy, 'a')).allowed).toBe(true);
    expect((await limiter.check(policy, 'b')).allowed).toBe(true);
    expect((await limiter.check(policy, 'a')).allowed).toBe(false);
  });

  it('says how many are left, and how long to wait when none is', async () => {
    const limiter = createRateLimiter(await connected(), prefix());
    const policy = { name: 'two', rate: 1, burst: 2 };
    expect(await limiter.check(policy, 'a')).toMatchObject({ allowed: true, remaining: 1 });
    expect(await limiter.check(policy, 'a')).toMatchObject({ allowed: true, remaining: 0 });
    expect(await limiter.check(policy, 'a')).toEqual({ allowed: false, remaining: 0, retryAfter: 1 });
  });

  it('goes on with a smaller bucket of its own while Redis is away, and answers soon', async () => {
    const redis = createRedis('redis://localhost?path=/nowhere/redis.sock');
    open.push(redis);
    const limiter = createRateLimiter(redis, prefix());
    const decisions = await Promise.all(Array.from({ length: 50 }, () => limiter.check(slow(40), 'a')));
    expect(admitted(decisions)).toBe(10);
  });

  it('goes on with its own bucket when Redis stops in between, and with Redis when it is back', {
    timeout: 60_000,
  }, async () => {
    const { home, remove } = await temporaryHome();
    const binaries = await findBinaries(['redis']);
    const service = await startRedis({ home, binaries });
    try {
      const redis = await connected(service.url);
      const limiter = createRateLimiter(redis, prefix());
      const policy = { name: 'gone', rate: 1, burst: 1000 };
      expect((await limiter.check(policy, 'a')).remaining).toBe(999);
      await service.stop();
      expect((await limiter.check(policy, 'a')).remaining).toBe(249);
      const again = await startRedis({ home, binaries });
      await expect.poll(() => redis.status, { timeout: 10_000 }).toBe('ready');
      expect((await limiter.check(policy, 'a')).remaining).toBeGreaterThan(249);
      await again.stop();
    } finally {
      await service.stop();
      await remove();
    }
  });

  it('does not wait for a Redis that hangs', async () => {
    const { createServer } = await import('node:net');
    const { home, remove } = await temporaryHome();
    const path = join(home.run, 'hangs.sock');
    const server = createServer((socket) => socket.on('error', () => {}).resume());
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const redis = createRedis(`redis://localhost?path=${encodeURIComponent(path)}`);
    open.push(redis);
    const limiter = createRateLimiter(redis, prefix());
    const late = new Promise((resolve) => setTimeout(() => resolve('late'), 1000));
    // Well under the 2 s that connecting may take: a request is never held up by its own limit.
    expect(await Promise.race([limiter.check(slow(4), 'a'), late])).toMatchObject({ allowed: true });
    redis.disconnect();
    await new Promise((resolve) => server.close(resolve));
    await remove();
  });
});
