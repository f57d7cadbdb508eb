import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { Redis as PatientRedis } from 'ioredis';
import { afterAll, afterEach, describe, expect, inject, it, vi } from 'vitest';
import { createDatabase } from '../../../db/client.ts';
import { temporaryHome } from '../../services/temporary-home.ts';
import { testDatabase } from '../../testing/database.ts';
import { ownRedis } from '../../testing/own-redis.ts';
import { NO_REDIS_URL } from '../../testing/redis.ts';
import { createRedis, type Redis } from '../redis.ts';
import { stepsOf } from './cached-buckets.ts';
import { createRateLimiter, type RateLimiter } from './rate-limiter.ts';
import type { RatePolicy } from './rate-policy.ts';

const { redisUrl } = inject('services');
const database = await testDatabase();
const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});
afterAll(() => database.close());

function client(url: string): Redis {
  const redis = createRedis(url);
  open.push(() => redis.disconnect());
  return redis;
}
/** Waits for answers however busy the machine is: what is tested is their sum. */
async function connected(url = redisUrl): Promise<Redis> {
  const redis = new PatientRedis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 0 });
  redis.on('error', () => {});
  open.push(() => redis.disconnect());
  await once(redis, 'ready');
  return redis;
}
const nowhere = () => client(NO_REDIS_URL);
/** As a process has it: one connection, of a login that the manifest names. */
function rows(login: 'tenant' | 'identity' | 'platform' = 'tenant') {
  const made = createDatabase({ url: database.url(login), connections: 1 });
  open.push(() => made.close());
  return made;
}
/** As if the server were gone. */
async function noRows() {
  const made = createDatabase({ url: database.url('tenant'), connections: 1 });
  await made.close();
  return made;
}

const PATIENT_MS = 5_000;
const prefix = () => `test-${crypto.randomUUID()}`;
/** So slow that nothing flows in while a test runs. */
const slow = (burst: number): RatePolicy => ({ name: `slow-${crypto.randomUUID()}`, rate: 0.001, burst });
const admitted = (decisions: { allowed: boolean }[]) => decisions.filter(({ allowed }) => allowed).length;
const ask = (limiters: RateLimiter[], policy: RatePolicy, times: number) =>
  Promise.all(
    Array.from({ length: times }, (_, call) => {
      const limiter = limiters[call % limiters.length] as RateLimiter;
      return limiter.check(policy, 'one');
    }),
  );
const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

