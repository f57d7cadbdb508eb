import { execFile } from 'node:child_process';
import { readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive } from '../../platform/services/processes.ts';
import { type TemporaryHome, temporaryHome } from '../../platform/services/temporary-home.ts';
import type { KillRow, ProcessRow } from '../../platform/supervisor/control/contract.ts';
import { freePort } from '../../platform/testing/free-port.ts';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { type Change, change, rowsOf, stepsOf } from '../support/control.ts';
import { addEchoFunction, type EchoFunction } from '../support/echo-function.ts';
import { callEcho, echoVisitors, followEcho, openEchoSocket } from '../support/echo-visits.ts';
import { startLoad } from '../support/http/load.ts';
import { readMetrics, sumOf } from '../support/metrics.ts';
import {
  pandect,
  pandectJson,
  refusedUp,
  startPandect,
  startTestPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { processesIn } from '../support/processes.ts';
import { until } from '../support/until.ts';

let copy: CheckoutCopy;
let home: TemporaryHome;
let platform: TestPlatform;
let one: EchoFunction;
let two: EchoFunction;
let port: number;

beforeAll(async () => {
  copy = await copyCheckout({ units: ['notify'] });
  one = await addEchoFunction(copy, 'one');
  two = await addEchoFunction(copy, 'two', { instances: { min: 2, max: 2 } });
  home = await temporaryHome();
  port = await freePort();
  platform = await start();
});

afterAll(async () => {
  try {
    await platform?.stop();
  } finally {
    await home?.remove();
    await copy?.remove();
  }
});

const start = (flags: string[] = []) => startTestPlatform({ root: copy.root, home, port, flags });

/** Everything that serves by name, as `ps` shows it; what still drains ends by itself. */
const processes = async (): Promise<Record<string, number[]>> => {
  const { value } = await pandectJson<ProcessRow[]>(platform, 'ps');
  const byName = Object.groupBy(
    value.filter(({ state }) => state === 'ready'),
    ({ name }) => name,
  );
  return Object.fromEntries(
    Object.entries(byName).map(([name, rows = []]) => [name, rows.map(({ pid }) => pid).toSorted((a, b) => a - b)]),
  );
};

const versionOf = async (echo: EchoFunction) => (await callEcho(platform, echo)).version;

describe('a supervisor that is killed', () => {
  it('fails no request, and the next one takes over every process as it is', async () => {
    const before = await processes();
    expect(before).toMatchObject({ one: [expect.any(Number)], two: [expect.any(Number), expect.any(Number)] });
    expect(Object.keys(before)).toEqual(expect.arrayContaining(['notify', 'postgres', 'redis', 'caddy']));
    const socket = await openEchoSocket(platform, two);
    const load = startLoad([...echoVisitors(platform, one), ...echoVisitors(platform, two)]);
    await sleep(500);
    await platform.killSupervisor();
    await sleep(1_000);
    platform = await start();
    await sleep(500);
    const { requests, failures } = await load.stop();
    const total = Object.values(requests).reduce((sum, count) => sum + count, 0);
    process.stdout.write(`A killed supervisor and the next one: ${total} requests, ${failures.length} failed\n`);
    expect(failures).toEqual([]);
    expect(total).toBeGreaterThan(100);
    expect((await socket.say('still there')).version).toBe('version 0');
    await socket.close();
    expect(await processes()).toEqual(before);
    expect((await rowsOf(platform, 'one'))[0]).toMatchObject({
      state: 'ready',
      restarts: 0,
      startMs: expect.any(Number),
    });
  });

  it('leaves processes that the next one looks after and can replace like its own', async () => {
    const [row] = await rowsOf(platform, 'one');
    process.kill(row?.pid ?? 0, 'SIGKILL');
    const next = await until('another process', async () =>
      (await rowsOf(platform, 'one')).find(({ pid, state }) => pid !== row?.pid && state === 'ready'),
    );
    expect(next.restarts).toBe(1);
    await platform.killSupervisor();
    platform = await start();
    await one.write({ version: 'version 1' });
    const load = startLoad(echoVisitors(platform, one));
    expect((await change(platform, 'deploy', { units: ['one'], watch: 1 })).ok).toBe(true);
    expect((await load.stop()).failures).toEqual([]);
    expect((await rowsOf(platform, 'one')).map(({ pid }) => pid)).not.toContain(next.pid);
    await until('the adopted one to be gone', async () => ((await isAlive(next.pid)) ? undefined : true));
    expect(await versionOf(one)).toBe('version 1');
  });

  it('while it was away, a process that ended is replaced by the next one', async () => {
    const [row] = await rowsOf(platform, 'one');
    await platform.killSupervisor();
    process.kill(row?.pid ?? 0, 'SIGKILL');
    platform = await start();
    expect(await versionOf(one)).toBe('version 1');
    expect(await rowsOf(platform, 'one')).toMatchObject([{ state: 'ready' }]);
    const { value: kills } = await pandectJson<KillRow[]>(platform, 'kills', 'one');
    expect(kills.find(({ pid }) => pid === row?.pid)).toMatchObject({ detail: 'ended while no supervisor ran' });
  });

  it('leaves what drains to its end', async () => {
    const [old] = await rowsOf(platform, 'two');
    const [short, long] = [40, 300].map((count) => followEcho(platform, two, count, 50));
    await sleep(300);
    await two.write({ version: 'version 1' });
    expect((await change(platform, 'deploy', { units: ['two'], watch: 0, wait: false })).ok).toBe(true);
    await platform.killSupervisor();
    expect((await short)?.at(-1)?.data.version, 'it ended without a supervisor').toBe('version 0');
    platform = await start();
    expect((await rowsOf(platform, 'two')).map(({ state }) => state)).toContain('draining');
    expect((await long)?.at(-1)?.data.version, 'it ended under the next supervisor').toBe('version 0');
    await until('the old processes to end', async () => {
      const rows = await rowsOf(platform, 'two');
      return rows.length === 2 && rows.every(({ state }) => state === 'ready') ? true : undefined;
    });
    expect(await isAlive(old?.pid ?? 0)).toBe(false);
    const { stdout } = await pandect(platform, 'kills', 'two');
    expect(stdout, 'they ended in good order').toContain('No process crashed');
  });

  it('may be killed in the midst of a deploy', async () => {
    const load = startLoad(echoVisitors(platform, one));
    for (const [index, delay] of [30, 250, 700].entries()) {
      await one.write({ version: `midst ${index}` });
      const broken = change(platform, 'deploy', { units: ['one'], watch: 0, wait: false }).catch(() => undefined);
      await sleep(delay);
      await platform.killSupervisor();
      await broken;
      platform = await start();
      // A foreground start brings what the checkout holds.
      await until('the new release', async () => (await versionOf(one)) === `midst ${index}` || undefined);
    }
    expect((await load.stop()).failures).toEqual([]);
    await until('one process', async () => ((await rowsOf(platform, 'one')).length === 1 ? true : undefined));
    const left = (await processesIn(home.home)).filter(({ command }) => command.includes('/releases/one/'));
    expect(left).toHaveLength(1);
  });
});

describe('a checkout that changed while no supervisor ran', () => {
  it('is deployed by a start in the foreground, and no request fails', async () => {
    const before = await processes();
    const load = startLoad(echoVisitors(platform, one));
    await platform.killSupervisor();
    await one.write({ version: 'changed' });
    platform = await start();
    await until('the new release', async () => (await versionOf(one)) === 'changed' || undefined);
    expect((await load.stop()).failures).toEqual([]);
    const after = await processes();
    expect(after.two, 'what did not change continues').toEqual(before.two);
  });

  it('waits for a deploy where the service is started', async () => {
    await until('one process', async () => ((await rowsOf(platform, 'one')).length === 1 ? true : undefined));
    const before = await processes();
    await platform.killSupervisor();
    await one.write({ version: 'not asked for' });
    platform = await start(['--keep']);
    expect(platform.output()).toContain('pandect deploy one brings it');
    expect(await processes()).toEqual(before);
    expect(await versionOf(one)).toBe('changed');
  });

  it('may not even be readable', async () => {
    const before = await processes();
    await platform.killSupervisor();
    await one.write({ version: 'broken', code: 'this is no program' });
    platform = await start();
    expect(platform.output()).toContain('is started instead');
    expect(await processes()).toEqual(before);
    await one.write({ version: 'changed' });
  });
});

describe('a source that was pushed', () => {
  /** What a checkout holds is older than a push when it came with an image. */
  const age = () =>
    Promise.all(
      ['function.ts', 'app.ts'].map((name) =>
        utimes(join(copy.root, 'functions/one', name), 1_700_000_000, 1_700_000_000),
      ),
    );

  it('takes traffic without a failed request, and later deploys build from it', async () => {
    await promisify(execFile)('git', ['-C', copy.root, 'init', '-q']);
    await one.write({ version: 'pushed' });
    const load = startLoad(echoVisitors(platform, one));
    const began = performance.now();
    const pushing = pandectJson<Change>(platform, 'push', 'one', '--watch', '1');
    await until('the pushed release', async () => (await versionOf(one)) === 'pushed' || undefined);
    const seconds = (performance.now() - began) / 1000;
    const { status, value } = await pushing;
    const { requests, failures } = await load.stop();
    const total = Object.values(requests).reduce((sum, count) => sum + count, 0);
    process.stdout.write(
      `From push to traffic ${seconds.toFixed(1)} s: ${total} requests, ${failures.length} failed\n`,
    );
    expect({ status, steps: stepsOf(value) }).toEqual({
      status: 0,
      steps: ['source', 'build', 'start', 'switch', 'watch', 'drain', 'done', 'source'],
    });
    expect(failures).toEqual([]);
    expect((await rowsOf(platform, 'one'))[0]?.from).toMatch(/^push by ./);
    expect((await pandect(platform, 'releases', 'one')).stdout).toContain('push by');
    await one.write({ version: 'of the checkout' });
    await age();
    expect(stepsOf(await change(platform, 'deploy', { units: ['one'] }))).toEqual(['source', 'build', 'unchanged']);
  });

  it('is what the next start builds from too, which brings no older code back', async () => {
    const before = await processes();
    await platform.killSupervisor();
    platform = await start();
    expect(platform.output()).toMatch(/^Source: pushed .*; pandect push --undo takes it back$/m);
    expect(await versionOf(one)).toBe('pushed');
    expect(await processes()).toEqual(before);
  });

  it('changes nothing when it cannot be built', async () => {
    await one.write({ version: 'broken', code: 'this is no program' });
    const { status, value } = await pandectJson<Change>(platform, 'push', 'one');
    const manifest = await copy.read('functions/two/function.ts');
    await copy.write('functions/two/function.ts', `${manifest}throw new Error('no manifest');\n`);
    const refused = await pandect(platform, 'push', 'one');
    await copy.write('functions/two/function.ts', manifest);
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('no manifest') });
    expect({ status, steps: stepsOf(value) }).toEqual({ status: 1, steps: ['source', 'build', 'failed', 'source'] });
    expect(stepsOf(await change(platform, 'deploy', { units: ['one'] }))).toEqual(['source', 'build', 'unchanged']);
  });

  it('arrives through another command too, and is taken back', async () => {
    await one.write({ version: 'through a pipe' });
    const command = `${process.execPath} ${join(copy.root, 'pandect.ts')}`;
    const { status, stderr } = await pandect(platform, 'push', 'one', '--watch', '0', '--through', command);
    expect(status, stderr).toBe(0);
    expect(await versionOf(one)).toBe('through a pipe');
    const undone = await pandectJson<Change>(platform, 'push', '--undo', '--watch', '0');
    expect(undone.value).toMatchObject({ ok: true });
    expect(await versionOf(one)).toBe('pushed');
  });

  it('gives way to a platform that is newer, which says so', async () => {
    await platform.killSupervisor();
    await one.write({ version: 'changed' });
    platform = await start();
    expect(platform.output()).toMatch(/^Source: the platform's own, as it is newer .*; pushed .* is set aside$/m);
    await until('the new release', async () => (await versionOf(one)) === 'changed' || undefined);
  });
});

