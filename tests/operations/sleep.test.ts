import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive } from '../../platform/services/processes.ts';
import { type TemporaryHome, temporaryHome } from '../../platform/services/temporary-home.ts';
import type { TopRow } from '../../platform/supervisor/control/contract.ts';
import { activatorLimits } from '../../platform/supervisor/traffic/waiting-requests.ts';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { ask, change, rowsOf } from '../support/control.ts';
import { addEchoFunction, type EchoFunction } from '../support/echo-function.ts';
import { callEcho, followEcho, openEchoSocket } from '../support/echo-visits.ts';
import { pandectJson, startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { until } from '../support/until.ts';

const MEGABYTE = 1024 ** 2;

let copy: CheckoutCopy;
let home: TemporaryHome;
let platform: TestPlatform;
let sleeper: EchoFunction;
let awake: EchoFunction;

beforeAll(async () => {
  copy = await copyCheckout({ units: [] });
  sleeper = await addEchoFunction(copy, 'sleeper', { instances: { min: 0, max: 2 }, idle: 1, body: 2 * MEGABYTE });
  awake = await addEchoFunction(copy, 'awake');
  home = await temporaryHome();
  platform = await startTestPlatform({ root: copy.root, home });
});

afterAll(async () => {
  try {
    await platform?.stop();
  } finally {
    await home?.remove();
    await copy?.remove();
  }
});

/** Who is said to sleep has no process any more. */
async function asleep() {
  const seen = new Set<number>();
  const row = await until('it to sleep', async () => {
    const rows = await rowsOf(platform, 'sleeper');
    for (const { pid } of rows) if (pid > 0) seen.add(pid);
    return rows.length === 1 && rows[0]?.state === 'asleep' ? rows[0] : undefined;
  });
  for (const pid of seen) expect(await isAlive(pid), `process ${pid}`).toBe(false);
  return row;
}

const wakes = async () => {
  const rows = JSON.parse(await ask(platform, 'GET', '/top')) as TopRow[];
  return rows.find(({ name }) => name === 'sleeper')?.wakes ?? [];
};

/** A wake is written down a moment after the answer. */
const untilWoken = (times: number) => expect.poll(async () => (await wakes()).length, { timeout: 10_000 }).toBe(times);

describe('a function that no one asks', () => {
  it('sleeps without a process, while others stay up', async () => {
    const row = await asleep();
    expect(row).toMatchObject({ pid: 0, restarts: 0, release: expect.stringMatching(/./) });
    expect((await rowsOf(platform, 'awake')).map(({ state }) => state)).toEqual(['ready']);
    expect(await callEcho(platform, awake)).toMatchObject({ version: 'version 0' });
  });

  it.each([
    ['GET', () => callEcho(platform, sleeper)],
    ['POST with a body of a megabyte', () => callEcho(platform, sleeper, Buffer.alloc(MEGABYTE, 'x'))],
    ['POST that waits for leave to send its body', () => postExpectingContinue()],
    ['event stream', () => followEcho(platform, sleeper, 10, 20)],
    [
      'WebSocket',
      async () => {
        const socket = await openEchoSocket(platform, sleeper);
        for (const text of ['one', 'two']) await socket.say(text);
        await socket.close();
      },
    ],
  ])('is woken by a %s, which gets its answer', async (_, visit) => {
    await asleep();
    const before = (await wakes()).length;
    await visit();
    await untilWoken(before + 1);
  });

  it('stays up while a stream or a WebSocket is open, however little they say', async () => {
    const socket = await openEchoSocket(platform, sleeper);
    const { pid } = await socket.say('first');
    const events = await followEcho(platform, sleeper, 2, 3_000);
    expect(events.map(({ data }) => data.pid)).toEqual([pid, pid]);
    expect((await socket.say('last')).pid).toBe(pid);
    await socket.close();
  });

  it('is started once for fifty requests that come at once', async () => {
    await asleep();
    const before = (await wakes()).length;
    const answers = await Promise.all(Array.from({ length: 50 }, () => callEcho(platform, sleeper)));
    expect(new Set(answers.map(({ pid }) => pid)).size).toBe(1);
    await untilWoken(before + 1);
  });

  it('tells what each wake took and of what it was made', async () => {
    for (const wake of await wakes()) {
      expect(wake).toEqual({
        at: expect.stringMatching(/Z$/),
        ...{
          queued: expect.any(Number),
          spawn: expect.any(Number),
          load: expect.any(Number),
          ready: expect.any(Number),
        },
        total: expect.any(Number),
      });
      const { queued, spawn, load, ready, total } = wake;
      expect(Math.abs(queued + spawn + load + ready - total), JSON.stringify(wake)).toBeLessThan(10);
    }
    const { value } = await pandectJson<{ name: string; wakes?: unknown }[]>(platform, 'top');
    const shown = value.find(({ name }) => name === 'sleeper')?.wakes;
    const last = (await wakes()).at(-1);
    expect(shown).toMatchObject({ count: (await wakes()).length, last });
    process.stdout.write(`Last wake: ${JSON.stringify(last)}\n`);
  });

  it('sleeps on across a deploy of what it is already, and is woken as what was deployed last', async () => {
    await asleep();
    const same = await change(platform, 'deploy', { units: ['sleeper'] });
    expect(same.events.map(({ step }) => step)).toEqual(['build', 'unchanged']);
    await asleep();
    await sleeper.write({ version: 'next' });
    expect((await change(platform, 'deploy', { units: ['sleeper'], watch: 0 })).ok).toBe(true);
    await asleep();
    expect((await callEcho(platform, sleeper)).version).toBe('next');
  });

  it('sleeps on across a restart of the supervisor, and wakes for the next one', async () => {
    await asleep();
    const port = Number(new URL(platform.url).port);
    await platform.killSupervisor();
    platform = await startTestPlatform({ root: copy.root, home, port });
    expect((await rowsOf(platform, 'sleeper')).map(({ state, pid }) => ({ state, pid }))).toEqual([
      { state: 'asleep', pid: 0 },
    ]);
    expect((await callEcho(platform, sleeper)).version).toBe('next');
  });
});

describe('a wake that takes long', () => {
  it('holds as many requests as there is room for, and tells the others when to come again', async () => {
    const code = 'await new Promise((resolve) => setTimeout(resolve, 3_000));';
    await sleeper.write({ version: 'slow', code });
    expect((await change(platform, 'deploy', { units: ['sleeper'], watch: 0 })).ok).toBe(true);
    await asleep();
    const requests = activatorLimits.held + 30;
    const answers = await Promise.all(
      Array.from({ length: requests }, async () => {
        const response = await fetch(platform.url + sleeper.path);
        return { status: response.status, retry: response.headers.get('retry-after'), body: await response.json() };
      }),
    );
    const served = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(served).toHaveLength(activatorLimits.held);
    expect(refused).toHaveLength(30);
    for (const answer of refused) {
      expect(answer).toMatchObject({ status: 503, retry: '1', body: { type: 'urn:pandect:problem:overloaded' } });
    }
  });

  it('that fails ends in an answer and not in silence', async () => {
    // Its first process, for the deploy, starts; no other does.
    const code = `import { existsSync, writeFileSync } from 'node:fs';
      const mark = \`\${process.env.NODE_COMPILE_CACHE}/started\`;
      if (existsSync(mark)) throw new Error('starts once');
      writeFileSync(mark, '');`;
    await sleeper.write({ version: 'once', code });
    expect((await change(platform, 'deploy', { units: ['sleeper'], watch: 0 })).ok).toBe(true);
    await asleep();
    const response = await fetch(platform.url + sleeper.path);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
    expect((await callEcho(platform, awake)).version, 'others are not harmed').toBe('version 0');
  });
});

/** What clients such as curl do with large bodies. */
async function postExpectingContinue(): Promise<void> {
  const body = Buffer.alloc(MEGABYTE, 'y');
  const text = await new Promise<string>((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length, expect: '100-continue' };
    const sent = request(platform.url + sleeper.path, { method: 'POST', headers, agent: false }, (response) => {
      let answer = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        answer += part;
      });
      response.on('end', () => resolve(answer));
    });
    sent.on('error', reject);
    sent.once('continue', () => sent.end(body)); // the edge says it as well as the function
    sent.flushHeaders();
  });
  expect(JSON.parse(text)).toMatchObject({ bytes: MEGABYTE });
}
