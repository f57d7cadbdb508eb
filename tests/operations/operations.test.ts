import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryHome } from '../../platform/services/temporary-home.ts';
import type { HistoryRow, ReleaseRow, Scale } from '../../platform/supervisor/control/contract.ts';
import { freePort } from '../../platform/testing/free-port.ts';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { type Change, change, rowsOf, stepsOf } from '../support/control.ts';
import { addEchoFunction, type EchoFunction } from '../support/echo-function.ts';
import { callEcho } from '../support/echo-visits.ts';
import { type Load, startLoad } from '../support/http/load.ts';
import { pandect, pandectJson, refusedUp, startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { until } from '../support/until.ts';

let copy: CheckoutCopy;
let platform: TestPlatform;
let one: EchoFunction;
let two: EchoFunction;
let many: EchoFunction;
let crowded: EchoFunction;

beforeAll(async () => {
  copy = await copyCheckout({ units: [] });
  one = await addEchoFunction(copy, 'one');
  two = await addEchoFunction(copy, 'two');
  many = await addEchoFunction(copy, 'many', { instances: { min: 1, max: 3 } });
  crowded = await addEchoFunction(copy, 'crowded', { instances: { min: 1, max: 2 }, concurrency: 10 });
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', copy.root, '-c', 'user.name=Test', '-c', 'user.email=test@example.org', ...args]);
  git('init', '--quiet');
  git('add', 'functions');
  git('commit', '--quiet', '--message', 'Functions');
  platform = await startTestPlatform({ root: copy.root });
});

afterAll(async () => {
  await platform?.stop();
  await copy?.remove();
});

const deploy = (...args: string[]) => pandectJson<Change>(platform, 'deploy', ...args);
const atOnce = ['--watch', '0'];
const history = async (name: string) => (await pandectJson<HistoryRow[]>(platform, 'history', name)).value;
const releases = async (name: string) => (await pandectJson<ReleaseRow[]>(platform, 'releases', name)).value;
const pidsOf = async (name: string) => (await rowsOf(platform, name)).map(({ pid }) => pid);
const versionOf = async (echo: EchoFunction) => (await callEcho(platform, echo)).version;

const untilReady = (name: string, count: number, seconds?: number) =>
  until(
    `${count} processes`,
    async () => {
      const rows = await rowsOf(platform, name);
      return rows.length === count && rows.every(({ state }) => state === 'ready') ? rows : undefined;
    },
    seconds,
  );

/** Lasts while everything else is tested: a process is taken away after a quiet minute. */
let quiet: Load | undefined;
afterAll(() => quiet?.stop());

it('a load brings a second process, which takes its share', async () => {
  const seen = new Set<number>();
  const visit = async () => void seen.add((await callEcho(platform, crowded, undefined, '?wait=500')).pid);
  // Seven of ten places are as many as one process is meant to fill.
  const load = startLoad(Array.from({ length: 9 }, () => ({ name: 'GET', visit })));
  const pids = (await untilReady('crowded', 2)).map(({ pid }) => pid);
  await until('both to answer', async () => (pids.every((pid) => seen.has(pid)) ? true : undefined));
  expect((await load.stop()).failures).toEqual([]);
  quiet = startLoad([{ name: 'GET', visit }]);
});

describe('a deploy', () => {
  it('replaces several functions with one command', async () => {
    const before = await Promise.all([versionOf(one), versionOf(two)]);
    await Promise.all([one, two].map((echo) => echo.write({ version: 'version 1' })));
    const { status, value } = await deploy('one', 'two', ...atOnce);
    expect({ status, ok: value.ok }).toEqual({ status: 0, ok: true });
    expect(value.events.flatMap(({ unit, step }) => (step === 'done' ? [unit] : []))).toEqual(['one', 'two']);
    expect(before).toEqual(['version 0', 'version 0']);
    expect(await Promise.all([versionOf(one), versionOf(two)])).toEqual(['version 1', 'version 1']);
  });

  it('does nothing when nothing changed, and says so', async () => {
    const before = await pidsOf('one');
    const { status, value } = await deploy('one', ...atOnce);
    expect({ status, steps: stepsOf(value) }).toEqual({ status: 0, steps: ['build', 'unchanged'] });
    expect(await pidsOf('one')).toEqual(before);
  });

  it('replaces what can be replaced, and fails for the rest', async () => {
    await one.write({ version: 'version 2' });
    await two.write({ version: 'version 2', code: 'this is no program' });
    const { status, value } = await deploy('one', 'two', ...atOnce);
    await two.write({ version: 'version 1' });
    expect({ status, ok: value.ok }).toEqual({ status: 1, ok: false });
    expect(value.events.at(-1)).toMatchObject({ unit: 'two', step: 'failed' });
    expect(value.events.at(-1)?.message).toContain('functions/two/app.ts');
    expect(await Promise.all([versionOf(one), versionOf(two)])).toEqual(['version 2', 'version 1']);
  });

  it('is refused while another change of the same function is under way', async () => {
    await two.write({ version: 'version 3' });
    const order = { units: ['two'], watch: 1 };
    const [first, second] = await Promise.all([1, 2].map(() => change(platform, 'deploy', order)));
    expect([first?.ok, second?.ok].toSorted()).toEqual([false, true]);
    const refused = [first, second].find((result) => !result?.ok);
    expect(refused?.events.at(-1)).toMatchObject({
      step: 'failed',
      message: 'Change "two": another change is under way',
    });
    expect(await versionOf(two)).toBe('version 3');
    expect(await pidsOf('two')).toHaveLength(1);
  });

  it('stands in the history with who made it, of what, how large and how fast', async () => {
    const [last, ...earlier] = await history('one');
    expect(last).toEqual({
      release: (await releases('one')).find(({ current }) => current)?.release,
      at: expect.any(String),
      action: 'deploy',
      by: expect.stringMatching(/./),
      revision: expect.stringMatching(/^[0-9a-f]{10}\+$/),
      bytes: expect.any(Number),
      startMs: expect.any(Number),
      outcome: 'done',
    });
    expect(last?.bytes).toBeGreaterThan(10_000);
    expect(Date.now() - Date.parse(last?.at ?? '')).toBeLessThan(600_000);
    expect(earlier).toHaveLength(2);
    const first = earlier.at(-1);
    expect(first?.by, 'a start is no one').toBeUndefined();
    expect(first?.revision, 'nothing was changed then').toMatch(/^[0-9a-f]{10}$/);
    const { stdout } = await pandect(platform, 'history', 'one');
    for (const { release } of await history('one')) expect(stdout).toContain(release);
  });
});

describe('a release that fails after the switch', () => {
  it('is given up when its process ends, and the one before serves again', async () => {
    const before = await rowsOf(platform, 'one');
    const code = "setTimeout(() => { process.stderr.write('ends on purpose\\n'); process.exit(7); }, 1_000);";
    await one.write({ version: 'crashing', code });
    const { status, value } = await deploy('one');
    expect({ status, ok: value.ok, steps: stepsOf(value) }).toEqual({
      status: 1,
      ok: false,
      steps: ['build', 'start', 'switch', 'watch', 'restored'],
    });
    const end = value.events.at(-1);
    expect(end?.release).toBe(before[0]?.release);
    expect(end?.message).toContain('exit status 7');
    expect(end?.log).toContain('ends on purpose');
    expect(await versionOf(one)).toBe('version 2');
    const [row] = await history('one');
    expect(row).toMatchObject({
      action: 'deploy',
      outcome: 'restored',
      reason: expect.stringContaining('exit status 7'),
    });
    expect(row?.release).not.toBe(before[0]?.release);
    const { stdout } = await pandect(platform, 'kills', 'one');
    expect(stdout).toContain('crash');
    await until('nothing of it to run', async () => {
      const rows = await rowsOf(platform, 'one');
      return rows.length === 1 && rows[0]?.release === before[0]?.release ? true : undefined;
    });
  });

  it('is given up when it answers with errors, and clients get answers again', async () => {
    await one.write({ version: 'failing', status: 500 });
    const codes: number[] = [];
    const visit = async () => {
      const response = await fetch(platform.url + one.path);
      await response.text();
      codes.push(response.status);
    };
    const load = startLoad([{ name: 'GET', visit }]);
    const { status, stdout, stderr } = await pandect(platform, 'deploy', 'one', '--watch', '60');
    await load.stop();
    expect(status).toBe(1);
    expect(stdout).toMatch(/restored .*Release "\w+" was given up: \d+ of \d+ \(.* %\) failed, before the switch/);
    expect(stdout + stderr).toContain('the release before serves again');
    expect(codes, 'it was seen failing').toContain(500);
    // Connections that the edge kept bring the process that goes one more request each.
    await until('answers', async () => ((await fetch(platform.url + one.path)).ok ? true : undefined));
    for (let visits = 0; visits < 10; visits++) expect(await versionOf(one)).toBe('version 2');
    expect((await history('one'))[0]).toMatchObject({ outcome: 'restored', reason: expect.stringContaining('failed') });
  });

  it('is no release that a rollback would choose', async () => {
    await one.write({ version: 'version 4' });
    expect((await deploy('one', ...atOnce)).status).toBe(0);
    const { status } = await pandect(platform, 'rollback', 'one', ...atOnce);
    expect({ status, version: await versionOf(one) }).toEqual({ status: 0, version: 'version 2' });
    const given = (await releases('one')).filter(({ state }) => state === 'given-up');
    expect(given).toHaveLength(2);
  });
});

describe('a rollback', () => {
  it('goes to any kept release with the variables that its manifest names, and builds nothing', async () => {
    await two.write({ version: 'with port', reads: { names: ['PANDECT_PORT'], from: 'platform/kernel/variables.ts' } });
    expect((await deploy('two', ...atOnce)).status).toBe(0);
    const withPort = (await rowsOf(platform, 'two'))[0]?.release as string;
    for (const version of ['later', 'latest']) {
      await two.write({ version });
      expect((await deploy('two', ...atOnce)).status).toBe(0);
    }
    expect(await callEcho(platform, two)).toEqual({ version: 'latest', pid: expect.any(Number) });

    const { ok, events } = await change(platform, 'rollback', {
      unit: 'two',
      release: withPort,
      watch: 0,
      wait: false,
    });
    expect({ ok, steps: stepsOf({ events }) }).toEqual({ ok: true, steps: ['start', 'switch', 'done'] });
    process.stdout.write(`Rollback: traffic switched after ${events.find(({ step }) => step === 'switch')?.ms} ms\n`);
    const answer = await until('the old release', async () => {
      const found = await callEcho(platform, two);
      return found.version === 'with port' ? found : undefined;
    });
    expect(answer.port).toBe(new URL(platform.url).port);
    expect((await history('two'))[0]).toMatchObject({ action: 'rollback', release: withPort, outcome: 'done' });
  });

  it.each([
    [['rollback', 'two', 'nothing'], 'Roll back "two": release "nothing" is not kept'],
    [['rollback', 'nothing'], 'Find function or worker "nothing"'],
    [['preview', 'two', 'nothing'], 'Preview "two": release "nothing" is not kept'],
    [['promote', 'two'], 'Promote "two": no canary is under way'],
    [['abort', 'two'], 'Abort "two": no canary is under way'],
    [['canary', 'two', '20'], 'no canary is under way'],
    [['scale', 'two', '3'], 'Scale function "two" to "3": its manifest allows 1 to 1'],
    [['scale', 'nothing', '1'], 'Find function or worker "nothing"'],
    [['deploy', 'two', 'nothing'], 'Find function or worker "nothing"'],
    [['history', 'nothing'], 'Find function or worker "nothing"'],
  ])('or another change that makes no sense is refused: %j', async (args, message) => {
    const before = await pidsOf('two');
    const { status, stdout, stderr } = await pandect(platform, ...args);
    expect(status).toBe(1);
    expect(stdout + stderr).toContain(message);
    expect(stdout + stderr).not.toContain('    at ');
    expect(await pidsOf('two')).toEqual(before);
  });
});

describe('a fixed number of processes', () => {
  const ready = (count: number) => untilReady('many', count);

  it('is started at once, shares the load, survives a deploy, and goes back', async () => {
    const { status, value } = await pandectJson<Scale>(platform, 'scale', 'many', '3');
    expect({ status, value }).toEqual({ status: 0, value: { unit: 'many', instances: 3, min: 1, max: 3 } });
    const pids = (await ready(3)).map(({ pid }) => pid);
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => callEcho(platform, many, undefined, '?wait=200')),
    );
    expect(new Set(answers.map(({ pid }) => pid))).toEqual(new Set(pids));

    await many.write({ version: 'scaled' });
    expect((await deploy('many', ...atOnce)).status).toBe(0);
    expect((await ready(3)).map(({ pid }) => pid)).not.toEqual(expect.arrayContaining(pids));

    expect((await pandect(platform, 'scale', 'many', '1')).status).toBe(0);
    await ready(1);
    const { stdout } = await pandect(platform, 'scale', 'many', 'auto');
    expect(stdout).toContain('by load, 1 to 3');
  });

  it('outside of the bounds of the manifest is refused', async () => {
    const { status, stderr } = await pandect(platform, 'scale', 'many', '4');
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('its manifest allows 1 to 3') });
    expect(await pidsOf('many')).toHaveLength(1);
  });
});

