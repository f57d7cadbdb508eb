import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBinaries } from './binaries.ts';

describe('findBinaries', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const program = async (path: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), '#!/bin/sh\n');
    await chmod(join(folder, path), 0o755);
  };

  it('finds what this machine has', async () => {
    const { redis, postgres } = await findBinaries(['redis', 'postgres']);
    expect(redis).toMatch(/redis-server$/);
    expect(postgres).toMatch(/^\//);
  });

  it('takes the newest packaged PostgreSQL when PATH has none', async () => {
    for (const version of ['9', '15', '17']) await program(`lib/${version}/bin/postgres`);
    for (const version of ['9', '15']) await program(`lib/${version}/bin/initdb`);
    const places = { path: [join(folder, 'bin')], postgres: [join(folder, 'lib/*/bin')] };
    expect((await findBinaries(['postgres'], places)).postgres).toBe(join(folder, 'lib/15/bin'));
  });

  it('follows a link on PATH to the folder that holds all of PostgreSQL', async () => {
    await program('lib/16/bin/postgres');
    await program('lib/16/bin/initdb');
    await mkdir(join(folder, 'bin'));
    await symlink(join(folder, 'lib/16/bin/postgres'), join(folder, 'bin/postgres'));
    const places = { path: [join(folder, 'bin')], postgres: [] };
    expect((await findBinaries(['postgres'], places)).postgres).toBe(join(folder, 'lib/16/bin'));
  });

  it('names all that is missing at once, and the packages of each system', async () => {
    await program('bin/redis-server');
    const places = { path: [join(folder, 'bin')], postgres: [] };
    const message = await findBinaries(['postgres', 'redis', 'caddy'], places).then(
      () => '',
      (error: Error) => error.message,
    );
    expect(message).toContain('missing postgres, caddy;');
    expect(message).toContain(
      'Debian, Ubuntu: ./scripts/setup as root, or: apt-get install --no-install-recommends postgresql caddy',
    );
    expect(message).toContain('Fedora: dnf install postgresql-server caddy');
    expect(message).toContain('Alpine: apk add postgresql caddy');
    expect(message).toContain('macOS: brew install postgresql@17 caddy');
  });

  it('asks only for what is needed', async () => {
    expect(await findBinaries([], { path: [], postgres: [] })).toEqual({});
  });
});
