import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, describe, expect, inject, it } from 'vitest';
import { connect } from '../../db/connect.ts';
import { loginNames, loginRole, loginUrl } from '../../db/logins.ts';
import { commandEnvironment } from '../testing/command-environment.ts';
import { asAdministrator, withDatabase } from '../testing/database.ts';
import { freePort } from '../testing/free-port.ts';

/** What the pods of a cluster run, from the commands that they run it with; the database's owner may create roles and nothing else. */

const checkout = join(import.meta.dirname, '../..');
const folder = await mkdtemp(join(tmpdir(), 'pandect-test-serve-'));
const { templateUrl, redisUrl } = inject('services');
const name = `test_${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}`;
const owner = `${name}_owner`;
await asAdministrator(templateUrl, async (sql) => {
  await sql.unsafe(`create role ${owner} login createrole password 'owner'`);
  await sql.unsafe(`create database ${name} owner ${owner}`);
});
const ownerUrl = Object.assign(new URL(withDatabase(templateUrl, name)), { username: owner, password: 'owner' }).href;
const look = connect(withDatabase(templateUrl, name), { max: 1 });

const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});
afterAll(async () => {
  await look.end();
  await rm(folder, { recursive: true });
  await asAdministrator(templateUrl, async (sql) => {
    await sql.unsafe(`drop database ${name} with (force)`);
    const roles = loginNames.flatMap((login) => [loginRole(name, login), loginRole(name, login, 1)]);
    await sql.unsafe(`drop role if exists ${[...roles, owner].join(', ')}`);
  });
});

const run = (args: string[], env: Record<string, string> = {}) =>
  promisify(execFile)(process.execPath, ['pandect.ts', ...args], {
    cwd: checkout,
    env: { ...commandEnvironment, PANDECT_HOME: join(folder, 'home'), ...env },
  });
const refusal = (args: string[], env: Record<string, string> = {}) =>
  run(args, env).then(
    () => 'done',
    ({ stderr }: { stderr: string }) => stderr.trim(),
  );

const logins = join(folder, 'logins');
const urls = (password: string) =>
  Object.fromEntries(loginNames.map((login) => [login, loginUrl(ownerUrl, login, `${password}/%:@`)])) as Record<
    (typeof loginNames)[number],
    string
  >;
async function writeLogins(password: string): Promise<ReturnType<typeof urls>> {
  await mkdir(logins, { recursive: true });
  for (const [login, url] of Object.entries(urls(password))) await writeFile(join(logins, login), `${url}\n`);
  return urls(password);
}

describe('pandect migrate --logins', () => {
  it('names every login that is missing or another one, and shows no password', async () => {
    await writeLogins('first');
    await rm(join(logins, 'tenant'));
    await writeFile(join(logins, 'billing'), loginUrl(ownerUrl, 'identity', 'hidden'));
    await writeFile(join(logins, 'platform'), 'postgres://x:hidden@localhost/other');
    await writeFile(join(logins, 'identity'), 'hidden');
    const message = await refusal(['migrate', '--logins', logins], { DATABASE_URL: ownerUrl });
    expect(message.split('\n')).toEqual([
      `Read logins: "${logins}/tenant": missing: must hold the connection string of this login`,
      `Read logins: "${logins}/billing": must name the user "${name}_login_billing"`,
      `Read logins: "${logins}/identity": must be a URL with postgres: or postgresql:`,
      `Read logins: "${logins}/platform": must name the database "${name}"`,
    ]);
    expect(await refusal(['migrate', '--logins', logins])).toContain('set DATABASE_URL');
  });

  it('makes everything that pods need, again with other passwords', async () => {
    const wasIn = await writeLogins('first');
    await run(['migrate', '--logins', logins], { DATABASE_URL: ownerUrl });
    const { tenant } = await writeLogins('second');
    await run(['migrate', '--logins', logins], { DATABASE_URL: ownerUrl });
    const sql = connect(tenant, { max: 1 });
    expect(await sql`select current_user as me`).toEqual([{ me: `${name}_login_tenant` }]);
    await sql.end();
    // A server that trusts its unix socket lets any password in.
    if (!new URL(wasIn.tenant).searchParams.has('host')) {
      const old = connect(wasIn.tenant, { max: 1 });
      await expect(old`select 1`).rejects.toThrow();
    }
    const queues = await look<{ name: string }[]>`select name from pgboss.queue`;
    expect(queues.map((queue) => queue.name)).toContain('notify');
    expect((await look`select 1 from subscription_plans`).length).toBeGreaterThan(0);
  }, 60_000);
});

