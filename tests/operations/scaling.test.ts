import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../db/connect.ts';
import { embed, type OpenAiServer, startOpenAiServer } from '../../modules/testing/openai-server.ts';
import { parseLogLine } from '../../platform/kernel/telemetry/log-line.ts';
import { type TemporaryHome, temporaryHome } from '../../platform/services/temporary-home.ts';
import { planConnections, roomToScale } from '../../platform/supervisor/database-connections.ts';
import { memoryCap } from '../../platform/supervisor/process/memory-cap.ts';
import { readReport } from '../../platform/supervisor/process/probe.ts';
import { instancesFolder } from '../../platform/supervisor/traffic/socket-path.ts';
import { readUnits } from '../../platform/supervisor/unit.ts';
import { memoryFolder } from '../../platform/testing/memory-folder.ts';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { rowsOf } from '../support/control.ts';
import { send } from '../support/http/client.ts';
import { letIn } from '../support/http/let-in.ts';
import { gatherPeople, type Person } from '../support/load/gather-people.ts';
import { createAgent, describeFailures, openLoop } from '../support/load/open-loop.ts';
import { requestOf } from '../support/load/request-of-person.ts';
import { readLogs } from '../support/logs.ts';
import { ownerUrl } from '../support/owner-url.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { until } from '../support/until.ts';

/*
 * People who send mixed reads and searches, whether or not the ones before were answered. Searches take seconds, as a model does that
 * answers late. How many of them wait for it is set here: so what scaling makes of it does not depend on how fast the machine is.
 */

const PEOPLE = 1_000;
/** Others, of whom nothing is asked under load. */
const COUNTED = 8;
const PAUSE_SECONDS = 5;
const GATHERING = { organizations: 4, documents: 2, questions: 0 };

const units = ['auth', 'conversations', 'documents', 'health', 'ingest', 'notify', 'search', 'usage'];
/** Searches in flight before a process refuses more; with more than 0.7 of them, another process is wanted. */
const CONCURRENCY = 100;
/** Of people, so that a minute's requests may come at once and few follow. */
const REQUESTS_PER_MINUTE = 60;

/** So many wait for the model where the least is wanted that moves scaling, and for two processes; from there it becomes more. */
const NEARLY_ONE = { from: 50, step: 1 };
const NEARLY_TWO = { from: 100, step: 2 };
const LOOK_EACH_MS = 500;
const SETTLE_SECONDS = 5;
const LONGEST_SECONDS = 120;
/** Reads and searches that may be open next to those that wait for the model, so that a slow machine is asked less instead of refusing. */
const MOST_OTHERS = 25;
/** A client gives up after 30 s. */
const LONGEST_WAIT_MS = 20_000;

/** Answers as soon as more requests wait than are to wait, the oldest first: so many are in flight, however fast the machine is. */
function createHeld() {
  const waiting: (() => void)[] = [];
  let most = 0;
  const release = () => {
    for (const answer of waiting.splice(0, waiting.length - most)) answer();
  };
  return {
    wait: () =>
      new Promise<void>((resolve) => {
        waiting.push(resolve);
        setTimeout(() => {
          const at = waiting.indexOf(resolve);
          if (at >= 0) waiting.splice(at, 1);
          resolve();
        }, LONGEST_WAIT_MS).unref();
        release();
      }),
    get most() {
      return most;
    },
    set most(count) {
      most = count;
      release();
    },
  };
}
const held = createHeld();

let copy: CheckoutCopy;
let home: TemporaryHome;
let models: OpenAiServer;
let platform: TestPlatform;
let owner: Sql;
let people: Person[];
/** What scaling stays below. */
let mostConnections: number;
/** Of a process of `search`, in MiB. */
let memory: number;
const ends: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  copy = await copyCheckout({ units });
  ends.push(copy.remove);
  await copy.edit('functions/search/function.ts', 'max: 4 },', `max: 4 }, concurrency: ${CONCURRENCY},`);
  models = await startOpenAiServer({
    async embeddings(body) {
      await held.wait();
      return embed(body, 384);
    },
  });
  ends.push(models.close);
  const room = await roomForOneMore();
  ({ memory, mostConnections } = room);
  home = await temporaryHome({ within: await memoryFolder() });
  ends.push(home.remove);
  platform = await startTestPlatform({
    ...{ root: copy.root, home },
    env: {
      ...{ AI_EMBEDDING_BASE_URL: models.baseUrl, AI_EMBEDDING_API_KEY: 'key' },
      ...{ OUTBOUND_WHITELIST: 'api.openai.com,127.0.0.1', OUTBOUND_INTERNAL_HOSTS: '127.0.0.1' },
      ...{ RATE_LIMIT_PERSON_RPM: String(REQUESTS_PER_MINUTE), DATABASE_CONNECTIONS: String(room.connections) },
    },
  });
  ends.push(platform.stop);
  owner = connect(await ownerUrl(home.home), { applicationName: 'pandect scaling test' });
  ends.push(() => owner.end({ timeout: 5 }));
  await owner`update subscription_plans set users = 1000000`;
  people = await gatherPeople({ ...platform, folders: home.home, owner }, PEOPLE + COUNTED, GATHERING);
}, 300_000);

afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});

/** The least DATABASE_CONNECTIONS with which `search` may have one process more than its first; its manifest allows three more. */
async function roomForOneMore() {
  const all = await readUnits(copy.root);
  const search = all.find(({ name }) => name === 'search');
  if (!search) throw new Error('Read units: there is no search');
  const roomWith = (connections: number) => {
    const settings = { DATABASE_CONNECTIONS: connections, DATABASE_POOL: undefined };
    try {
      const { limit } = planConnections(all, settings);
      const room = roomToScale(all, search, ({ manifest }) => manifest.instances.min, settings);
      return { connections, mostConnections: limit, more: room?.processes ?? 0 };
    } catch {
      return { connections, mostConnections: 0, more: 0 }; // not even for the first ones
    }
  };
  let room = roomWith(1);
  while (room.more < 1) room = roomWith(room.connections + 1);
  expect(room.more).toBe(1);
  return { ...room, memory: search.manifest.memory };
}

/** Of the function that is loaded. */
const searchRows = () => rowsOf(platform, 'search');
const linesOf = async (log: string) =>
  ((await readLogs(platform)).get(log) ?? '').split('\n').map((line) => parseLogLine(line) ?? {});
const supervised = async (since: number) =>
  (await linesOf('supervisor.log')).filter(({ time }) => new Date(time as string).getTime() >= since);
const decisions = async (since: number) =>
  (await supervised(since)).filter(({ message, unit }) => message === 'Scale' && unit === 'search');
const untilOne = () =>
  until('one process', async () => (await searchRows()).length === 1 || undefined, LONGEST_SECONDS);

/** How many searches the less loaded process has in flight, of those of the other one; 0 as long as there is one alone. */
async function shares(): Promise<number> {
  const folder = instancesFolder(home.home.run, 'search');
  const reports = await Promise.all((await readdir(folder)).map((name) => readReport(join(folder, name))));
  const [least = 0, most = 0, ...others] = reports.map((report) => report?.inFlight ?? 0).toSorted((a, b) => a - b);
  return most === 0 || others.length > 0 ? 0 : least / most;
}

/** Searches that each process has answered since a moment. */
async function answeredSince(moment: number): Promise<number[]> {
  const answers = (await linesOf('search.log')).filter(
    ({ message, endpoint, time }) =>
      message === 'Request' && endpoint === '/api/search' && new Date(time as string).getTime() >= moment,
  );
  return [...Map.groupBy(answers, ({ instance }) => instance).values()].map(({ length }) => length);
}

/** Keeps people asking until it is stopped. Where the machine cannot keep up, some of what would be due is left out. */
function startPeople(perSecond: number): { stop(): Promise<{ requests: number; failures: string[] }> } {
  const agent = createAgent();
  const ending = new AbortController();
  const mostOpen = () => held.most + MOST_OTHERS;
  const options = { perSecond, seconds: 10 * LONGEST_SECONDS, mostOpen, signal: ending.signal };
  const next = (count: number) => requestOf(platform.url, people[count % PEOPLE] as Person, count);
  const asking = openLoop(agent, next, options);
  return {
    stop() {
      ending.abort();
      return asking
        .then(({ answers, failures }) => ({ requests: answers.length + failures.length, failures }))
        .finally(() => agent.destroy());
    },
  };
}

/** What is looked at while people ask. */
interface Moment {
  processes: number;
  ready: number;
  /** Why scaling wants more than there may be. */
  heldBack: string | undefined;
  memory: number[];
  connections: number;
}

async function look(): Promise<Moment> {
  const rows = await searchRows();
  const [open] = await owner<{ count: number }[]>`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and usename is not null and pid <> pg_backend_pid()`;
  return {
    processes: rows.length,
    ready: rows.filter(({ state }) => state === 'ready').length,
    heldBack: rows[0]?.held,
    memory: rows.flatMap(({ memoryBytes }) => memoryBytes ?? []),
    connections: open?.count ?? 0,
  };
}

