import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../db/connect.ts';
import { type OpenAiBody, quoteFirstPassage, type Reply } from '../../modules/testing/openai-server.ts';
import { temporaryHome } from '../../platform/services/temporary-home.ts';
import { createHostFetch } from '../../web/operator/app/host-fetch.ts';
import { auditOrganization } from '../support/chaos/chaos-audit.ts';
import { expectChargedOnce, expectDocumentsWhole, expectJobsDone } from '../support/chaos/chaos-expectations.ts';
import { type Ledger, startChaosTraffic } from '../support/chaos/chaos-traffic.ts';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { ask as askSupervisor } from '../support/control.ts';
import { startTwoHosts, type TwoHosts } from '../support/hosts/two-hosts.ts';
import { type Account, createAccount, type Document, form, type ProblemBody, send } from '../support/http/client.ts';
import { readEvents, type ServerEvent } from '../support/http/events.ts';
import { letIn } from '../support/http/let-in.ts';
import { rawRequest } from '../support/http/raw-request.ts';
import { sendResumable } from '../support/http/resumable.ts';
import { linesWith } from '../support/logs.ts';
import { refusedUp } from '../support/platform.ts';
import { until } from '../support/until.ts';

const units = [
  ...['ask', 'auth', 'console', 'conversations', 'documents', 'health', 'organization', 'search', 'usage'],
  ...['ingest', 'maintenance', 'notify'],
];

const words = Array.from({ length: 600 }, (_, at) => `word${at} `);
/** Quotes the first passage; to a question that asks for it, writes for a minute. */
const chat = (body: OpenAiBody): Reply =>
  JSON.stringify(body.messages).includes('at length')
    ? { stream: [...words.flatMap((delta) => [{ delta }, { waitMs: 100 }]), { finish: 'stop' }, 'done'] }
    : quoteFirstPassage(body);

/** Of a key; so few follow those that may come at once that a slow machine does not matter. */
const KEY_REQUESTS_PER_MINUTE = 30;

let copy: CheckoutCopy;
let two: TwoHosts;
let owner: Account;
beforeAll(async () => {
  copy = await copyCheckout({ units });
  two = await startTwoHosts({
    ...{ root: copy.root, chat },
    env: { RATE_LIMIT_EXTERNAL_RPM: String(KEY_REQUESTS_PER_MINUTE) },
  });
  owner = await createAccount(two.access);
}, 300_000);
afterAll(async () => {
  try {
    await two?.stop();
  } finally {
    await copy?.remove();
  }
});

/** A request to one of the hosts, past the balancer. */
const sendTo = (host: 0 | 1, call: `${string} /${string}`, options: Parameters<typeof send>[2] = {}, by = owner) =>
  send(two.hosts[host].platform.url, call, {
    ...options,
    headers: { authorization: `Bearer ${by.session.accessToken}`, ...options.headers },
  });

const inDatabase = async <T>(work: (sql: ReturnType<typeof connect>) => Promise<T>): Promise<T> => {
  const sql = connect(two.databaseUrl, { applicationName: 'pandect two hosts test' });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
};

