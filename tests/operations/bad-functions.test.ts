import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TemporaryHome, temporaryHome } from '../../platform/services/temporary-home.ts';
import type { KillRow, ProcessRow } from '../../platform/supervisor/control/contract.ts';
import { readControl, readyProcess } from '../support/chaos/chaos-control.ts';
import { writeFunction } from '../support/chaos/chaos-functions.ts';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { type Account, createAccount, send } from '../support/http/client.ts';
import { type Load, startLoad, type Visitor } from '../support/http/load.ts';
import { type CommandResult, pandect, startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { until } from '../support/until.ts';

/** Answers at once, and would not if a neighbour could keep it from it. */
const steady = { name: 'steady', routes: "router.get('/api/steady', (c) => c.json({ steady: true }));" };

/** Keeps as many MiB outside of its heap as it is told to. */
const hoards = {
  name: 'hoards',
  manifest: 'memory: 32',
  start: 'const kept: Buffer[] = [];',
  routes: `router.get('/api/hoards/:mebibytes', (c) => {
    for (let count = Number(c.req.param('mebibytes')); count > 0; count--) kept.push(Buffer.alloc(1024 * 1024, 1));
    return c.json({ kept: kept.length });
  });`,
};

/** Keeps objects in its heap until that is full. */
const leaks = {
  name: 'leaks',
  manifest: 'memory: 32',
  start: 'const kept: object[] = [];',
  routes: `router.get('/api/leaks', (c) => {
    for (let count = 0; count < 100_000; count++) kept.push({ count, name: 'a thing ' + count });
    return c.json({ kept: kept.length });
  });
  router.get('/api/leaks/none', (c) => c.json({ kept: kept.length }));`,
};

const spins = {
  name: 'spins',
  routes: `router.get('/api/spins', (c) => c.json({ spins: false }));
  router.post('/api/spins', () => {
    while (true);
  });`,
};

const TIMEOUT_SECONDS = 2;
const hangs = {
  name: 'hangs',
  manifest: `timeout: ${TIMEOUT_SECONDS}`,
  routes: `router.get('/api/hangs', (c) => c.json({ hangs: false }));
  router.post('/api/hangs', () => new Promise<Response>(() => {}));`,
};

const sound = (name: string) => ({ name, routes: `router.get('/api/${name}', (c) => c.json({ sound: true }));` });
/** Node ends a process that only waits for a promise; the timer keeps it. */
const NEVER = 'setInterval(() => {}, 1000);\nawait new Promise(() => {});';

const bad = [hoards, leaks, spins, hangs, sound('exits'), sound('waits'), sound('crashes')];

let copy: CheckoutCopy;
let home: TemporaryHome;
let platform: TestPlatform;
let account: Account;
let load: Load;
let waiting: Promise<CommandResult>;
/** Milliseconds that each request of the load took, by visitor. */
const times = new Map<string, number[]>();

beforeAll(async () => {
  copy = await copyCheckout({ units: ['auth', 'health', 'ingest', 'maintenance', 'notify', 'organization'] });
  for (const each of [steady, ...bad]) await writeFunction(copy, each);
  home = await temporaryHome();
  platform = await startTestPlatform({ root: copy.root, home });
  account = await createAccount(platform);
  load = startLoad([
    visitor('steady', () => send(platform.url, 'GET /api/steady')),
    visitor('steady too', () => send(platform.url, 'GET /api/steady')),
    visitor('organization', () => account.send('GET /api/organization')),
    visitor('health', () => send(platform.url, 'GET /health')),
  ]);
  await writeFunction(copy, { ...sound('waits'), start: NEVER });
  waiting = pandect(platform, 'deploy', 'waits');
});

afterAll(async () => {
  try {
    await load?.stop();
    await platform?.stop();
  } finally {
    await home?.remove();
    await copy?.remove();
  }
});

describe('a function that takes memory', () => {
  it('is replaced when it has grown above its limit, which none of its callers notices', async () => {
    const before = await readyPid('hoards');
    expect((await ask('GET /api/hoards/130')).status).toBe(200);
    await until('another process', async () => {
      const response = await ask('GET /api/hoards/0');
      expect(response.status).toBe(200);
      return (await response.json()).kept === 0 ? true : undefined;
    });
    // It is written down once the old process has finished what it had in hand.
    const kill = await until('its kill', async () => (await killsOf('hoards')).find(({ pid }) => pid === before));
    expect(kill.reason).toBe('memory');
  });

  it('is ended when it has grown far above it', async () => {
    const before = await readyPid('hoards');
    await ask('GET /api/hoards/500').catch(() => {}); // may be its last one
    await until('its end', async () => ((await readyPid('hoards')) === before ? undefined : true));
    expect((await ask('GET /api/hoards/0')).status).toBe(200);
    const kill = (await killsOf('hoards')).find(({ pid }) => pid === before);
    expect(kill).toMatchObject({ reason: 'memory', detail: expect.stringMatching(/^took \d+ MiB of \d+$/) });
  });

  it('ends by itself when its heap is full, and is started again', async () => {
    const before = await readyPid('leaks');
    await until('its end', async () => ((await ask('GET /api/leaks')).status === 503 ? true : undefined));
    await until('another process', async () => {
      const response = await ask('GET /api/leaks/none');
      return response.status === 200 && (await response.json()).kept === 0 ? true : undefined;
    });
    const kill = (await killsOf('leaks')).find(({ pid }) => pid === before);
    expect(['crash', 'memory']).toContain(kill?.reason);
  });
});

describe('a function that spins', () => {
  it('is ended when it does not answer the supervisor any more, and is started again', async () => {
    const before = await readyPid('spins');
    const response = await ask('POST /api/spins');
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await ask('GET /api/spins')).status).toBe(200);
    const kill = (await killsOf('spins')).find(({ pid }) => pid === before);
    expect(kill).toMatchObject({ reason: 'unresponsive', detail: expect.stringMatching(/^did not answer/) });
  });
});