describe('a start over something broken', () => {
  it('refuses a corrupt journal with a clear message, and leaves what runs alone', async () => {
    const before = await processes();
    await platform.killSupervisor();
    const path = join(home.home.root, 'journal.json');
    const journal = await readFile(path, 'utf8');
    for (const content of [journal.slice(0, journal.length / 2), '', '{"processes":[{"pid":"none"}]}']) {
      await writeFile(path, content);
      const { status, stderr } = await refusedUp(home, { PANDECT_PORT: String(port) }, copy.root);
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: expect.stringMatching(/^Read journal ".*journal\.json": not readable; move it away/m),
      });
      expect(await versionOf(one)).toBe('changed');
    }
    await writeFile(path, journal);
    platform = await start();
    expect(await processes()).toEqual(before);
  });

  it('starts over stale sockets, drafts and locks', async () => {
    const before = await processes();
    await platform.killSupervisor();
    for (const name of ['journal.json.next', 'run/metrics.sock', 'run/control.sock', 'run/one/wake.sock']) {
      await writeFile(join(home.home.root, name), 'stale').catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENXIO') throw error; // the socket that the killed one left is stale enough
      });
    }
    platform = await start();
    expect(await processes()).toEqual(before);
    expect((await fetch(`${platform.url}/metrics`)).status).toBe(200);
  });
});