describe('two hosts behind a balancer', () => {
  it('take turns with the requests of one person, who notices nothing of it', async () => {
    const id = await owner.add('lease.txt', 'Article 1. The deposit for the flat is 500 euros.');
    for (const _ of ['one', 'the other', 'one again']) {
      const { answered, citations } = await owner.ask(`What is the deposit for the flat, ${crypto.randomUUID()}?`);
      expect([answered, citations[0]?.documentId]).toEqual([true, id]);
    }
    for (const host of [0, 1] as const) {
      expect((await sendTo(host, `GET /api/documents/${id}/content`)).status).toBe(200);
      const found = await (await sendTo(host, 'POST /api/search', { json: { query: 'deposit' } })).json();
      expect(found.hits[0].documentId).toBe(id);
      const limits = await (await sendTo(host, 'GET /api/limits')).json();
      expect(limits.questions.day.used).toBe(3);
    }
  });

  it('continue an upload that began on the other one, and leave nothing of it in the bucket but the file', async () => {
    const before = await two.bucket.countObjects();
    const content = Buffer.from(`Article 2. The rent is 900 euros.\n\n${'All of it in time. '.repeat(9_000)}`);
    const { documentId = '' } = await sendResumable(owner, 'rent.txt', content, {
      url: two.access.url,
      chunkSize: 64 * 1024,
    });
    const file = await owner.send(`GET /api/documents/${documentId}/content`);
    expect(Buffer.from(await file.arrayBuffer()).equals(content)).toBe(true);
    const left = (await two.bucket.keys()).filter((key) => /partial.*\/\d+-\d+$/.test(key));
    expect(left).toEqual([]);
    // The file, and what is remembered of the upload for an hour.
    expect((await two.bucket.countObjects()) - before).toBe(3);
    expect((await owner.follow(documentId)).at(-1)?.status).toBe('ready');
  });

  it('hear on each host what happens on the other', async () => {
    const cancel = new AbortController();
    const stream = await sendTo(0, 'GET /api/documents/events', { signal: cancel.signal });
    const heard = (async () => {
      const seen: string[] = [];
      for await (const { data } of readEvents(stream)) {
        const { id, status } = data as Partial<Document>;
        if (id && status === 'ready') return [...seen, id];
        if (id) seen.push(id);
      }
      return seen;
    })();
    const { id } = await (
      await sendTo(1, 'POST /api/documents', { body: form('heard.txt', 'Article 3. Heard.') })
    ).json();
    expect((await heard).at(-1)).toBe(id);
    cancel.abort();
  });

  it('answer a question that is sent again to the other host with the first answer, and charge it once', async () => {
    const used = async () =>
      (await owner.get<{ questions: { day: { used: number } } }>('GET /api/limits')).questions.day.used;
    const [before, headers] = [await used(), { 'idempotency-key': crypto.randomUUID() }];
    const json = { question: `How high is the deposit for the flat, ${crypto.randomUUID()}?` };
    const answers = await Promise.all(
      ([0, 1, 0, 1] as const).map(async (host) => {
        const ask = () => sendTo(host, 'POST /api/ask', { json, headers });
        return until('the answer', async () => {
          const answer = await ask();
          return answer.status === 409
            ? undefined
            : ((await answer.json()) as { answer: string; conversationId: string });
        });
      }),
    );
    expect(new Set(answers.map(({ conversationId }) => conversationId)).size).toBe(1);
    expect((await used()) - before).toBe(1);
  });

  it('continue on one the answer that began on the other, and stop it there', async () => {
    const key = crypto.randomUUID();
    const json = { question: 'Tell me at length of the deposit for the flat', stream: true };
    const open = async (host: 0 | 1) =>
      readEvents(await sendTo(host, 'POST /api/ask', { json, headers: { 'idempotency-key': key } }));
    /** The answer as far as it comes, until it holds this word. */
    const readTo = async (events: AsyncGenerator<ServerEvent>, word: string) => {
      let text = '';
      for (;;) {
        const { value, done } = await events.next();
        if (done) throw new Error(`Read answer: it ended after "${text}"`);
        if (value.event === 'delta') text += (value.data as { text: string }).text;
        if (text.includes(word)) return text;
      }
    };
    const first = await open(0);
    await readTo(first, 'word3 ');
    const second = await open(1);
    expect(await readTo(second, 'word5 ')).toMatch(/^word0 word1 /);
    expect((await sendTo(1, `DELETE /api/ask/${key}`)).status).toBe(204);
    for (const events of [first, second]) {
      const last = (await Array.fromAsync(events)).at(-1);
      expect([last?.event, last?.data]).toEqual(['done', expect.objectContaining({ incomplete: true })]);
    }
  });

  it('count limits together, however requests are spread', async () => {
    const guest = await createAccount(two.access, { tier: 'demo' });
    const { documents } = await guest.get<{ documents: { limit: number } }>('GET /api/limits');
    const statuses = await Promise.all(
      Array.from({ length: documents.limit + 3 }, async (_, at) => {
        const body = form(`${at}.txt`, `Article ${at}. ${crypto.randomUUID()}`);
        return (await sendTo(at % 2 === 0 ? 0 : 1, 'POST /api/documents', { body }, guest)).status;
      }),
    );
    expect(statuses.filter((status) => status === 202)).toHaveLength(documents.limit);
    expect(statuses.filter((status) => status !== 202 && status !== 403 && status !== 429)).toEqual([]);
  });

  it('count the requests of one key together, and let in what one host alone would', async () => {
    const guest = await createAccount(two.access);
    await inDatabase((sql) => sql`update users set email_confirmed_at = now() where email = ${guest.email}`);
    const answered = () =>
      Promise.all(two.hosts.map(async ({ platform }) => (await linesWith(platform, '"/api/limits"')).length));
    const before = await answered();
    const keys = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const json = { name: 'Rate', scopes: ['usage'] };
        return (await guest.get<{ key: string }>('POST /api/keys', { json })).key;
      }),
    );
    const senders = keys.map((key) => async () => {
      const headers = { authorization: `Bearer ${key}` };
      return (await send(two.access.url, 'GET /api/limits', { headers })).status;
    });
    const { passed, most, refusals } = await letIn(KEY_REQUESTS_PER_MINUTE, senders);
    expect(refusals).toEqual([429]);
    expect(passed).toBeGreaterThanOrEqual(KEY_REQUESTS_PER_MINUTE);
    expect(passed).toBeLessThanOrEqual(most);
    // Each host had more of them than would have passed there.
    const after = await answered();
    for (const host of [0, 1] as const) {
      expect((after[host] ?? 0) - (before[host] ?? 0)).toBeGreaterThan(KEY_REQUESTS_PER_MINUTE);
    }
  });

  it('hold the money of questions together, and admit as many as the budget has room for', async () => {
    const guest = await createAccount(two.access);
    await guest.add('lease.txt', 'Article 1. The deposit for the flat is 500 euros.');
    const [budget] = await inDatabase(
      (sql) => sql<{ id: string }[]>`
        insert into budgets (organization_id, scope, "window", limit_cost, hard)
        select organization_id, 'organization', 'total', 1000000, true from users where email = ${guest.email}
        returning id`,
    );
    const counted = async () => {
      const [row] = await inDatabase(
        (sql) => sql<{ spent: number; held: number; charged: number }[]>`
          select spent_cost::float8 as spent, held_cost::float8 as held,
            (select coalesce(sum(cost), 0)::float8 from usage_logs where organization_id = budgets.organization_id) as charged
          from budgets join budget_counters on budget_id = budgets.id where budgets.id = ${budget?.id ?? null}`,
      );
      return row ?? { spent: 0, held: 0, charged: 0 };
    };
    /** A question whose answer takes a minute, unless it is stopped; each costs the same. Its events up to the first word, or why there is none. */
    const begin = async () => {
      const key = crypto.randomUUID();
      const json = { question: `Tell me at length of the deposit, ${key}`, stream: true };
      const response = await guest.send('POST /api/ask', { json, headers: { 'idempotency-key': key } });
      if (response.status !== 200) return { key, refusal: (await response.json()) as ProblemBody };
      const events = readEvents(response);
      for (;;) {
        const { value } = await events.next();
        if (value?.event === 'delta') return { key, events };
        if (value?.event !== 'passages') return { key, refusal: value?.data as ProblemBody };
      }
    };
    const end = async ({ key, events }: Awaited<ReturnType<typeof begin>>) => {
      expect((await guest.send(`DELETE /api/ask/${key}`)).status).toBe(204);
      if (events) await Array.fromAsync(events);
    };
    const one = await begin();
    const { held } = await counted();
    expect(held).toBeGreaterThan(0);
    await end(one);
    const { spent } = await counted();
    // Too little is left for a fourth one, also of the cheaper model that is asked when the other one costs too much.
    await inDatabase(
      (sql) => sql`update budgets set limit_cost = ${spent + 3 * held + 0.01} where id = ${budget?.id ?? null}`,
    );

    const all = await Promise.all(Array.from({ length: 8 }, begin));
    const begun = all.filter(({ events }) => events !== undefined);
    const refused = all.flatMap(({ refusal }) => refusal ?? []);
    expect(begun).toHaveLength(3);
    expect(refused.map(({ status, type }) => [status, type])).toEqual(
      Array(5).fill([429, expect.stringContaining('budget')]),
    );
    expect((await counted()).held).toBeCloseTo(3 * held, 6);
    await Promise.all(begun.map(end));
    const after = await counted();
    expect(after.held).toBe(0);
    expect(after.spent).toBeGreaterThan(spent);
    expect(after.spent).toBeCloseTo(after.charged, 6);
  });

  it('both stay with the balancer, whatever clients break off', async () => {
    const head =
      'POST /api/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked';
    const broken = () => rawRequest(two.access.url, `${head}\r\nConnection: close\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n`, 2_000);
    await Promise.all(Array.from({ length: 6 }, broken));
    const statuses = await Promise.all(
      Array.from({ length: 6 }, async () => (await owner.send('GET /api/limits')).status),
    );
    expect(statuses).toEqual(Array(6).fill(200));
  });

  it('both know of a session that ended on one', async () => {
    const guest = await createAccount(two.access, { tier: 'demo' });
    const { email, password } = guest;
    // All sessions but the one that asks for it.
    const other = await (await sendTo(1, 'POST /api/auth/login', { json: { email, password } })).json();
    const headers = { authorization: `Bearer ${other.accessToken}` };
    expect((await sendTo(0, 'DELETE /api/me/sessions', { headers })).ok).toBe(true);
    for (const host of [0, 1] as const) {
      await expect
        .poll(async () => (await sendTo(host, 'GET /api/me', {}, guest)).status, { timeout: 10_000 })
        .toBe(401);
    }
  });

  it('refresh a session in turns, and end it on both when a token comes that was used', async () => {
    const guest = await createAccount(two.access, { tier: 'demo' });
    const refresh = (host: 0 | 1, refreshToken: string) =>
      sendTo(host, 'POST /api/auth/refresh', { json: { refreshToken } }, guest);
    let last = guest.session;
    for (const host of [1, 0, 1] as const) {
      last = await (await refresh(host, last.refreshToken)).json();
      const headers = { authorization: `Bearer ${last.accessToken}` };
      expect((await sendTo(host === 0 ? 1 : 0, 'GET /api/me', { headers })).status).toBe(200);
    }
    // Two tabs may use one at once, so one that was used a moment ago still counts.
    const sql = connect(two.databaseUrl, { applicationName: 'pandect two hosts test' });
    await sql`
      update refresh_tokens set used_at = used_at - interval '1 minute'
      where user_id = (select id from users where email = ${guest.email})`;
    await sql.end();
    expect((await refresh(0, guest.session.refreshToken)).status).toBe(401);
    expect((await refresh(1, last.refreshToken)).status).toBe(401);
  });

  it('are shown and changed one by one in the console through the balancer, while both serve', async () => {
    const sql = connect(two.databaseUrl, { applicationName: 'pandect two hosts test' });
    const operator = await createAccount(two.access, { tier: 'demo' });
    await sql`update users set administrator = true where email = ${operator.email}`;
    await sql.end();
    /** As the page asks for one host. */
    const askHost = (host: string, [method, path]: [string, string], body?: object) =>
      createHostFetch(
        (request) => fetch(request),
        () => host,
      )(
        new Request(`${two.access.url}/api/operator/${path}`, {
          method,
          headers: {
            ...{ authorization: `Bearer ${operator.session.accessToken}`, 'content-type': 'application/json' },
            'idempotency-key': crypto.randomUUID(),
          },
          ...(body && { body: JSON.stringify(body) }),
        }),
      );
    const { hosts } = await operator.get<{ hosts: { id: string; state: string }[] }>('GET /api/operator/hosts');
    expect(hosts.map(({ state }) => state)).toEqual(['running', 'running']);
    for (const { id } of [...hosts, ...hosts]) {
      const { status, headers } = await askHost(id, ['GET', 'units/usage']);
      expect([status, headers.get('pandect-host')]).toEqual([200, id]);
    }
    const [other = '', one = ''] = hosts.map(({ id }) => id);
    let isOver = false;
    const served = (async () => {
      const statuses: number[] = [];
      for (; !isOver; await sleep(250)) statuses.push((await owner.send('GET /api/usage')).status);
      return new Set(statuses);
    })();
    try {
      const begun = await askHost(one, ['POST', 'units/usage/changes'], { action: 'restart' });
      expect(begun.status).toBe(202);
      const events = ['GET', `changes/${(await begun.json()).id}/events`] as [string, string];
      expect((await Array.fromAsync(readEvents(await askHost(one, events)))).at(-1)).toMatchObject({
        ...{ event: 'end', data: { ok: true } },
      });
      expect((await askHost(other, events)).status).toBe(404);
    } finally {
      isOver = true;
    }
    expect([...(await served)]).toEqual([200]);
  });

  it('let no third one in, nor one without their keys', async () => {
    const home = await temporaryHome();
    try {
      for (const [hosts, reason] of [
        ['2', 'PANDECT_HOSTS is 2, and 2 others run'],
        ['3', 'this home has no keys of it: run "pandect hosts export FILE"'],
      ] as const) {
        const { status, stderr } = await refusedUp(
          home,
          { ...two.env, PANDECT_HOSTS: hosts, PANDECT_PORT: '8081' },
          copy.root,
        );
        expect([status, stderr]).toEqual([1, expect.stringContaining(reason)]);
      }
    } finally {
      await home.remove();
    }
  });
});