describe('with Redis', () => {
  it('several processes admit together exactly as many of many calls at once as the limit allows', async () => {
    const shared = prefix();
    const limiters = [
      createRateLimiter({ redis: await connected(), prefix: shared }),
      createRateLimiter({ redis: await connected(), prefix: shared }),
    ];
    expect(admitted(await ask(limiters, slow(100), 1000))).toBe(100);
  });

  it('addresses are counted apart', async () => {
    const limiter = createRateLimiter({ redis: await connected(), prefix: prefix() });
    const policy = slow(1);
    expect((await limiter.check(policy, 'a')).allowed).toBe(true);
    expect((await limiter.check(policy, 'b')).allowed).toBe(true);
    expect((await limiter.check(policy, 'a')).allowed).toBe(false);
  });

  it('it is said how many are left, and until when to wait when none is', async () => {
    const limiter = createRateLimiter({ redis: await connected(), prefix: prefix() });
    const policy = { name: 'two', rate: 0.01, burst: 2 };
    expect(await limiter.check(policy, 'a')).toMatchObject({ allowed: true, remaining: 1 });
    expect(await limiter.check(policy, 'a')).toMatchObject({ allowed: true, remaining: 0 });
    const { resetAt, ...refused } = await limiter.check(policy, 'a');
    expect(refused).toEqual({ allowed: false, remaining: 0 });
    expect(resetAt - Date.now()).toBeGreaterThan(50_000);
    expect(resetAt - Date.now()).toBeLessThanOrEqual(100_000);
  });

  it.each([0.001, 0.4, 0.75, 1, 7.3, 10, 16.6, 1_666, 100_000])(
    'tokens flow in at %d a second and no faster',
    (rate) => {
      const { tokens, ms } = stepsOf(rate);
      expect((1000 * tokens) / ms).toBeLessThanOrEqual(rate);
      expect((1000 * tokens) / ms).toBeGreaterThan(0.98 * rate);
      expect([tokens, ms].every(Number.isInteger)).toBe(true);
    },
  );

  it('a request that several buckets count is taken from all of them or from none', async () => {
    const redis = await connected();
    const shared = { redis, prefix: prefix() };
    const [limiter, elsewhere] = [createRateLimiter(shared), createRateLimiter(shared)];
    const [wide, narrow] = [slow(5), slow(2)];
    const both = [
      { policy: wide, key: 'a' },
      { policy: narrow, key: 'b' },
    ];
    const left = async (by: RateLimiter) =>
      (await by.checkAll(both)).map(({ allowed, remaining }) => [allowed, remaining]);
    expect([await left(limiter), await left(limiter)]).toEqual([
      [
        [true, 4],
        [true, 1],
      ],
      [
        [true, 3],
        [true, 0],
      ],
    ]);
    expect([elsewhere, limiter].map((one) => one.spentUntil(narrow, 'b') !== undefined)).toEqual([false, true]);
    expect((await left(limiter)).at(-1)).toEqual([false, 0]);
    expect((await left(elsewhere)).at(-1)).toEqual([false, 0]);
    expect(await elsewhere.check(wide, 'a')).toMatchObject({ allowed: true, remaining: 2 });
  });

  it('requests of one turn of the event loop take one command, and each has its own answer', async () => {
    const redis = await connected();
    const limiter = createRateLimiter({ redis, prefix: prefix() });
    const [wide, narrow] = [slow(100), slow(3)];
    await limiter.check(slow(1), 'the script is known');
    const commands = vi.spyOn(redis, 'sendCommand');
    const decisions = await Promise.all(
      times(5, () =>
        limiter.checkAll([
          { policy: wide, key: 'a' },
          { policy: narrow, key: 'b' },
        ]),
      ),
    );
    expect(commands).toHaveBeenCalledTimes(1);
    expect(decisions.slice(0, 3).map((both) => both.map(({ remaining }) => remaining))).toEqual([
      [99, 2],
      [98, 1],
      [97, 0],
    ]);
    expect(decisions.map((both) => admitted(both) === 2)).toEqual([true, true, true, false, false]);
    expect(admitted(await Promise.all(times(200, () => limiter.check(wide, 'c'))))).toBe(100);
  });

  it('one that was emptied, scripts and all, gives each key no more than a new burst', async () => {
    const { service } = await ownRedis();
    const redis = await connected(service.url);
    const limiters = times(2, () => createRateLimiter({ redis, prefix: 'own' }));
    const policy = slow(10);
    expect(admitted(await ask(limiters, policy, 60))).toBe(10);
    await redis.flushall();
    await redis.script('FLUSH');
    expect(admitted(await ask(limiters, policy, 60))).toBeLessThanOrEqual(10);
  });
});

