import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { type Change, change, rowsOf, stepsOf } from '../support/control.ts';
import { addEchoFunction, type EchoFunction } from '../support/echo-function.ts';
import { callEcho, type EchoSocket, echoVisitors, followEcho, openEchoSocket } from '../support/echo-visits.ts';
import { startLoad } from '../support/http/load.ts';
import { pandectJson, startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { until } from '../support/until.ts';

const DEPLOYS = 100;

let copy: CheckoutCopy;
let platform: TestPlatform;
let busy: EchoFunction;
let steady: EchoFunction;

beforeAll(async () => {
  copy = await copyCheckout({ units: [] });
  busy = await addEchoFunction(copy, 'busy');
  steady = await addEchoFunction(copy, 'steady');
  platform = await startTestPlatform({ root: copy.root });
});

afterAll(async () => {
  await platform?.stop();
  await copy?.remove();
});

describe(`${DEPLOYS} deploys of one function`, () => {
  it('fail no request on it and cut no connection of another one', async () => {
    const [beforehand] = await rowsOf(platform, 'steady');
    const socket = await openEchoSocket(platform, steady);
    const watching = new AbortController();
    const stream = fetch(`${platform.url}${steady.path}/events?count=1000000&every=100`, { signal: watching.signal });
    const reader = (await stream).body?.getReader() as ReadableStreamDefaultReader;
    let streamed = 0;
    let streamEnd: unknown = 'open';
    const reading = (async () => {
      while (!(await reader.read()).done) streamed++;
      streamEnd = 'ended';
    })().catch((error: unknown) => {
      streamEnd = watching.signal.aborted ? 'open' : error;
    });
    const talking = talk(socket);
    const load = startLoad(echoVisitors(platform, busy));

    const times: number[] = [];
    for (let number = 1; number <= DEPLOYS; number++) {
      const version = versionOf(number);
      await busy.write({ version });
      const began = performance.now();
      const result = await deploy(number);
      times.push(performance.now() - began);
      expect(result.ok, JSON.stringify(result.events)).toBe(true);
      expect(result.events.at(-1)?.step, 'it was another release').toBe('done');
      // A connection that the edge kept may bring one more request to the old process.
      await until('the new release', async () => (await callEcho(platform, busy)).version === version || undefined);
    }
    const { requests, failures } = await load.stop();
    watching.abort();
    await reading;
    const said = await talking.stop();

    const total = Object.values(requests).reduce((sum, count) => sum + count, 0);
    const sorted = times.toSorted((a, b) => a - b);
    const [median = 0, max = 0] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)].map((ms) =>
      Math.round(ms ?? 0),
    );
    process.stdout.write(
      `${DEPLOYS} deploys under load: ${total} requests, ${failures.length} failed ${JSON.stringify(requests)}; ` +
        `a deploy, every other one with a build, took ${median} ms in the median, ${max} ms at most\n`,
    );
    expect(failures).toEqual([]);
    for (const [name, count] of Object.entries(requests)) expect(count, name).toBeGreaterThan(5);
    expect({ streamEnd, socket: socket.isOpen, failure: said.failure }).toEqual({
      streamEnd: 'open',
      socket: true,
      failure: undefined,
    });
    expect(Math.min(streamed, said.answers)).toBeGreaterThan(10);
    expect((await rowsOf(platform, 'steady')).map(({ pid }) => pid)).toEqual([beforehand?.pid]);
    await socket.close();
  }, 900_000);

  it('leave one process behind, and no more releases than are kept', async () => {
    const rows = await until('the old processes to go', async () => {
      const found = await rowsOf(platform, 'busy');
      return found.length === 1 ? found : undefined;
    });
    expect(rows).toMatchObject([{ state: 'ready', restarts: 0 }]);
    const { value } = await pandectJson<{ current: boolean }[]>(platform, 'releases', 'busy');
    expect(value.length).toBeLessThanOrEqual(11);
    expect(value.filter(({ current }) => current)).toHaveLength(1);
    expect(await followEcho(platform, busy, 3, 1)).toHaveLength(3);
  });
});

/** Every other one comes back: releases that are kept are switched to as well as new ones. */
const versionOf = (number: number) => `version ${number % 2 === 0 ? `kept ${(number / 2) % 4}` : number}`;

/** The first and the last as an operator does, the others without the command's own start. */
async function deploy(number: number): Promise<Change> {
  if (number > 1 && number < DEPLOYS) {
    return change(platform, 'deploy', { units: ['busy'], watch: 0, wait: false });
  }
  const { value } = await pandectJson<Change>(platform, 'deploy', 'busy', '--watch', '1');
  expect(stepsOf(value)).toEqual(['build', 'start', 'switch', 'watch', 'drain', 'done']);
  return value;
}

/** Keeps a WebSocket in use. */
function talk(socket: EchoSocket): { stop(): Promise<{ answers: number; failure: unknown }> } {
  let running = true;
  let answers = 0;
  const talking = (async () => {
    while (running) {
      await socket.say(`message ${answers}`);
      answers++;
      await sleep(100);
    }
  })();
  const failure = talking.then(
    () => undefined,
    (error: unknown) => error,
  );
  return {
    async stop() {
      running = false;
      return { failure: await failure, answers };
    },
  };
}