/** The balancer asks every second, and takes a host out at the first connection that is refused. */
const NOTICED_MS = 4_000;

/** Everything that was accepted is there once, on whichever host it is asked for. */
async function expectAllDone(all: readonly Ledger[]): Promise<void> {
  for (const ledger of all) {
    for (const id of ledger.accepted.keys()) {
      await until(`document ${id}`, async () => {
        const { status } = await ledger.account.get<Document>(`GET /api/documents/${id}`);
        return status === 'ready' || status === 'failed' ? status : undefined;
      });
    }
    const audit = await auditOrganization(two.databaseUrl, two.qdrant.chunksOf, ledger);
    expectDocumentsWhole(ledger, audit);
    expectJobsDone(audit);
    process.stdout.write(`${expectChargedOnce(ledger, audit)}\n`);
  }
}

/** What must be the same for all hosts, and how many of them serve. */
async function describeHosts(): Promise<{ serving: number; alike: object[]; migrations: object[] }> {
  const sql = connect(two.databaseUrl, { applicationName: 'pandect two hosts test' });
  try {
    const [row] = await sql<{ serving: number }[]>`
      select count(*)::int as serving from hosts where seen_at > now() - interval '20 seconds'`;
    const alike = await sql`select distinct version, keys, storage, vectors from hosts`;
    const migrations = await sql`select id, hash from drizzle.__drizzle_migrations order by id`;
    return { serving: row?.serving ?? 0, alike: [...alike], migrations: [...migrations] };
  } finally {
    await sql.end();
  }
}