describe('a function that hangs', () => {
  it('has each request that never ends answered with 504 after its time, and answers others in the meantime', async () => {
    const hanging = Array.from({ length: 5 }, async () => {
      const began = performance.now();
      const { status } = await ask('POST /api/hangs');
      return { status, inTime: performance.now() - began >= TIMEOUT_SECONDS * 1000 - 100 };
    });
    expect((await ask('GET /api/hangs')).status).toBe(200);
    expect(await Promise.all(hanging)).toEqual(Array.from({ length: 5 }, () => ({ status: 504, inTime: true })));
    expect(await killsOf('hangs')).toEqual([]);
  });
});

describe('a function that crashes again and again', () => {
  it('backs off, is refused at once in the meantime, and recovers with the next deploy', async () => {
    await writeFunction(copy, { ...sound('crashes'), start: 'setTimeout(() => process.exit(7), 1_000);' });
    expect((await pandect(platform, 'deploy', 'crashes', '--watch', '0')).status).toBe(0);
    const refused = await until('a refusal while it backs off', async () => {
      if ((await rowOf('crashes')).state !== 'backing off') return undefined;
      const began = performance.now();
      const response = await ask('GET /api/crashes');
      return response.status === 503 ? { response, ms: performance.now() - began } : undefined;
    });
    expect(Number(refused.response.headers.get('retry-after'))).toBeGreaterThan(0);
    process.stdout.write(`A function that backs off is refused after ${Math.round(refused.ms)} ms\n`);
    const kills = (await killsOf('crashes')).filter(({ reason, detail }) => reason === 'crash' && detail.includes('7'));
    expect(kills.length).toBeGreaterThan(3);

    await writeFunction(copy, sound('crashes'));
    const { status, stdout } = await pandect(platform, 'deploy', 'crashes');
    expect(status, stdout).toBe(0);
    expect((await ask('GET /api/crashes')).status).toBe(200);
    expect(await rowOf('crashes')).toMatchObject({ state: 'ready' });
  });
});

describe('a release that does not start', () => {
  it('leaves the one before alone when it exits at once', async () => {
    const before = await readyPid('exits');
    await writeFunction(copy, { ...sound('exits'), start: 'process.exit(3);' });
    const { status, stdout } = await pandect(platform, 'deploy', 'exits');
    expect(status).toBe(1);
    expect(stdout).toContain('ended before it was ready: exit status 3');
    expect(await readyPid('exits')).toBe(before);
    expect((await ask('GET /api/exits')).status).toBe(200);
    const [kill] = await until('its kill', async () => {
      const kills = await killsOf('exits');
      return kills.length > 0 ? kills : undefined;
    });
    expect(kill).toMatchObject({ reason: 'crash', detail: 'exit status 3' });
  });

  it('leaves the one before alone when it never becomes ready', async () => {
    const { status, stdout } = await waiting;
    expect(status).toBe(1);
    expect(stdout).toContain('not ready within 30 s');
    expect((await ask('GET /api/waits')).status).toBe(200);
    expect(await killsOf('waits')).toMatchObject([{ reason: 'not-ready' }]);
  });
});

describe('the other functions', () => {
  it('have answered every request in the meantime', async () => {
    const { requests, failures } = await load.stop();
    for (const [name, took] of times) {
      const sorted = took.toSorted((a, b) => a - b);
      const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
      process.stdout.write(
        `Next to bad functions, ${name}: ${took.length} requests, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms\n`,
      );
    }
    expect(failures).toEqual([]);
    for (const [name, count] of Object.entries(requests)) expect(count, name).toBeGreaterThan(100);
  });

  it('were not killed, and every kill is printed with its reason', async () => {
    const rows = await kills();
    expect(rows.filter(({ unit }) => !bad.some(({ name }) => name === unit))).toEqual([]);
    const { stdout } = await pandect(platform, 'kills');
    for (const { pid, reason } of rows) expect(stdout).toMatch(new RegExp(`\\b${pid}\\b.*${reason}`));
  });
});

const ask = (call: `${string} /${string}`) => send(platform.url, call);

function visitor(name: string, work: () => Promise<Response>): Visitor {
  times.set(name, []);
  return {
    name,
    async visit() {
      const began = performance.now();
      const response = await work();
      const text = await response.text();
      if (response.status !== 200) throw new Error(`${response.status} ${text}`);
      times.get(name)?.push(performance.now() - began);
    },
  };
}

const rowOf = async (name: string): Promise<ProcessRow> => {
  const rows = (await readControl<ProcessRow[]>(home.home.run, '/ps')).filter((row) => row.name === name);
  return (rows.find(({ state }) => state === 'ready') ?? rows[0]) as ProcessRow;
};
const readyPid = (name: string) => readyProcess(home.home.run, name);
const kills = (query = '') => readControl<KillRow[]>(home.home.run, `/kills${query}`);
const killsOf = (name: string) => kills(`?unit=${name}`);
