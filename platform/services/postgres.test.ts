import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterEach, describe, expect, it } from 'vitest';
import { readDatabaseUrl } from '../kernel/database-url.ts';
import { findBinaries } from './binaries.ts';
import { startPostgres } from './postgres.ts';
import { postgresSettings } from './postgres-data.ts';
import { endProcess, isAlive, type Service } from './processes.ts';
import { giveTo } from './service-user.ts';
import { type TemporaryHome, temporaryHome } from './temporary-home.ts';

const binaries = await findBinaries(['postgres']);
const settings = { fsync: 'off' };

describe('startPostgres', { timeout: 60_000 }, () => {
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
  const start = async (options: Pick<Parameters<typeof startPostgres>[0], 'home' | 'progress'>) => {
    const service = await startPostgres({ ...options, binaries, settings });
    services.push(service);
    return service;
  };
  const query = async (service: Service, text: string) => {
    const { url, host } = readDatabaseUrl(service.url);
    const sql = postgres(url, { max: 1, connect_timeout: 5, ...(host && { host }) });
    try {
      return [...(await sql.unsafe(text))];
    } finally {
      await sql.end();
    }
  };

  it('keeps data between starts, is reused while it runs, and is gone after its stop', async () => {
    const home = await make({ hidden: true });
    const steps: string[] = [];
    const first = await start({ home, progress: (line) => steps.push(line) });
    expect(steps).toEqual(['Creating the database files', 'Starting PostgreSQL']);
    expect(await query(first, 'show server_encoding')).toEqual([{ server_encoding: 'UTF8' }]);
    expect(await query(first, 'show data_checksums')).toEqual([{ data_checksums: 'on' }]);
    expect(await query(first, `select lower('СТАТЬЯ') as word`)).toEqual([{ word: 'статья' }]);
    await query(first, 'create table kept (word text)');
    await query(first, `insert into kept values ('статья')`);
    expect((await start({ home })).pid).toBe(first.pid);
    await first.stop();
    expect(await isAlive(first.pid)).toBe(false);
    const second = await start({ home });
    expect(second.url).toBe(first.url);
    expect(await query(second, 'select word from kept')).toEqual([{ word: 'статья' }]);
    expect((await stat(join(home.keys, 'postgres-password'))).mode & 0o777).toBe(0o600);
  });

  it('serves two homes side by side, each only to its own password', async () => {
    const one = await start({ home: await make() });
    const two = await start({ home: await make({ below: `${'deep/'.repeat(20)}home, with "quotes` }) });
    await query(one, 'create table only_here (id int)');
    expect(await query(two, `select to_regclass('only_here') as found`)).toEqual([{ found: null }]);
    const stranger = new URL(two.url);
    stranger.password = new URL(one.url).password;
    await expect(query({ ...two, url: stranger.href }, 'select 1')).rejects.toThrow('password authentication failed');
    expect(await query(one, 'show listen_addresses')).toEqual([{ listen_addresses: '' }]);
  });

  it('starts again after it was killed', async () => {
    const home = await make();
    const killed = await start({ home });
    await query(killed, 'create table kept as select 1 as one');
    await endProcess(killed.pid, [{ signal: 'SIGKILL', seconds: 5 }]);
    const next = await start({ home });
    expect(next.pid).not.toBe(killed.pid);
    expect(await query(next, 'select one from kept')).toEqual([{ one: 1 }]);
  });

  it('starts when the number of the process in its pid file went to another program', async () => {
    const home = await make();
    await (await start({ home })).stop();
    const stale = [process.pid, join(home.postgres, 'data'), 0, 5432, home.run, '', '', 'ready   '].join('\n');
    await writeFile(join(home.postgres, 'data', 'postmaster.pid'), `${stale}\n`);
    const service = await start({ home });
    expect(service.pid).not.toBe(process.pid);
  });

  it('starts over after the first start was interrupted', async () => {
    const home = await make();
    const half = join(home.postgres, 'data.new');
    await mkdir(half);
    await giveTo(home.user, half);
    await writeFile(join(half, 'PG_VERSION'), '15');
    expect(await query(await start({ home }), 'select current_database() as name')).toEqual([{ name: 'pandect' }]);
  });

  it('case 11: refuses files of another major version with what to do, and leaves them alone', async () => {
    const home = await make();
    await (await start({ home })).stop();
    const data = join(home.postgres, 'data');
    const version = await readFile(join(data, 'PG_VERSION'), 'utf8');
    await writeFile(join(data, 'PG_VERSION'), '9\n');
    const state = async () =>
      Promise.all(['postgresql.conf', 'global/pg_control', 'PG_VERSION'].map((name) => readFile(join(data, name))));
    const before = await state();
    await expect(start({ home })).rejects.toThrow(
      /files ".*data" are of version 9, and \d+ is installed; nothing was changed\. Install PostgreSQL 9 next to it/,
    );
    expect(await state()).toEqual(before);
    await writeFile(join(data, 'PG_VERSION'), version);
    expect(await query(await start({ home }), 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('says what its log says when it cannot start', async () => {
    const home = await make();
    await (await start({ home })).stop();
    const broken = { ...settings, shared_buffers: 'plenty' };
    await expect(startPostgres({ home, binaries, settings: broken })).rejects.toThrow(
      /ended before it was ready; last lines of .*postgres\.log".*invalid value for parameter "shared_buffers"/s,
    );
  });

  it('does not invent a new password for old data', async () => {
    const home = await make();
    await mkdir(join(home.postgres, 'data'));
    await writeFile(join(home.postgres, 'data', 'PG_VERSION'), '15');
    await expect(start({ home })).rejects.toThrow(/password file .* is missing/);
    await expect(readFile(join(home.keys, 'postgres-password'))).rejects.toThrow('ENOENT');
  });
});

describe('postgresSettings', () => {
  it('quotes what a path may hold', () => {
    expect(postgresSettings(`/it's, here`)).toContain(`unix_socket_directories = '"/it''s, here"'`);
  });
});