/** Has more and more searches wait until what is looked at is so. Slowly: a decision is of the mean of three seconds. */
async function slowDownUntil(
  what: string,
  { from, step }: typeof NEARLY_ONE,
  isSo: (moment: Moment) => boolean,
): Promise<Moment[]> {
  const moments: Moment[] = [];
  held.most = from;
  await until(
    what,
    async () => {
      const moment = await look();
      moments.push(moment);
      if (isSo(moment)) return true;
      held.most += step;
      await sleep(LOOK_EACH_MS);
      return undefined;
    },
    LONGEST_SECONDS,
  );
  return moments;
}

/** Looks for some seconds, in which the load stays. */
async function lookFor(seconds: number): Promise<Moment[]> {
  const moments: Moment[] = [];
  for (const end = Date.now() + seconds * 1_000; Date.now() < end; await sleep(LOOK_EACH_MS))
    moments.push(await look());
  return moments;
}

describe(`${PEOPLE} people with a request every ${PAUSE_SECONDS} s each`, () => {
  it('have the loaded function gain a process, as far as connections allow, and none of them is refused', async () => {
    await untilOne(); // when this is repeated
    const began = Date.now();
    const load = startPeople(PEOPLE / PAUSE_SECONDS);
    const moments: Moment[] = [];
    let shared = 0;
    try {
      moments.push(...(await slowDownUntil('a second process', NEARLY_ONE, ({ processes }) => processes === 2)));
      // Of the connections that the edge has to the first one, each brings it one more request.
      await until('both to have their share', async () => (await shares()) > 0.7 || undefined, LONGEST_SECONDS);
      shared = Date.now();
      moments.push(
        ...(await slowDownUntil('a third one to be wanted', NEARLY_TWO, ({ heldBack }) => heldBack !== undefined)),
      );
      moments.push(...(await lookFor(SETTLE_SECONDS)));
    } finally {
      held.most = 0;
    }
    const { requests, failures } = await load.stop();
    const answered = await answeredSince(shared);
    process.stdout.write(`${requests} requests, ${failures.length} failed; searches of each process: ${answered}\n`);
    expect(describeFailures(failures), JSON.stringify(await supervised(began))).toBe('');
    expect(moments[0]).toMatchObject({ processes: 1, heldBack: undefined });
    expect(Math.max(...moments.map(({ processes }) => processes))).toBe(2);
    expect(moments.find(({ heldBack }) => heldBack !== undefined)?.heldBack).toMatch(
      /; 3 wanted, held at 2: a process may open \d+ connections to the database/,
    );
    expect(Math.max(...moments.map(({ connections }) => connections))).toBeLessThanOrEqual(mostConnections);
    expect(Math.max(...moments.flatMap(({ memory }) => memory))).toBeLessThan(memoryCap(memory));
    const [first, ...others] = await decisions(began);
    expect(first).toMatchObject({
      from: 1,
      to: 2,
      reason: expect.stringMatching(/^\d+ requests, \d+ in the mean; 100 fill/),
    });
    expect(others.filter(({ from, to }) => from !== to)).toEqual([]);
    expect(answered).toHaveLength(2);
    expect(Math.min(...answered) / Math.max(...answered)).toBeGreaterThan(0.5);
  });

  it('are counted exactly, each by account, whichever process they meet', async () => {
    const began = Date.now();
    const senders = people.slice(PEOPLE).map(({ headers }) => async () => {
      const response = await send(platform.url, 'POST /api/search', { json: { query: 'deposit' }, headers });
      return response.status;
    });
    const { passed, most, refusals } = await letIn(REQUESTS_PER_MINUTE, senders);
    expect(refusals).toEqual([429]);
    expect(passed).toBeGreaterThanOrEqual(REQUESTS_PER_MINUTE);
    expect(passed).toBeLessThanOrEqual(most);
    // Each alone would have let as many in.
    const answered = await answeredSince(began);
    expect(answered).toHaveLength(2);
  });

  it('lose the process again when there are fewer of them for a minute, and still none is refused', async () => {
    const load = startPeople(PEOPLE / PAUSE_SECONDS / 10);
    await untilOne();
    const { requests, failures } = await load.stop();
    expect(describeFailures(failures)).toBe('');
    expect(requests).toBeGreaterThan(100);
    expect((await decisions(0)).at(-1)).toMatchObject({
      from: 2,
      to: 1,
      reason: 'not more than 1 were needed for 60 s',
    });
  });
});