describe('manifests with mistakes', () => {
  const broken = "{ mount: ['Upper'], memory: 'much', instances: { min: 4, max: 2 }, colour: 'red' }";
  const mistakes = ['mount.0: must start with /', 'memory: ', 'instances: min must not be above max', 'colour'];
  beforeAll(async () => {
    for (const name of ['one', 'two']) {
      const path = `functions/${name}/function.ts`;
      await copy.write(
        path,
        (await copy.read(path)).replace(/defineFunction\((\{.*\})\)/, `defineFunction(${broken} as never)`),
      );
    }
  });
  afterAll(async () => {
    for (const echo of [one, two]) await echo.write();
  });

  it('are refused by a deploy, which names all mistakes of all of them at once and changes nothing', async () => {
    const before = await Promise.all(['one', 'two', 'many'].map(pidsOf));
    const { status, stdout, stderr } = await pandect(platform, 'deploy', 'many', 'one', 'two', ...atOnce);
    expect(status).toBe(1);
    for (const name of ['one', 'two']) {
      const line = (stdout + stderr).split('\n').find((text) => text.includes(`Read manifest of function "${name}"`));
      for (const mistake of mistakes) expect(line).toContain(mistake);
    }
    expect(await Promise.all(['one', 'two', 'many'].map(pidsOf))).toEqual(before);
  });

  it('are refused by a start in the same way', async () => {
    const place = await temporaryHome();
    try {
      const { status, stderr } = await refusedUp(place, { PANDECT_PORT: String(await freePort()) }, copy.root);
      expect(status).toBe(1);
      for (const name of ['one', 'two']) expect(stderr).toContain(`Read manifest of function "${name}"`);
      for (const mistake of mistakes) expect(stderr.split(mistake)).toHaveLength(3);
    } finally {
      await place.remove();
    }
  });
});

it('the end of a load takes the second process away, and no request fails', { timeout: 120_000 }, async () => {
  await untilReady('crowded', 1, 110);
  const { requests, failures } = (await quiet?.stop()) ?? { requests: {}, failures: ['not begun'] };
  expect(failures).toEqual([]);
  expect(requests.GET).toBeGreaterThan(10);
});