describe('counters', () => {
  it('case 16: never fall, though supervisor and processes are killed', async () => {
    const shown = new Map<string, number>();
    const expectNoFall = async () => {
      const series = await readMetrics(platform.url);
      const now = new Map(series.map(({ name, labels, value }) => [`${name} ${JSON.stringify(labels)}`, value]));
      // What is counted, by the endings that Prometheus gives it; the gauge is named as its users want it.
      const counted = [...shown].filter(([key]) => /^(?!active_)\w+_(total|count|sum|bucket) /.test(key));
      for (const [key, value] of counted) expect(now.get(key) ?? 0, key).toBeGreaterThanOrEqual(value);
      for (const [key, value] of now) shown.set(key, value);
      return sumOf(series, 'http_requests_total');
    };
    for (let n = 0; n < 5; n++) await callEcho(platform, one);
    expect(await expectNoFall()).toBeGreaterThanOrEqual(5);
    await platform.killSupervisor();
    await callEcho(platform, two);
    platform = await start();
    const adopted = await expectNoFall();
    await callEcho(platform, two);
    expect(await expectNoFall()).toBe(adopted + 1);

    const [row] = await rowsOf(platform, 'two');
    await platform.killSupervisor();
    process.kill(row?.pid ?? 0, 'SIGKILL');
    platform = await start();
    await expectNoFall();
    const series = await readMetrics(platform.url);
    const kills = sumOf(series, 'pandect_kills_total', { unit: 'two', reason: 'crash' });
    expect(kills).toBeGreaterThanOrEqual(1);
    await platform.killSupervisor();
    platform = await start();
    expect(sumOf(await readMetrics(platform.url), 'pandect_kills_total', { unit: 'two', reason: 'crash' })).toBe(kills);
  });

  it('stand next to what is known of host, servers and units', async () => {
    const series = await readMetrics(platform.url);
    expect(sumOf(series, 'pandect_unit_state', { unit: 'one', state: 'ready' })).toBe(1);
    expect(sumOf(series, 'pandect_instances_wanted', { unit: 'two' })).toBe(2);
    for (const name of [
      ...['pandect_info', 'pandect_process_resident_bytes', 'pandect_process_cpu_seconds_total'],
      ...['pandect_host_memory_total_bytes', 'pandect_host_disk_free_bytes', 'pandect_database_connections'],
      ...['pandect_database_size_bytes', 'pandect_redis_memory_bytes'],
    ]) {
      expect(sumOf(series, name), name).toBeGreaterThan(0);
    }
    const queues = series.filter(({ name }) => name === 'pandect_queue_jobs').map(({ labels }) => labels.queue);
    expect(queues).toContain('notify');
  });
});

