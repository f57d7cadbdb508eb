import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HistoryRow } from '../../platform/supervisor/control/contract.ts';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { type Change, rowsOf, stepsOf } from '../support/control.ts';
import { addEchoFunction, type Echo, type EchoFunction } from '../support/echo-function.ts';
import { callEcho } from '../support/echo-visits.ts';
import { callFrom } from '../support/http/caller.ts';
import { pandect, pandectJson, startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { until } from '../support/until.ts';

let copy: CheckoutCopy;
let platform: TestPlatform;
let tried: EchoFunction;

beforeAll(async () => {
  copy = await copyCheckout({ units: [] });
  tried = await addEchoFunction(copy, 'tried');
  platform = await startTestPlatform({ root: copy.root });
});

afterAll(async () => {
  await platform?.stop();
  await copy?.remove();
});

const deploy = (...args: string[]) => pandectJson<Change>(platform, 'deploy', ...args);
/** For so long the edge may send requests where an idle connection leads. */
const EDGE_KEEPS_MS = 1_500;

const atOnce = ['--watch', '0'];
const history = async (name: string) => (await pandectJson<HistoryRow[]>(platform, 'history', name)).value;
const versionOf = async (echo: EchoFunction) => (await callEcho(platform, echo)).version;

describe('a canary', () => {
  // Far apart, as callers are: of neighbours the edge sends many the same way.
  const addresses = Array.from(
    { length: 120 },
    (_, index) => `127.${(index * 37) % 251}.${(index * 101) % 241}.${1 + ((index * 59) % 239)}`,
  );
  const versions = async (): Promise<Map<string, string>> => {
    const answers = await Promise.all(addresses.map((address) => callFrom(address, platform, tried)));
    return new Map(addresses.map((address, index) => [address, (answers[index] as Echo).version]));
  };
  const onCanary = (found: Map<string, string>) => addresses.filter((address) => found.get(address) === 'canary');

  it('gets a share of the callers, always the same ones', async () => {
    await tried.write({ version: 'canary' });
    const { status, value } = await deploy('tried', '--canary', '30');
    expect({ status, steps: stepsOf(value) }).toEqual({ status: 0, steps: ['build', 'start', 'canary'] });
    const first = await versions();
    const share = onCanary(first).length / addresses.length;
    expect([share > 0.1, share < 0.6], `${share}`).toEqual([true, true]);
    for (let round = 0; round < 5; round++) expect(await versions()).toEqual(first);
    expect((await rowsOf(platform, 'tried')).map(({ state }) => state).toSorted()).toEqual(['canary', 'ready']);
  });

  it('gets more callers without losing one', async () => {
    const before = onCanary(await versions());
    expect((await pandect(platform, 'canary', 'tried', '70')).status).toBe(0);
    await sleep(EDGE_KEEPS_MS);
    const after = onCanary(await versions());
    expect(after.length).toBeGreaterThan(before.length);
    expect(after.length).toBeLessThan(addresses.length);
    expect(after).toEqual(expect.arrayContaining(before));
  });

  it.each([['deploy'], ['rollback']])('keeps a %s from being made', async (command) => {
    const { status, stdout } = await pandect(platform, command, 'tried', ...atOnce);
    expect({ status, stdout }).toEqual({
      status: 1,
      stdout: expect.stringContaining('a canary is under way; promote or abort it first'),
    });
  });

  it('is aborted, and everybody is back on the release before', async () => {
    expect((await pandect(platform, 'abort', 'tried')).status).toBe(0);
    expect(onCanary(await versions())).toEqual([]);
    await until('its process to end', async () => ((await rowsOf(platform, 'tried')).length === 1 ? true : undefined));
  });

  it('is promoted, and everybody is on it', async () => {
    expect((await deploy('tried', '--canary', '10')).status).toBe(0);
    const { status, value } = await pandectJson<Change>(platform, 'promote', 'tried', ...atOnce);
    expect(status, JSON.stringify(value)).toBe(0);
    expect(onCanary(await versions())).toEqual(addresses);
    expect((await rowsOf(platform, 'tried')).map(({ state }) => state)).toEqual(['ready']);
    expect((await history('tried'))[0]).toMatchObject({ action: 'promote', outcome: 'done' });
  });

  it('is not made of a release that does not start', async () => {
    await tried.write({ version: 'broken', code: "throw new Error('broken on purpose');" });
    const { status, value } = await deploy('tried', '--canary', '50');
    expect({ status, last: value.events.at(-1)?.step }).toEqual({ status: 1, last: 'failed' });
    expect(value.events.at(-1)?.log).toContain('broken on purpose');
    expect(new Set((await versions()).values())).toEqual(new Set(['canary']));
    await tried.write({ version: 'canary' });
  });
});

describe('a preview', () => {
  it('is reachable at its own address until it is ended, and nowhere else', async () => {
    const old = (await history('tried')).at(-1)?.release as string;
    const { status, value } = await pandectJson<Change & { addresses: string[] }>(platform, 'preview', 'tried', old);
    expect(status, JSON.stringify(value)).toBe(0);
    expect(value.addresses).toEqual([`${platform.url}/_preview/tried/${old}${tried.path}`]);
    const [address = ''] = value.addresses;
    const response = await fetch(address);
    expect({ status: response.status, version: ((await response.json()) as Echo).version }).toEqual({
      status: 200,
      version: 'version 0',
    });
    expect(await versionOf(tried)).toBe('canary');
    expect((await rowsOf(platform, 'tried')).map(({ state }) => state).toSorted()).toEqual(['preview', 'ready']);

    expect((await pandect(platform, 'preview', 'tried', old, '--end')).status).toBe(0);
    expect((await fetch(address)).status).toBe(404);
    await until('its process to end', async () => ((await rowsOf(platform, 'tried')).length === 1 ? true : undefined));
    expect(await versionOf(tried)).toBe('canary');
  });

  it('shows what the checkout holds before it is deployed', async () => {
    await tried.write({ version: 'not deployed' });
    const { stdout, status } = await pandect(platform, 'preview', 'tried');
    expect(status).toBe(0);
    const response = await fetch(stdout.trim());
    expect(((await response.json()) as Echo).version).toBe('not deployed');
    expect((await pandect(platform, 'preview', 'tried', '--end')).status).toBe(0);
    expect((await fetch(stdout.trim())).status).toBe(404);
    await tried.write({ version: 'canary' });
  });
});