/** What the clients of the kill know. */
let ledgers: readonly Ledger[] = [];

describe('a host that is killed under load with all of its processes', () => {
  it('loses and doubles nothing, and fails requests only until the balancer has noticed', async () => {
    if (!two.hosts[1].isRunning) await two.hosts[1].start(); // when this is repeated
    const accounts = [await createAccount(two.access), await createAccount(two.access)];
    const traffic = startChaosTraffic(two.access.url, accounts);
    ledgers = traffic.ledgers;
    let killed = 0;
    try {
      await sleep(6_000);
      killed = performance.now();
      await two.hosts[1].kill();
      await sleep(14_000);
    } finally {
      await traffic.stop();
    }
    const failed = traffic.visits.filter(({ failure }) => failure !== undefined);
    process.stdout.write(`${traffic.visits.length} requests, ${failed.length} failed around the kill\n`);
    const late = failed.filter(({ began, ended }) => ended < killed || began > killed + NOTICED_MS);
    expect(late, late.length > 0 ? await two.balancer.log() : undefined).toEqual([]);

    await expectAllDone(traffic.ledgers);
  }, 120_000);

  it('has left its work to the other one: no job waits for it, and each schedule has fired once', async () => {
    const sql = connect(two.databaseUrl, { applicationName: 'pandect two hosts test' });
    try {
      // A minute may begin between the claim of an occurrence, which names its own, and the job that is made of it.
      const fired = await sql<{ name: string; jobs: number; minutes: number }[]>`
        select name,
          (select count(*)::int from pgboss.job
            where job.name = schedule.name and job.data is not distinct from schedule.data) as jobs,
          (select count(distinct job.data->>'slot')::int from pgboss.job
            where job.name = '__pgboss__send-it' and job.data->>'name' = schedule.name) as minutes
        from pgboss.schedule`;
      expect(fired.filter(({ jobs, minutes }) => jobs > minutes)).toEqual([]);
      expect(fired.find(({ name }) => name === 'maintenance')?.jobs).toBeGreaterThan(0);
      const held = await sql`
        select name, state from pgboss.job
        where state = 'active' and heartbeat_on + heartbeat_seconds * interval '1 second' < now() - interval '5 seconds'`;
      expect([...held]).toEqual([]);
    } finally {
      await sql.end();
    }
  });

  it('is refused while the database is of a newer version, and leaves it as it is', async () => {
    const sql = connect(two.databaseUrl, { applicationName: 'pandect two hosts test' });
    const { home } = two.hosts[1];
    try {
      await sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('newer', 9000000000000)`;
      const { status, stderr } = await refusedUp(home, { ...two.env, PANDECT_PORT: '8081' }, copy.root);
      expect([status, stderr]).toEqual([
        1,
        expect.stringMatching(/with the newer version .+: this one is .+, upgrade it/),
      ]);
      expect(await sql`select hash from drizzle.__drizzle_migrations where hash = 'newer'`).toHaveLength(1);
    } finally {
      await sql`delete from drizzle.__drizzle_migrations where hash = 'newer'`;
      await sql.end();
    }
  });

  it('comes back while the other one serves, without a failed request, and does jobs again', async () => {
    const before = await describeHosts();
    const traffic = startChaosTraffic(two.access.url, [await createAccount(two.access)]);
    try {
      await two.hosts[1].start();
      await sleep(4_000); // the balancer has noticed by now
    } finally {
      await traffic.stop();
    }
    expect(traffic.visits.flatMap(({ failure }) => failure ?? [])).toEqual([]);
    // What clients had before the kill was neither lost nor done again for the sake of what the host had in hand.
    await expectAllDone([...ledgers, ...traffic.ledgers]);
    const after = await describeHosts();
    expect(after).toEqual({ ...before, serving: 2 });

    await askSupervisor(two.hosts[0].platform, 'POST', '/queues/pause', { queue: 'ingest' });
    try {
      const id = await owner.add('back.txt', 'Article 4. The host is back.');
      expect((await sendTo(1, `GET /api/documents/${id}/content`)).status).toBe(200);
    } finally {
      await askSupervisor(two.hosts[0].platform, 'POST', '/queues/resume', { queue: 'ingest' });
    }
  }, 240_000);
});
