import { once } from 'node:events';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import { createCallPlaces } from '../../modules/models/upstream/call-places.ts';
import { createUpstreamState } from '../../modules/models/upstream/shared-state.ts';
import { createActivity } from '../../modules/people/activity.ts';
import { createCache, createSingleFlight } from '../capabilities/cache/index.ts';
import { createEventLog } from '../capabilities/event-log/index.ts';
import { createRateLimiter } from '../capabilities/rates/index.ts';
import { createRedis } from '../capabilities/redis.ts';
import { resultOf } from '../kernel/result-of.ts';
import { findBinaries } from './binaries.ts';
import { nextCredentials, readCredentials, writeCredentials } from './credentials.ts';
import { endProcess, isAlive, type Service } from './processes.ts';
import { redisCredentialsPath, setRedisUsers, startRedis } from './redis.ts';
import { type RedisLogin, redisLoginNames, redisLoginUrl } from './redis-logins.ts';
import { type TemporaryHome, temporaryHome } from './temporary-home.ts';

/** @throws unless every command of what the gateway's processes share is allowed */
async function shareCalls(redis: Redis): Promise<void> {
  const refused: string[] = [];
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (...command) => {
    const answer = send(...command) as Promise<unknown>;
    answer.catch(({ message }: Error) => message.startsWith('NOSCRIPT') || refused.push(message));
    return answer;
  };
  const breaker = { failures: 1, resetMs: 1 };
  const state = createUpstreamState({ redis, prefix: 'pandect', breaker, leases: { leaseMs: 5_000, renewMs: 20 } });
  const places = createCallPlaces({ redis, prefix: 'pandect', concurrent: () => 2 });
  const key = { id: 'one', secret: '', weight: 1, concurrency: 2, rpm: 60 };
  const target = { target: 'gpt', provider: 'openai', keys: [key] };
  const begin = () => state.begin(target, { waitMs: 0, signal: AbortSignal.timeout(5_000) });
  const place = await places.take({ caller: 'key one', concurrency: 1, rpm: 60 });
  const first = await begin();
  await sleep(50);
  if ('end' in first) first.end({ outcome: 'failure', cooldownMs: 1 });
  await sleep(50);
  const probe = await begin();
  expect(probe).toMatchObject({ isProbe: true });
  if ('end' in probe) probe.end({ outcome: 'success', park: true });
  place.release();
  expect(await state.list()).toEqual([{ target: 'gpt', state: 'closed', failures: 0 }]);
  await state.set('gpt', 'open');
  expect(await begin()).toMatchObject({ reason: 'open' });
  state.close();
  places.close();
  expect(refused).toEqual([]);
}

const binaries = await findBinaries(['redis']);