describe('without Redis', () => {
  it.each(['tenant', 'identity', 'platform'] as const)(
    'several processes of the login %s admit together exactly what the limit allows, by the database',
    async (login) => {
      const limiters = times(4, () =>
        createRateLimiter({ redis: nowhere(), prefix: prefix(), database: rows(login), databaseMs: PATIENT_MS }),
      );
      await connectAll(limiters);
      expect(admitted(await ask(limiters, slow(20), 400))).toBe(20);
    },
  );

  it('the database says how many are left, and until when to wait when none is', async () => {
    const limiter = createRateLimiter({ redis: nowhere(), prefix: prefix(), database: rows(), databaseMs: PATIENT_MS });
    await connectAll([limiter]);
    const policy = { ...slow(2), rate: 0.01 };
    expect(await limiter.check(policy, 'a')).toMatchObject({ allowed: true, remaining: 1 });
    expect(await limiter.check(policy, 'a')).toMatchObject({ allowed: true, remaining: 0 });
    const { resetAt, ...refused } = await limiter.check(policy, 'a');
    expect(refused).toEqual({ allowed: false, remaining: 0 });
    expect(resetAt - Date.now()).toBeLessThanOrEqual(100_000);
  });

  it('a bucket in the database fills with time, up to its burst', async () => {
    const stored = rows();
    const limiters = times(2, () =>
      createRateLimiter({ redis: nowhere(), prefix: prefix(), database: stored, databaseMs: PATIENT_MS }),
    );
    await connectAll(limiters);
    const policy = { ...slow(4), rate: 1 / 60 };
    await ask(limiters.slice(0, 1), policy, 4);
    const goBack = (minutes: number) =>
      database.owner`update rate_buckets set at = at - make_interval(mins => ${minutes}) where tokens < 1`;
    await goBack(2);
    expect(admitted(await ask(limiters.slice(1), policy, 4))).toBe(2);
    await goBack(60);
    const fresh = createRateLimiter({ redis: nowhere(), prefix: prefix(), database: stored, databaseMs: PATIENT_MS });
    expect(admitted(await ask([fresh], policy, 10))).toBe(4);
  });

  it('and without the database each process admits a quarter of the limit', async () => {
    const alone = createRateLimiter({ redis: nowhere(), prefix: prefix() });
    expect(admitted(await ask([alone], slow(40), 50))).toBe(10);
    const away = await noRows();
    const limiters = times(4, () => createRateLimiter({ redis: nowhere(), prefix: prefix(), database: away }));
    expect(admitted(await ask(limiters, slow(40), 200))).toBe(40);
  });

  it('the limit holds when Redis stops in between, and is Redis’ again when that is back', {
    timeout: 60_000,
  }, async () => {
    const { service, startAgain } = await ownRedis();
    const redis = await connected(service.url);
    const limiters = times(3, () =>
      createRateLimiter({ redis, prefix: 'own', database: rows(), databaseMs: PATIENT_MS }),
    );
    const policy = slow(30);
    expect(admitted(await ask(limiters, policy, 15))).toBe(15);
    await service.stop();
    // No one knows any more what was taken; it is the limit once more and not once for each process.
    await connectAll(limiters);
    expect(admitted(await ask(limiters, policy, 200))).toBeLessThanOrEqual(30);
    await startAgain();
    const other = slow(30);
    const key = async () => (await redis.keys(`own:rate:${other.name}:*`).catch(() => [])).length;
    await expect
      .poll(
        async () => {
          await ask(limiters, other, 1);
          return key();
        },
        { timeout: 20_000 },
      )
      .toBe(1);
  });
});

describe('a Redis that hangs', () => {
  /** The way to the real one, until it is cut: then it takes commands and says nothing. */
  async function wayToRedis(): Promise<{ redis: Redis; cut(): void }> {
    const { home, remove } = await temporaryHome();
    const path = join(home.run, 'way.sock');
    const sockets = new Set<Socket>();
    const server = createServer((near) => {
      const far = connect(new URL(redisUrl).searchParams.get('path') ?? '');
      for (const socket of [near, far]) sockets.add(socket.on('error', () => {}));
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    open.push(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await remove();
    });
    const url = new URL(redisUrl);
    url.searchParams.set('path', path);
    const redis = client(url.href);
    // On a busy machine it may take more than one attempt, and `once` would end with the first that fails.
    await new Promise((resolve) => redis.once('ready', resolve));
    return { redis, cut: () => sockets.forEach((socket) => void socket.unpipe()) };
  }
  /** Far above what is promised, and far below what any connection waits by itself. */
  const within = (seconds: number) =>
    new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), seconds * 1000));

  it('is not waited for, nor a database that hangs too', async () => {
    const { redis, cut } = await wayToRedis();
    const limiter = createRateLimiter({ redis, prefix: prefix(), database: rows() });
    await limiter.check(slow(4), 'a');
    cut();
    await database.owner.begin(async (tx) => {
      await tx`lock table rate_buckets`;
      expect(await Promise.race([limiter.check(slow(4), 'a'), within(2)])).toMatchObject({ allowed: true });
    });
  });

  it('delays one request in a while and no others', async () => {
    const { redis, cut } = await wayToRedis();
    const limiter = createRateLimiter({ redis, prefix: prefix(), database: rows() });
    cut();
    const policy = slow(1000);
    const inTurn = async () => {
      for (let call = 0; call < 200; call++) expect((await limiter.check(policy, 'a')).allowed).toBe(true);
    };
    // If each waited for Redis, they would take 10 s.
    expect(await Promise.race([inTurn(), within(5)])).toBeUndefined();
  });
});

/** Opens the connections to the database, and lets the first failures of Redis pass. */
async function connectAll(limiters: RateLimiter[]): Promise<void> {
  const policy = slow(1_000_000);
  for (const limiter of limiters) {
    await expect
      .poll(async () => {
        const [row] = await database.owner`select count(*)::int as n from rate_buckets`;
        const before = row?.n;
        await limiter.check(policy, crypto.randomUUID());
        const [after] = await database.owner`select count(*)::int as n from rate_buckets`;
        return after?.n - before;
      })
      .toBe(1);
  }
}
