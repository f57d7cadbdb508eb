import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findIsolation, isolate } from '../../platform/kernel/isolation.ts';
import { createAccount } from '../support/http/client.ts';
import { pandectJson } from '../support/platform.ts';
import { sharedPlatform } from '../support/shared-platform.ts';

/*
 * What code of a stranger could do in a function: a process with the flags, the environment, the user and the groups of `ask`, as the
 * kernel has them, tries it. Node's permission model is left out, as a fault in native code would.
 */

const platform = await sharedPlatform();
const isRoot = process.getuid?.() === 0;
/** Hosts that take turns share servers that none of them has started. */
const hasOwnServers = platform.hostUrl === platform.url;
const ofOwnRedis: [string, string[]][] = hasOwnServers
  ? [
      ['the settings of Redis', ['keys', 'redis.conf']],
      ['the passwords of Redis', ['keys', 'redis-logins.json']],
    ]
  : [];

interface Row {
  name: string;
  pid: number;
}
let rows: Row[] = [];
const pidOf = (name: string) => (rows.find((row) => row.name === name) as Row).pid;
const of = (pid: number, file: string) => readFileSync(`/proc/${pid}/${file}`, 'utf8');
const status = (pid: number, field: string) =>
  (new RegExp(`^${field}:\\s*(.*)$`, 'm').exec(of(pid, 'status'))?.[1] ?? '').split(/\s+/).filter(Boolean);

/**
 * Runs a program as the user of a unit's process and with its environment.
 * @param wrapper what it is started through
 * @returns what it prints
 */