describe('startRedis', { timeout: 60_000 }, () => {
  const homes: TemporaryHome[] = [];
  const services: Service[] = [];
  afterEach(async () => {
    for (const service of services.splice(0)) await service.stop();
    for (const home of homes.splice(0)) await home.remove();
  });
  const make = async (options?: Parameters<typeof temporaryHome>[0]) => {
    const made = await temporaryHome(options);
    homes.push(made);
    return made.home;
  };
  const start = async (home: TemporaryHome['home']) => {
    const service = await startRedis({ home, binaries });
    services.push(service);
    return service;
  };
  const call = async (url: string, command: string, ...args: string[]) => {
    const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
    client.on('error', () => {});
    try {
      await client.connect();
      return await client.call(command, ...args);
    } finally {
      client.disconnect();
    }
  };

  it('keeps data between starts, is reused while it runs, and is gone after its stop', async () => {
    const home = await make({ hidden: true });
    const first = await start(home);
    await call(first.url, 'SET', 'word', 'статья');
    expect((await start(home)).pid).toBe(first.pid);
    await first.stop();
    expect(await isAlive(first.pid)).toBe(false);
    const second = await start(home);
    expect(second.url).toBe(first.url);
    expect(await call(second.url, 'GET', 'word')).toBe('статья');
    expect((await stat(join(home.keys, 'redis.conf'))).mode & 0o777).toBe(0o600);
  });

  it('serves two homes side by side, each only to its own password', async () => {
    const one = await start(await make());
    const two = await start(await make({ below: `${'deep/'.repeat(20)}home, with "quotes` }));
    await call(one.url, 'SET', 'only', 'here');
    expect(await call(two.url, 'GET', 'only')).toBeNull();
    const stranger = new URL(two.url);
    stranger.password = new URL(one.url).password;
    await expect(call(stranger.href, 'GET', 'only')).rejects.toThrow();
    expect(await call(one.url, 'CONFIG', 'GET', 'port')).toEqual(['port', '0']);
    expect(await call(one.url, 'CONFIG', 'GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'volatile-lru']);
  });

  it('gives each purpose the keys that it needs, and the server to none of them', async () => {
    const service = await start(await make());
    const as = (login: RedisLogin) => redisLoginUrl(service.url, login, service.passwords[login]);
    await call(service.url, 'SET', 'pandect:cache:answer:of:another', 'secret');
    await call(service.url, 'SET', 'pandect:rate:api:somebody', '1');
    const refused = [
      ...(['members', 'answers', 'gateway', 'upkeep'] as const).flatMap((login) => [
        [login, 'CONFIG', 'GET', '*'],
        [login, 'ACL', 'LIST'],
        [login, 'FLUSHALL'],
        [login, 'KEYS', '*'],
        [login, 'SHUTDOWN'],
        [login, 'SET', 'somebody:elses', '1'],
        [login, 'EVAL', "return redis.call('config', 'get', 'dir')", '0'],
        [login, 'EVAL', "return redis.call('get', 'somebody:elses')", '0'],
      ]),
      ['members', 'GET', 'pandect:cache:answer:of:another'],
      ['members', 'EVAL', "return redis.call('get', KEYS[1])", '1', 'pandect:cache:answer:of:another'],
      ['members', 'SCAN', '0'],
      ['members', 'HSET', 'pandect:gateway:breaker:gpt', 'name', 'closed'],
      ['gateway', 'SCAN', '0'],
      ['upkeep', 'GET', 'pandect:cache:answer:of:another'],
      ['upkeep', 'UNLINK', 'pandect:rate:api:somebody'],
    ] as [RedisLogin, string, ...string[]][];
    for (const [login, ...command] of refused) {
      const outcome = await call(as(login), ...command).catch(({ message }: Error) => message);
      expect(String(outcome), `${login}: ${command.join(' ')}`).toMatch(
        /NOPERM|ACL failure|no permissions|can't access|not allowed from script/,
      );
    }
    const anonymous = new URL(service.url);
    anonymous.username = anonymous.password = '';
    await expect(call(anonymous.href, 'PING')).rejects.toThrow();
  });

  it('lets each purpose do what it is for', async () => {
    const service = await start(await make());
    const clients = (['members', 'answers', 'gateway', 'upkeep'] as const).map((login) =>
      createRedis(redisLoginUrl(service.url, login, service.passwords[login])),
    );
    const [members, answers, gateway, upkeep] = clients as [Redis, Redis, Redis, Redis];
    try {
      await Promise.all(clients.map((client) => once(client, 'ready')));
      for (const redis of [members, answers]) {
        const rates = createRateLimiter({ redis, prefix: 'pandect' });
        const policy = { name: `api${redis === members}`, rate: 1, burst: 5 };
        expect(await rates.check(policy, 'a')).toMatchObject({ allowed: true, remaining: 4 });
        expect(
          await createRateLimiter({ redis, prefix: 'pandect' }).check(policy, 'a'),
          'the shared bucket',
        ).toMatchObject({ remaining: 3 });
      }
      createActivity(members, 'pandect').seen('somebody');
      await expect.poll(() => createActivity(answers, 'pandect').count()).toBe(1);
      const cache = createCache(answers, 'pandect');
      const flight = createSingleFlight(answers, 'pandect');
      async function* work() {
        yield 'begun';
        await cache.set('answer:one:question', 'text', 60);
      }
      await resultOf(
        flight.run('question', { find: async () => undefined, work, signal: new AbortController().signal }),
      );
      expect(await cache.get('answer:one:question')).toBe('text');
      await shareCalls(gateway);
      const log = createEventLog(answers, 'pandect');
      const writer = log.open('one', 60);
      writer.push({ n: 1 });
      await writer.close();
      expect(await log.read('one', 0)).toEqual([{ n: 1 }]);
      expect(await createEventLog(gateway, 'pandect').read('one', 0)).toBeUndefined();
      await createCache(upkeep, 'pandect').removeAll('answer:one:');
      expect(await cache.get('answer:one:question')).toBeUndefined();
    } finally {
      for (const client of clients) client.disconnect();
    }
  });

  it('starts again with the users that the file of passwords and the prefix ask for', async () => {
    const home = await make();
    const first = await start(home);
    const second = await startRedis({ home, binaries, prefix: 'other' });
    services.push(second);
    expect(second.pid).not.toBe(first.pid);
    const members = redisLoginUrl(second.url, 'members', second.passwords.members);
    expect(await call(members, 'HSET', 'other:rate:api:1', 'tokens', '1')).toBe(1);
    await rm(join(home.keys, 'redis-logins.json'));
    const third = await startRedis({ home, binaries, prefix: 'other' });
    services.push(third);
    await expect(call(second.url, 'PING')).rejects.toThrow();
    expect(await call(third.url, 'PING')).toBe('PONG');
  });

  describe('while its passwords rotate', () => {
    const prefix = 'pandect';
    const rotating = async () => {
      const home = await make();
      const path = redisCredentialsPath(home);
      const service = await start(home);
      const before = await readCredentials(path, redisLoginNames);
      const next = nextCredentials(before);
      await writeCredentials(path, next);
      const as = (of: typeof before, login: RedisLogin) =>
        redisLoginUrl(service.url, login, of.passwords[login], of.rotation);
      return { home, path, service, before, next, as };
    };

    it('lets the users of before and the new ones in, and at last the new ones alone, without a restart', async () => {
      const { home, service, before, next, as } = await rotating();
      const held = createRedis(as(before, 'members'));
      await once(held, 'ready');
      await setRedisUsers(home, next, prefix);
      for (const login of redisLoginNames) {
        for (const turn of [before, next]) expect(await call(as(turn, login), 'PING')).toBe('PONG');
      }
      expect(await held.ping()).toBe('PONG');
      expect(await call(as(next, 'members'), 'HSET', 'pandect:rate:api:1', 'tokens', '1')).toBe(1);
      await expect(call(as(next, 'members'), 'FLUSHALL')).rejects.toThrow(/NOPERM/);
      const closed = once(held, 'close');

      const { previous: _, ...rest } = next;
      await setRedisUsers(home, rest, prefix);
      await closed;
      held.disconnect();
      for (const login of redisLoginNames) {
        await expect(call(as(before, login), 'PING')).rejects.toThrow();
        expect(await call(as(next, login), 'PING')).toBe('PONG');
      }
      expect(await call(as(next, 'operator'), 'ACL', 'USERS')).toHaveLength(redisLoginNames.length + 1);
      await writeCredentials(redisCredentialsPath(home), rest);
      expect((await start(home)).pid).toBe(service.pid);
    });

    it('is taken over with both users where the rotation was cut off before or after it knew of the new ones', async () => {
      for (const known of [false, true]) {
        const { home, service, before, next, as } = await rotating();
        if (known) await setRedisUsers(home, next, prefix);
        const taken = await start(home);
        expect(taken.pid).toBe(service.pid);
        for (const turn of [before, next]) expect(await call(as(turn, 'members'), 'PING')).toBe('PONG');
        await taken.stop();
        const again = await start(home);
        expect(again.pid).not.toBe(service.pid);
        for (const turn of [before, next]) expect(await call(as(turn, 'members'), 'PING')).toBe('PONG');
      }
    });
  });

  it('starts again after it was killed', async () => {
    const home = await make();
    const killed = await start(home);
    await endProcess(killed.pid, [{ signal: 'SIGKILL', seconds: 5 }]);
    const next = await start(home);
    expect(next.pid).not.toBe(killed.pid);
    expect(await call(next.url, 'PING')).toBe('PONG');
  });

  it('has a user for a login that was added since the passwords of its home were made, also in a rotation', async () => {
    for (const inRotation of [false, true]) {
      const home = await make();
      const path = redisCredentialsPath(home);
      const { passwords } = await readCredentials(path, redisLoginNames);
      const { gateway: _, ...before } = passwords;
      await writeCredentials(path, {
        rotation: inRotation ? 1 : 0,
        passwords: before as typeof passwords,
        ...(inRotation && { previous: before as typeof passwords }),
      });
      const service = await start(home);
      const now = await readCredentials(path, redisLoginNames);
      const url = redisLoginUrl(service.url, 'gateway', now.passwords.gateway, now.rotation);
      expect(await call(url, 'ZADD', 'pandect:gateway:slots:key', '1', 'call')).toBe(1);
      await setRedisUsers(home, { ...now, previous: before as typeof passwords }, 'pandect');
      expect(await call(url, 'PING')).toBe('PONG');
    }
  });

  it('says what its log says when it cannot start', async () => {
    const home = await make();
    const broken = { redis: '/bin/false' };
    await expect(startRedis({ home, binaries: broken })).rejects.toThrow(
      /Start Redis: ended before it was ready; last lines of/,
    );
  });
});
