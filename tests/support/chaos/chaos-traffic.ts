import { setTimeout as sleep } from 'node:timers/promises';
import { type Account, form, type RequestOptions, send } from '../http/client.ts';

/** One request as its client saw it; times are milliseconds of `performance.now()`. */
export interface Visit {
  name: string;
  /** Parts of the platform that an answer needs: a function, `postgres`. */
  needs: readonly string[];
  began: number;
  ended: number;
  /** Why it is no answer: a status of 500 and above, or a broken connection. */
  failure?: string;
}

/** What the client of one organization knows when all is over. */
export interface Ledger {
  account: Account;
  /** The text of each document that was accepted, by its id. */
  accepted: Map<string, string>;
  questions: Map<string, Asked>;
}

interface Asked {
  key: string | undefined;
  answered: boolean;
  /** Attempts whose outcome the client never saw. */
  lost: number;
}

export interface ChaosTraffic {
  readonly visits: readonly Visit[];
  readonly ledgers: readonly Ledger[];
  stop(): Promise<void>;
}

/** How long a client continues with a request that has a key; an attempt that was cut off may hold it for a while. */
const PATIENCE_MS = 40_000;
const RETRY_MS = 200;

/** Keeps the clients of some organizations busy: uploads, questions, searches, reads, and what needs no account. */
export function startChaosTraffic(url: string, accounts: readonly Account[]): ChaosTraffic {
  const visits: Visit[] = [];
  const ledgers = accounts.map((account): Ledger => ({ account, accepted: new Map(), questions: new Map() }));
  let running = true;

  /** The answer, or undefined when there was none. */
  const visit = async (
    name: string,
    needs: readonly string[],
    work: () => Promise<Response>,
  ): Promise<{ status: number; body: string } | undefined> => {
    const began = performance.now();
    const done = (failure?: string) => {
      visits.push({ name, needs, began, ended: performance.now(), ...(failure !== undefined && { failure }) });
    };
    try {
      const response = await work();
      const body = await response.text();
      done(response.status < 500 ? undefined : `${response.status} ${body.slice(0, 200)}`);
      return response.status < 500 ? { status: response.status, body } : undefined;
    } catch (error) {
      const { message, cause } = error as Error;
      done(`${message}${cause instanceof Error ? `: ${cause.message}` : ''}`);
      return undefined;
    }
  };

  const upload = async (ledger: Ledger): Promise<void> => {
    const text = leaseText();
    const givesUp = performance.now() + PATIENCE_MS;
    const word = text.slice(0, 24);
    const options = (): RequestOptions => ({ body: form(`${word}.txt`, text), headers: { 'idempotency-key': word } });
    while (performance.now() < givesUp) {
      const answer = await visit('upload', ['documents', 'postgres'], () =>
        ledger.account.send('POST /api/documents', options()),
      );
      if (answer?.status === 202) {
        const { id } = JSON.parse(answer.body) as { id: string };
        ledger.accepted.set(id, text);
        return;
      }
      if (answer && answer.status !== 409) throw new Error(`Upload: ${answer.status} ${answer.body}`);
      await sleep(RETRY_MS);
    }
    throw new Error(`Upload: not accepted within ${PATIENCE_MS} ms`);
  };

  const ask = async ({ account, questions }: Ledger, key: string | undefined) => {
    const question = `What is the deposit of the lease number ${crypto.randomUUID()}?`;
    const asked: Asked = { key, answered: false, lost: 0 };
    questions.set(question, asked);
    const givesUp = performance.now() + PATIENCE_MS;
    const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key };
    do {
      const answer = await visit(key ? 'ask with a key' : 'ask', ['ask', 'postgres'], () =>
        account.send('POST /api/ask', { json: { question }, headers }),
      );
      if (!answer) asked.lost++;
      else if (answer.status === 200) {
        asked.answered = true;
        return;
      } else if (answer.status !== 409) throw new Error(`Ask: ${answer.status} ${answer.body}`);
      await sleep(RETRY_MS);
    } while (key !== undefined && performance.now() < givesUp);
  };

  const wanted = async (name: string, needs: readonly string[], status: number, work: () => Promise<Response>) => {
    const answer = await visit(name, needs, work);
    if (answer && answer.status !== status) throw new Error(`${name}: ${answer.status} ${answer.body}`);
  };
  const get = (account: Account, path: `/${string}`, unit: string) =>
    wanted(`GET ${path}`, [unit, 'postgres'], 200, () => account.send(`GET ${path}`));

  const repeat = async (pauseMs: number, work: () => Promise<unknown>) => {
    while (running) {
      await work();
      await sleep(pauseMs);
    }
  };
  // So often that each outage meets requests of each kind, and so seldom that parts come back as fast as they can.
  const loops = [
    ...ledgers.flatMap((ledger) => [
      repeat(1_500, () => upload(ledger)),
      repeat(500, () => ask(ledger, undefined)),
      repeat(500, () => ask(ledger, crypto.randomUUID())),
      repeat(400, () =>
        wanted('search', ['search', 'postgres'], 200, () =>
          ledger.account.send('POST /api/search', { json: { query: 'deposit of the lease' } }),
        ),
      ),
      repeat(300, async () => {
        await get(ledger.account, '/api/documents', 'documents');
        await get(ledger.account, '/api/limits', 'usage');
      }),
      repeat(300, async () => {
        await get(ledger.account, '/api/organization', 'organization');
        await get(ledger.account, '/api/conversations', 'conversations');
      }),
    ]),
    repeat(200, () => wanted('GET /health', ['health'], 200, () => send(url, 'GET /health'))),
    repeat(200, () => wanted('GET keys', ['auth'], 200, () => send(url, 'GET /.well-known/jwks.json'))),
    repeat(200, () => wanted('GET description', [], 200, () => send(url, 'GET /api/openapi.json'))),
  ];
  const failed = Promise.all(loops);
  failed.catch(() => {
    running = false; // thrown again by `stop`
  });
  return {
    visits,
    ledgers,
    async stop() {
      running = false;
      await failed;
    },
  };
}

/** A document of some chunks; its first 24 characters are in no other one. */
function leaseText(): string {
  const word = crypto.randomUUID().replaceAll('-', '').slice(0, 24);
  const articles = [
    `The landlord leases the flat ${word} to the tenant for three years.`,
    'The deposit of the lease is 500 euros and is paid back after thirty days.',
    'Either party may end the lease with three months of notice in writing.',
  ];
  const text = articles.map((article, index) => `Article ${index + 1}. Terms\n\n${article} ${FILLER}\n\n`);
  return `${word}\n\n${text.join('')}`;
}

const FILLER = 'The parties have read this article and agree with all of what stands in it. '.repeat(12).trim();
