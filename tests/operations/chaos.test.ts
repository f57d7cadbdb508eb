import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TemporaryHome, temporaryHome } from '../../platform/services/temporary-home.ts';
import type { KillRow } from '../../platform/supervisor/control/contract.ts';
import { type Audit, auditOrganization } from '../support/chaos/chaos-audit.ts';
import { readControl, readyProcess } from '../support/chaos/chaos-control.ts';
import { expectChargedOnce, expectDocumentsWhole, expectJobsDone } from '../support/chaos/chaos-expectations.ts';
import { outageTable, unexplained } from '../support/chaos/chaos-outages.ts';
import {
  type Chaos,
  createChaos,
  pause,
  pick,
  seeded,
  shuffled,
  untilAnswers,
  type Victim,
} from '../support/chaos/chaos-scenes.ts';
import { type ChaosTraffic, type Ledger, startChaosTraffic } from '../support/chaos/chaos-traffic.ts';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { type Account, createAccount, type Document, send } from '../support/http/client.ts';
import { ownerUrl } from '../support/owner-url.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { endSharedPlatform } from '../support/shared-platform.ts';
import { until } from '../support/until.ts';

/** At least so long, and at least one whole round of all kinds of kills. */
const SECONDS = Number(process.env.CHAOS_SECONDS ?? 30);
const SEED = Number(process.env.CHAOS_SEED ?? Math.floor(Math.random() * 2 ** 32));

let copy: CheckoutCopy;
let home: TemporaryHome;
let platform: TestPlatform;
/** Asks whether parts are back, in an organization of its own. */
let prober: Account;
let traffic: ChaosTraffic;
/** How long parts were killed. */
let seconds: number;
const chaos: Chaos = createChaos();
const audits = new Map<Ledger, Audit>();

beforeAll(
  async () => {
    await endSharedPlatform();
    copy = await copyCheckout({ units: [...functionPaths.keys(), 'ingest', 'maintenance', 'notify'] });
    home = await temporaryHome();
    platform = await startTestPlatform({ root: copy.root, home });
    prober = await createAccount(platform);
    traffic = startChaosTraffic(platform.url, [await createAccount(platform), await createAccount(platform)]);
    const began = performance.now();
    await wreak().finally(traffic.stop);
    seconds = (performance.now() - began) / 1000;
    await settle();
    const url = await ownerUrl(home.home);
    for (const ledger of traffic.ledgers) {
      audits.set(ledger, await auditOrganization(url, home.home.vectors, ledger));
    }
  },
  SECONDS * 1000 + 480_000,
);

afterAll(async () => {
  try {
    await platform?.stop();
  } finally {
    await home?.remove();
    await copy?.remove();
  }
});

describe(`parts of all kinds killed in random order under load, seed ${SEED}`, () => {
  it('fail requests only that need them, and only while they are away', () => {
    const { visits } = traffic;
    const failed = visits.filter(({ failure }) => failure !== undefined);
    process.stdout.write(
      `${seconds.toFixed(0)} s of kills, CHAOS_SEED=${SEED}: ${visits.length} requests, ${failed.length} failed\n${outageTable(visits, chaos.outages)}\n`,
    );
    expect(unexplained(visits, chaos.outages)).toEqual([]);
    for (const name of new Set(visits.map((visit) => visit.name))) {
      expect(visits.filter((visit) => visit.name === name && !visit.failure).length, name).toBeGreaterThan(seconds / 4);
    }
  });

  it('end no process but themselves, and those that lose their database or start without it', async () => {
    const rows = await readControl<KillRow[]>(home.home.run, '/kills');
    const away = chaos.outages.filter(({ part }) => part === 'postgres');
    const others = rows.filter(({ pid, reason }) => !chaos.killed.has(pid) && reason !== 'jobs-done');
    process.stdout.write(
      `Ended with PostgreSQL: ${others.map(({ unit, detail }) => `${unit} (${detail})`).join(', ')}\n`,
    );
    const unforeseen = others.filter(({ at }) => {
      const time = Date.parse(at) - performance.timeOrigin;
      return !away.some(({ from, until }) => from <= time && time <= until + 2_000);
    });
    expect(unforeseen).toEqual([]);
  });

  it('lose and double no document and none of its chunks', () => {
    for (const [ledger, audit] of audits) expectDocumentsWhole(ledger, audit);
  });

  it('leave no job behind, lose none and double none', () => {
    for (const audit of audits.values()) expectJobsDone(audit);
  });

  it('charge every answered question once, and none twice', () => {
    for (const [ledger, audit] of audits) process.stdout.write(`${expectChargedOnce(ledger, audit)}\n`);
  });
});