async function attempt(unit: string, code: string, wrapper: readonly string[] = []): Promise<string> {
  const pid = pidOf(unit);
  const environment = of(pid, 'environ').split('\0').filter(Boolean);
  const groups = status(pid, 'Groups');
  const child = spawn(
    'setpriv',
    [
      ...[`--reuid=${status(pid, 'Uid')[0]}`, `--regid=${status(pid, 'Gid')[0]}`],
      ...[groups.length > 0 ? `--groups=${groups.join(',')}` : '--clear-groups', '--inh-caps=-all', '--no-new-privs'],
      ...[...wrapper, process.execPath, '--input-type=module', '-e', `${prelude}\n${code}`],
    ],
    {
      env: Object.fromEntries(environment.map((line) => line.split(/=(.*)/s).slice(0, 2))),
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return out.trim() || errors;
}

const prelude = `
import { readFileSync, readdirSync, writeFileSync, symlinkSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
const said = (work) => { try { return 'done ' + work(); } catch (error) { return error.code; } };
const connected = (path) => new Promise((resolve) => {
  const socket = createConnection(path, () => { socket.destroy(); resolve('connected'); });
  socket.on('error', ({ code }) => resolve(code));
});
const bound = (path) => new Promise((resolve) => {
  const server = createServer().on('error', ({ code }) => resolve(code)).listen(path, () => server.close(() => resolve('bound')));
});`;
const path = (...names: string[]) => JSON.stringify(join(platform.home, ...names));

/** A worker is replaced after its share of jobs, and what load brought goes when it is over: a process of before is no evidence. */
beforeEach(async () => {
  if (rows.length > 0 && rows.every(({ pid }) => existsSync(`/proc/${pid}`))) return;
  rows = (await pandectJson<Row[]>(platform, 'ps')).value.filter(({ pid }) => pid > 0);
});

beforeAll(async () => {
  const account = await createAccount(platform);
  await account.add('contract.txt', 'Article 1. The penalty is due.\n');
});

describe.runIf(isRoot)('a process of ask', () => {
  it('shares its user with no other unit, nor with the servers', () => {
    const users = rows.map(({ name, pid }) => [name, status(pid, 'Uid')[0]]);
    expect(users.filter(([, uid]) => uid === '0')).toEqual([]);
    expect(new Set(users.map(([, uid]) => uid)).size).toBe(new Set(users.map(([name]) => name)).size);
  });

  it.each(['edge/admin.sock', 'edge/caddy.pid'])('does not reach sockets/%s', async (file) => {
    expect(await attempt('ask', `console.log(await connected(${path('run', 'sockets', ...file.split('/'))}))`)).toBe(
      'EACCES',
    );
  });

  it.each<[string, string[]]>([
    ['the private key', ['keys', 'jwt-private.pem']],
    ...ofOwnRedis,
    ['the database logins', ['keys', 'database-logins.json']],
    ['the journal', ['journal.json']],
  ])('cannot read %s', async (_, names) => {
    expect(await attempt('ask', `console.log(said(() => readFileSync(${path(...names)}).length))`)).toBe('EACCES');
  });

  it.each(['files', 'postgres', 'redis', 'caddy', 'cache/auth', 'keys', 'logs'])('cannot list %s', async (folder) => {
    expect(await attempt('ask', `console.log(said(() => readdirSync(${path(folder)})))`)).toBe('EACCES');
  });

  it('cannot signal any other process of the platform', async () => {
    const others = rows.filter(({ name }) => name !== 'ask').map(({ pid }) => pid);
    const code = `console.log(${JSON.stringify([...others, platform.pid])}.filter((pid) => said(() => process.kill(pid, 0)) !== 'EPERM').length)`;
    expect(await attempt('ask', code)).toBe('0');
  });

  it("cannot bind in another unit's folder, nor change links, its own included", async () => {
    expect(await attempt('ask', `console.log(await bound(${path('run', 'auth', 'i', 'x.sock')}))`)).toBe('EACCES');
    expect(await attempt('ask', `console.log(await bound(${path('run', 'auth', 'x.sock')}))`)).toBe('EACCES');
    const planted = `console.log(said(() => symlinkSync('/x', ${path('run', 'ask', 'preview-x.sock')})))`;
    expect(await attempt('ask', planted)).toBe('EACCES');
  });

  it("does not reach another unit's socket", async () => {
    const [socket] = await readdir(join(platform.home, 'run', 'auth', 'i'));
    const code = `console.log(await connected(${path('run', 'auth', 'i', socket as string)}))`;
    expect(await attempt('ask', code)).toBe('EACCES');
  });

  it.each([['control.sock'], ['operator', 'wake.sock'], ['operator', '0.sock']])(
    'does not reach what the operator’s commands use, %s %s, and neither does Caddy',
    async (...names) => {
      for (const unit of ['ask', 'caddy']) {
        expect(await attempt(unit, `console.log(await connected(${path('run', ...names)}))`)).toBe('EACCES');
      }
    },
  );

  it.each(['ask', 'ingest', 'caddy'])('does not reach, as %s, what is the console’s', async (unit) => {
    const code = `console.log(await connected(${path('run', 'console.sock')}))`;
    expect(await attempt(unit, code)).toBe('EACCES');
    expect((await stat(join(platform.home, 'run', 'console.sock'))).mode & 0o077).toBe(0);
  });

  it('cannot make Caddy give itself orders', async () => {
    const socket = join(platform.home, 'run', 'sockets', 'edge', 'admin.sock');
    const { uid, mode } = await stat(socket);
    expect([uid, mode & 0o022]).toEqual([0, 0]);
  });

  it.runIf(hasOwnServers)('has the files that it is for, written by others', async () => {
    const code = `const names = readdirSync(process.env.VECTOR_DIR, { recursive: true });
      console.log(names.some((name) => name.endsWith('.sqlite')) && said(() => writeFileSync(process.env.VECTOR_DIR + '/probe', '')))`;
    expect(await attempt('ask', code)).toBe('done undefined');
  });
});

const sockets = {
  'the control socket': ['control.sock'],
  'the orders of Caddy': ['sockets', 'edge', 'admin.sock'],
  PostgreSQL: ['sockets', 'postgres', '.s.PGSQL.5432'],
  Redis: ['sockets', 'redis', 'redis.sock'],
};
const connectTo = (names: readonly string[]) => `console.log(await connected(${path('run', ...names)}))`;

describe.runIf(isRoot)('a process of ingest', () => {
  it.runIf(hasOwnServers)('reaches the two servers that it works with, and gives no orders', async () => {
    const found = await Promise.all(
      Object.entries(sockets).map(async ([name, names]) => [name, await attempt('ingest', connectTo(names))]),
    );
    expect(Object.fromEntries(found)).toEqual({
      ...{ 'the control socket': 'EACCES', 'the orders of Caddy': 'EACCES' },
      ...{ PostgreSQL: 'connected', Redis: 'connected' },
    });
  });
});

const { isolation } = findIsolation();
describe.runIf(isRoot)('a parser that a hostile file has taken over', () => {
  it.for(Object.entries(sockets))(
    'finds no way to %s, with the user and the environment of ingest',
    async ([, names], { skip }) => {
      skip(isolation !== 'room', `this machine keeps parsers apart by "${isolation}" alone`);
      expect(await attempt('ingest', connectTo(names), isolate([]))).toBe('ENOENT');
    },
  );
});

describe.runIf(isRoot)('Caddy', () => {
  it.each(['keys', 'files', 'vectors', 'postgres', 'releases'])('cannot list %s', async (folder) => {
    expect(await attempt('caddy', `console.log(said(() => readdirSync(${path(folder)})))`)).toBe('EACCES');
  });

  it.each(['postgres/.s.PGSQL.5432', 'redis/redis.sock', 'edge/admin.sock'])(
    'does not reach sockets/%s',
    async (file) => {
      const code = `console.log(await connected(${path('run', 'sockets', ...file.split('/'))}))`;
      expect(await attempt('caddy', code)).toBe('EACCES');
    },
  );
});

describe.runIf(isRoot)('auth', () => {
  it('alone is given the private key', async () => {
    const readable = `console.log(said(() => readFileSync(${path('keys', 'jwt-private.pem')}).length))`;
    const units = rows.filter(({ name }) => !['postgres', 'redis', 'caddy'].includes(name)).map(({ name }) => name);
    const found = await Promise.all(
      [...new Set(units)].map(async (name) => [name, await attempt(name, readable)] as const),
    );
    expect(found.filter(([, answer]) => answer.startsWith('done')).map(([name]) => name)).toEqual(['auth']);
  });
});