describe('a supervisor that keeps everything', () => {
  it('ends alone at SIGTERM, and the next one takes over', async () => {
    await platform.killSupervisor();
    platform = await start(['--keep']);
    const before = await processes();
    const load = startLoad([...echoVisitors(platform, one), ...echoVisitors(platform, two)]);
    await platform.terminate();
    await sleep(500);
    platform = await start(['--keep']);
    const { requests, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(Object.values(requests).every((count) => count > 0)).toBe(true);
    expect(await processes()).toEqual(before);
  });

  it('and what it has left is ended by pandect down', async () => {
    await platform.terminate();
    expect(await versionOf(one)).toBe('changed');
    expect((await pandect(platform, 'ps')).stderr).toContain('none is running');
    const { status, value } = await pandectJson<{ result: string }>(platform, 'down');
    expect({ status, value }).toEqual({ status: 0, value: { result: 'cleaned-up' } });
    expect((await processesIn(home.home)).map(({ command }) => command)).toEqual([]);
    expect((await pandectJson(platform, 'down')).value).toEqual({ result: 'idle' });
  });

  it('brings what ran last up again when nothing is left, as after a reboot, and ends at pandect down', async () => {
    await one.write({ version: 'after the reboot' });
    platform = await start(['--keep']);
    expect(await versionOf(one)).toBe('changed');
    const { status, value } = await pandectJson<{ result: string }>(platform, 'down');
    expect({ status, value }).toEqual({ status: 0, value: { result: 'stopped' } });
    expect((await processesIn(home.home)).map(({ command }) => command)).toEqual([]);
    platform = await start();
    expect(await versionOf(one)).toBe('after the reboot');
  });
});

describe('an upgrade', () => {
  const upgraded = async () =>
    JSON.parse(await readFile(join(home.home.root, 'upgrade.json'), 'utf8').catch(() => '{}'));
  const addMigration = async (name: string, text: string) => {
    const path = 'db/migrations/meta/_journal.json';
    const { entries, ...rest } = JSON.parse(await copy.read(path));
    const [last] = entries.slice(-1);
    await copy.write(
      path,
      JSON.stringify({ ...rest, entries: [...entries, { ...last, tag: name, when: last.when + 1 }] }),
    );
    await copy.write(`db/migrations/${name}.sql`, text);
  };

  it('whose migration fails leaves everything as it was', async () => {
    await one.write({ version: 'version 9' });
    await addMigration('9998_new', 'create table newer (id int); select 1 / 0;');
    const { status, stdout, stderr } = await pandect(platform, 'upgrade', '--no-backup');
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining('Apply migration "9998_new": division by zero; the database is as it was before'),
    });
    expect(stdout).toContain('Nothing was changed');
    expect(await versionOf(one)).toBe('after the reboot');
  });

  it('that is killed in the middle and given again fails no request, and can be undone', async () => {
    await copy.write('db/migrations/9998_new.sql', 'create table newer (id int);');
    const dry = await pandectJson<{ jump: object }>(platform, 'upgrade', '--no-backup', '--dry-run');
    expect(dry).toMatchObject({
      status: 0,
      value: { jump: { pending: ['9998_new'] }, units: ['one', 'two', 'notify'] },
    });
    const load = startLoad([...echoVisitors(platform, one), ...echoVisitors(platform, two)]);
    const first = startPandect(platform, 'upgrade', '--no-backup');
    await until('the migrations', async () => (await upgraded()).isMigrated || undefined);
    first.child.kill('SIGKILL');
    const { status, value } = await pandectJson(platform, 'upgrade', '--no-backup', '--watch', '0');
    expect({ status, value }).toMatchObject({
      status: 0,
      value: { ok: true, continues: true, jump: { pending: [] }, back: 'pandect upgrade --undo' },
    });
    expect(await versionOf(one)).toBe('version 9');
    expect((await pandectJson(platform, 'upgrade', '--undo', '--watch', '0')).value).toMatchObject({ ok: true });
    expect(await versionOf(one)).toBe('after the reboot');
    expect((await load.stop()).failures).toEqual([]);
    expect((await upgraded()).state).toBe('undone');
  });
});