/** Kills one thing or two at a time, in whole rounds of all kinds in random order. */
async function wreak(): Promise<void> {
  const random = seeded(SEED);
  const end = performance.now() + SECONDS * 1000;
  const anyFunction = () => functionVictim(pick(random, [...functionPaths.keys()]));
  const anyWorker = () => workerVictim(pick(random, ['ingest', 'ingest', 'maintenance']));
  const scenes: (() => Victim[])[] = [
    () => [anyFunction()],
    () => [anyFunction()],
    () => [functionVictim('ask')],
    () => [functionVictim('documents')],
    () => [anyWorker()],
    () => [workerVictim('ingest')],
    () => [supervisor(random)],
    () => [supervisor(random), anyFunction()],
    () => [supervisor(random), workerVictim('ingest')],
    () => [redis],
    () => [postgres],
    () => [postgres, anyFunction()],
    () => [redis, anyFunction()],
  ];
  do {
    for (const scene of shuffled(random, scenes)) {
      await pause(random, 300, 2_000);
      await chaos.kill(...scene());
    }
  } while (performance.now() < end);
}

/** Something of each function that needs all that it needs. */
const functionPaths = new Map<string, `/${string}`>([
  ['ask', '/api/ask'],
  ['documents', '/api/documents'],
  ['search', '/api/search'],
  ['organization', '/api/organization'],
  ['conversations', '/api/conversations'],
  ['usage', '/api/limits'],
  ['health', '/health'],
  ['auth', '/.well-known/jwks.json'],
]);
const bodies: Record<string, () => object> = {
  ask: () => ({ question: 'What is the deposit?' }),
  search: () => ({ query: 'deposit' }),
};

const answers = async (name: string): Promise<void> => {
  const body = bodies[name]?.();
  await untilAnswers((signal) =>
    prober.send(`${body ? 'POST' : 'GET'} ${functionPaths.get(name)}` as 'GET /', {
      ...(body && { json: body }),
      signal,
    }),
  );
};

const functionVictim = (name: string): Victim => ({
  part: name,
  pid: () => readyProcess(home.home.run, name),
  back: () => answers(name),
});

const workerVictim = (name: string): Victim => ({
  part: name,
  pid: () => readyProcess(home.home.run, name, chaos.killed),
  async back() {
    await readyProcess(home.home.run, name, chaos.killed);
    if (name !== 'ingest') return;
    // Of an organization that has none waiting, so that it is one of the next.
    const { id } = await prober.upload('after.txt', `Article 1. Terms\n\nThe word is ${crypto.randomUUID()}.`);
    await until('the document', async () => ((await statusOf(prober, id)) === 'ready' ? true : undefined), 60);
  },
});

const supervisor = (random: () => number): Victim => ({
  part: 'supervisor',
  pid: async () => platform.pid,
  async restart() {
    await platform.killSupervisor();
    await pause(random, 200, 2_000);
    platform = await startTestPlatform({ root: copy.root, home, port: Number(new URL(platform.url).port) });
  },
  back: async () => {},
});

const redis: Victim = {
  part: 'redis',
  pid: () => readyProcess(home.home.run, 'redis', chaos.killed),
  back: async () => void (await readyProcess(home.home.run, 'redis', chaos.killed)),
};

const postgres: Victim = {
  part: 'postgres',
  pid: () => readyProcess(home.home.run, 'postgres', chaos.killed),
  back: async () => void (await Promise.all([...functionPaths.keys()].map(answers))),
};

const statusOf = async (account: Account, id: string): Promise<Document['status'] | undefined> => {
  const response = await account.send(`GET /api/documents/${id}`).catch(() => undefined);
  return response?.ok ? ((await response.json()) as Document).status : undefined;
};

/** Waits until every document that was accepted is read. */
async function settle(): Promise<void> {
  const began = performance.now();
  for (const { account, accepted } of traffic.ledgers) {
    for (const id of accepted.keys()) {
      await until(
        `document ${id}`,
        async () => {
          const status = await statusOf(account, id);
          return status === 'ready' || status === 'failed' ? status : undefined;
        },
        60,
      );
    }
  }
  expect((await send(platform.url, 'GET /api/health')).status).toBe(200);
  process.stdout.write(`All documents settled ${Math.round(performance.now() - began)} ms after the last kill\n`);
}
