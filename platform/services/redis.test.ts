import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import { findBinaries } from './binaries.ts';
import { endProcess, isAlive, type Service } from './processes.ts';
import { startRedis } from './redis.ts';
import { type TemporaryHome, temporaryHome } from './temporary-home.ts';

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

  it('starts again after it was killed', async () => {
    const home = await make();
    const killed = await start(home);
    await endProcess(killed.pid, [{ signal: 'SIGKILL', seconds: 5 }]);
    const next = await start(home);
    expect(next.pid).not.toBe(killed.pid);
    expect(await call(next.url, 'PING')).toBe('PONG');
  });

  it('says what its log says when it cannot start', async () => {
    const home = await make();
    const broken = { redis: '/bin/false' };
    await expect(startRedis({ home, binaries: broken })).rejects.toThrow(
      /Start Redis: ended before it was ready; last lines of/,
    );
  });
});