describe('pandect serve', async () => {
  const built = join(folder, 'built');
  await run(['build', 'health', 'notify', '--out', built]);

  /** As a pod: the command with its environment, and nothing around it. */
  async function serve(kind: 'function' | 'worker', unit: string, url: string) {
    const [port, control] = [await freePort(), await freePort()];
    const env = {
      ...{ ...commandEnvironment, PANDECT_HOME: join(folder, 'home'), DATABASE_URL: url, REDIS_URL: redisUrl },
      ...{ ...(kind === 'function' && { PORT: String(port) }), CONTROL_PORT: String(control), LOG_LEVEL: 'fatal' },
      // Of a module that neither reads, and so is not given.
      YOOKASSA_SECRET_KEY: 'hidden',
    };
    const args = ['pandect.ts', 'serve', kind, unit, '--built', built];
    const child = spawn(process.execPath, args, { cwd: checkout, env, stdio: ['ignore', 'inherit', 'inherit'] });
    running.add(child);
    const exited = once(child, 'exit');
    const ask = (path: string, at = control) => fetch(`http://127.0.0.1:${at}${path}`);
    const status = () =>
      ask('/_pandect/ready').then(
        (answer) => answer.status,
        () => 0,
      );
    await expect.poll(status, { timeout: 30_000, interval: 100 }).toBe(200);
    return { child, exited, port, ask };
  }

  it('answers over TCP as a function, tells of itself at the other port alone, and ends when it is told to', async () => {
    const { child, exited, port, ask } = await serve('function', 'health', urls('second').tenant);
    expect(await (await ask('/health', port)).json()).toEqual({ status: 'healthy' });
    expect((await ask('/ready', port)).status).toBe(200);
    for (const path of ['/_pandect/ready', '/_pandect/state', '/_pandect/metrics']) {
      expect((await ask(path, port)).status).toBe(404);
    }
    expect(await (await ask('/_pandect/alive')).text()).toBe('alive\n');
    expect(await (await ask('/_pandect/metrics')).text()).toMatch(/^pandect_requests_in_flight\{unit="health".*\} 0$/m);
    // The process has become that of the unit: it is the one that is signalled.
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    await expect(ask('/_pandect/alive')).rejects.toThrow();
  }, 60_000);

  it('takes jobs as a worker, and finishes them before it ends', async () => {
    const { child, exited, ask } = await serve('worker', 'notify', urls('second')['platform-worker']);
    const state = async () =>
      (await look<{ state: string }[]>`select state from pgboss.job where name = 'notify'`).map((job) => job.state);
    await look`insert into pgboss.job (name, data) values ('notify', '{}')`;
    await expect.poll(state, { timeout: 20_000 }).not.toEqual(['created']);
    const shown = await (await ask('/_pandect/metrics')).text();
    expect(shown).toMatch(/^pandect_requests_in_flight\{unit="notify"/m);
    expect(shown).toMatch(/^pandect_queue_jobs\{queue="notify",state="waiting".*\} \d/m);
    expect(shown).toMatch(/^pandect_queue_oldest_seconds\{queue="notify".*\} /m);
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(await state()).not.toContain('active');
  }, 60_000);

  it('leaves compiled code and the folders of its variables in its home, and nothing for a supervisor', async () => {
    expect((await readdir(join(folder, 'home'))).toSorted()).toEqual(['cache', 'files', 'vectors']);
  });

  it('is refused for what is not there, or was not built', async () => {
    const env = { DATABASE_URL: urls('second').tenant, PORT: '8080' };
    expect(await refusal(['serve', 'function', 'heath', '--built', built], env)).toContain('did you mean "health"?');
    expect(await refusal(['serve', 'function', 'search', '--built', built], env)).toContain(
      'not built; run: pandect build search',
    );
  });
});
