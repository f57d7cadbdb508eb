import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { embed, type OpenAiServer, type StreamStep, startOpenAiServer } from '../../modules/testing/openai-server.ts';
import type { ProcessRow } from '../../platform/supervisor/control/contract.ts';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { type Account, createAccount, type Document, send } from '../support/http/client.ts';
import { readEvents, type ServerEvent } from '../support/http/events.ts';
import { startLoad, type Visitor } from '../support/http/load.ts';
import {
  type CommandResult,
  checkout,
  pandect,
  pandectJson,
  startTestPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { until } from '../support/until.ts';

interface Change {
  ok: boolean;
  events: { unit: string; step: string; release?: string; message?: string; log?: string }[];
}
interface ReleaseRow {
  release: string;
  current: boolean;
}

const SUMMARY_FILE = 'functions/ask/routes/ask-question.ts';
/** What the operation is called in the n-th release. */
const summary = (release: number) => `summary: 'Ask a question about your documents${'!'.repeat(release)}'`;

let copy: CheckoutCopy;
let ai: OpenAiServer;
let platform: TestPlatform;
let account: Account;
/** A streamed answer continues until this is false, and embeddings do not come while it is. */
let speaking = false;
let embedding = true;
/** A deploy of a release that never becomes ready; the other tests go on in the meantime. */
let hanging: Promise<CommandResult>;

beforeAll(async () => {
  copy = await copyCheckout({
    units: [
      'ask',
      'auth',
      'conversations',
      'documents',
      'health',
      'ingest',
      'maintenance',
      'notify',
      'search',
      'usage',
    ],
  });
  ai = await startOpenAiServer({
    chat: (body) => ({ stream: JSON.stringify(body).includes('without end') ? longAnswer() : shortAnswer }),
    embeddings: (body) => (embedding ? embed(body) : 'hang'),
  });
  platform = await startTestPlatform({
    root: copy.root,
    env: { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: ai.baseUrl, OUTBOUND_WHITELIST: '127.0.0.1' },
  });
  account = await createAccount(platform);
  await account.add('terms.txt', 'Article 1. The deposit is 500 euros and is paid back after thirty days.');
  const path = 'functions/conversations/app.ts';
  await copy.write(path, `${await copy.read(path)}\nsetInterval(() => {}, 1000);\nawait new Promise(() => {});\n`);
  hanging = pandect(platform, 'deploy', 'conversations');
});

afterAll(async () => {
  await platform?.stop();
  await ai?.close();
  await copy?.remove();
});

describe('a deploy under load', () => {
  it('fails no GET, no POST and no stream in three redeployments of a function', async () => {
    const accounts = [account, await createAccount(platform)];
    const load = startLoad(accounts.flatMap(visitorsOf));
    speaking = true;
    const streamed = Array.fromAsync(streamAnswer());
    let streamEnded = false;
    void streamed.finally(() => {
      streamEnded = true;
    });
    const pids = new Set([await pidOf('ask')]);
    for (let number = 1; number <= 3; number++) {
      await copy.edit(SUMMARY_FILE, summary(number - 1), summary(number));
      const { status, value } = await pandectJson<Change>(platform, 'deploy', 'ask', '--watch', '1');
      expect({ status, ok: value.ok }, JSON.stringify(value)).toEqual({ status: 0, ok: true });
      expect(value.events.map(({ step }) => step)).toEqual(['build', 'start', 'switch', 'watch', 'drain', 'done']);
      pids.add(await pidOf('ask'));
    }
    expect(pids.size).toBe(4);
    expect(streamEnded, 'the stream went on across all deploys').toBe(false);
    speaking = false;
    const events = await streamed;
    const { requests, failures } = await load.stop();

    const total = Object.values(requests).reduce((sum, count) => sum + count, 0);
    process.stdout.write(
      `3 deploys under load: ${total} requests, ${failures.length} failed ${JSON.stringify(requests)}\n`,
    );
    expect(failures).toEqual([]);
    for (const [name, count] of Object.entries(requests)) expect(count, name).toBeGreaterThan(10);
    expect(events.at(-1)).toMatchObject({ event: 'done', data: { answered: false } });
    const deltas = events.filter(({ event }) => event === 'delta').map(({ data }) => (data as { text: string }).text);
    expect(deltas.join('')).toBe(deltas.map((_, index) => ` word${index}`).join(''));
  });

  it('publishes the description of what runs now', async () => {
    const { paths } = await (await send(platform.url, 'GET /api/openapi.json')).json();
    expect(paths['/api/ask'].post.summary).toBe('Ask a question about your documents!!!');
  });
});

describe('releases', () => {
  it('builds nothing new when nothing changed, and says so', async () => {
    const before = await releases('ask');
    const { status, value } = await pandectJson<Change>(platform, 'deploy', 'ask');
    expect({ status, steps: value.events.map(({ step }) => step) }).toEqual({
      status: 0,
      steps: ['build', 'unchanged'],
    });
    expect(await releases('ask')).toEqual(before);
    const { stdout } = await pandect(platform, 'deploy', 'ask');
    expect(stdout).toContain('unchanged');
  });

  it('lists what is kept and marks what runs', async () => {
    const kept = await releases('ask');
    expect(kept.length).toBe(4);
    expect(kept.filter(({ current }) => current).map(({ release }) => release)).toEqual([await releaseOf('ask')]);
    const { stdout } = await pandect(platform, 'releases', 'ask');
    for (const { release } of kept) expect(stdout).toContain(release);
  });

  it('leaves the running release alone when the new one crashes at its start, and prints its log', async () => {
    const before = { release: await releaseOf('ask'), pid: await pidOf('ask') };
    const app = await copy.read('functions/ask/app.ts');
    await copy.write('functions/ask/app.ts', `${app}\nthrow new Error('broken on purpose');\n`);
    const { status, stdout } = await pandect(platform, 'deploy', 'ask');
    await copy.write('functions/ask/app.ts', app);
    expect(status).toBe(1);
    expect(stdout).toContain('Start "ask": ended before it was ready: exit status 1');
    expect(stdout).toContain('Error: broken on purpose');
    expect({ release: await releaseOf('ask'), pid: await pidOf('ask') }).toEqual(before);
    expect((await account.ask('What is the deposit?')).answered).toBe(true);
  });

  it('leaves the running release alone when the new one cannot be built, and names the place', async () => {
    const before = await pidOf('ask');
    const app = await copy.read('functions/ask/app.ts');
    await copy.write('functions/ask/app.ts', `${app}\nthis is no program\n`);
    const { status, value } = await pandectJson<Change>(platform, 'deploy', 'ask');
    await copy.write('functions/ask/app.ts', app);
    expect({ status, ok: value.ok, last: value.events.at(-1)?.step }).toEqual({ status: 1, ok: false, last: 'failed' });
    expect(value.events.at(-1)?.message).toContain('functions/ask/app.ts');
    expect(await pidOf('ask')).toBe(before);
  });

  it('rolls back to the release before without building, and forth again', async () => {
    const latest = await releaseOf('ask');
    const { status, value } = await pandectJson<Change>(platform, 'rollback', 'ask', '--watch', '1');
    expect({ status, steps: value.events.map(({ step }) => step) }).toEqual({
      status: 0,
      steps: ['start', 'switch', 'watch', 'drain', 'done'],
    });
    expect(await releaseOf('ask')).not.toBe(latest);
    const { paths } = await (await send(platform.url, 'GET /api/openapi.json')).json();
    expect(paths['/api/ask'].post.summary).toBe('Ask a question about your documents!!');
    expect((await pandect(platform, 'rollback', 'ask', latest)).status).toBe(0);
    expect(await releaseOf('ask')).toBe(latest);
  });

  it('makes one change of a function at a time', async () => {
    const results = await Promise.all([1, 2].map(() => pandectJson<Change>(platform, 'restart', 'usage')));
    expect(results.map(({ status }) => status).toSorted()).toEqual([0, 1]);
    const refused = results.find(({ status }) => status === 1);
    expect(refused?.value.events.at(-1)?.message).toBe('Change "usage": another change is under way');
  });

  it('gives up on a release that never becomes ready, and leaves the running one alone', async () => {
    const { status, stdout } = await hanging;
    expect(status).toBe(1);
    expect(stdout).toContain('Start "conversations": not ready within 30 s');
    expect((await account.send('GET /api/conversations')).status).toBe(200);
    expect((await releases('conversations')).filter(({ current }) => current)).toHaveLength(1);
  });
});

describe('a new function', () => {
  it('answers after its folder was added and deployed, just as the README shows', async () => {
    const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(await readFile(join(checkout, 'README.md'), 'utf8')) ?? [];
    const files = code.split(/^\/\/ (functions\/\S+)$/m).slice(1);
    expect(files).toHaveLength(4);
    for (let index = 0; index < files.length; index += 2) {
      const [path = '', content = ''] = files.slice(index, index + 2);
      await copy.write(path, content);
    }
    const { status, stdout } = await pandect(platform, 'deploy', 'hello');
    expect(status, stdout).toBe(0);
    const response = await send(platform.url, 'GET /api/hello');
    expect([response.status, await response.json()]).toEqual([200, { hello: 'world' }]);
    expect(await rowOf('hello')).toMatchObject({ kind: 'function', state: 'ready' });
  });
});

describe('processes that end', () => {
  it('starts a killed function again by itself and counts it', async () => {
    const { pid, restarts } = await rowOf('usage');
    process.kill(pid, 'SIGKILL');
    expect((await account.send('GET /api/limits')).status).toBe(200);
    const row = await until('a new process', async () => {
      const found = await rowOf('usage');
      return found.pid !== pid && found.state === 'ready' ? found : undefined;
    });
    expect(row.restarts).toBe(restarts + 1);
  });

  it('has the next worker finish the job of one that was killed', async () => {
    embedding = false;
    const { id } = await account.upload('second.txt', 'Article 2. The term of notice is three months.');
    await until('the worker', async () => {
      const { status } = await account.get<Document>(`GET /api/documents/${id}`);
      return status === 'processing' && ai.requests.at(-1)?.path === '/v1/embeddings' ? true : undefined;
    });
    process.kill((await rowOf('ingest')).pid, 'SIGKILL');
    embedding = true;
    expect((await account.follow(id)).at(-1)?.status).toBe('ready');
    expect(await account.search('term of notice')).toContainEqual(expect.objectContaining({ documentId: id }));
  });
});

const rowOf = async (name: string): Promise<ProcessRow> => {
  const { value } = await pandectJson<ProcessRow[]>(platform, 'ps');
  // What drains stands behind what serves.
  const row = value.find((candidate) => candidate.name === name);
  if (!row) throw new Error(`Find process "${name}": ${JSON.stringify(value)}`);
  return row;
};
const pidOf = async (name: string) => (await rowOf(name)).pid;
const releaseOf = async (name: string) => (await rowOf(name)).release;
const releases = async (name: string) => (await pandectJson<ReleaseRow[]>(platform, 'releases', name)).value;

/** What one organization's people do at the same time; most of it goes through the function that is replaced. */
function visitorsOf({ send: sendAs, ask }: Account): Visitor[] {
  const question = 'What is the deposit?';
  const key = crypto.randomUUID();
  return [
    { name: 'POST question', visit: async () => void (await ask(question)) },
    {
      name: 'POST with Idempotency-Key',
      visit: async () => {
        const response = await sendAs('POST /api/ask', { json: { question }, headers: { 'idempotency-key': key } });
        // The first one may still be under way.
        await status(response, 200, 409);
      },
    },
    {
      name: 'POST refused',
      visit: async () => status(await sendAs('POST /api/ask', { json: { wrong: question } }), 400),
    },
    { name: 'GET refused', visit: async () => status(await sendAs('GET /api/ask'), 404, 405) },
    { name: 'GET limits', visit: async () => status(await sendAs('GET /api/limits'), 200) },
    { name: 'GET health', visit: async () => status(await send(platform.url, 'GET /health'), 200) },
  ];
}

async function status(response: Response, ...wanted: number[]): Promise<void> {
  const text = await response.text();
  if (!wanted.includes(response.status)) throw new Error(`${response.status} ${text}`);
}

async function* streamAnswer(): AsyncGenerator<ServerEvent> {
  const json = { question: 'Can you tell me about the deposit without end?', stream: true };
  yield* readEvents(await account.send('POST /api/ask', { json, signal: AbortSignal.timeout(150_000) }));
}

const shortAnswer: StreamStep[] = [
  { delta: 'Article 1. The deposit is 500 euros and is paid back after thirty days [1]' },
  { finish: 'stop' },
  { usage: { prompt: 10, completion: 10 } },
  'done',
];

function* longAnswer(): Generator<StreamStep> {
  for (let index = 0; speaking; index++) {
    yield { delta: ` word${index}` };
    yield { waitMs: 100 };
  }
  yield { finish: 'stop' };
  yield { usage: { prompt: 10, completion: 10 } };
  yield 'done';
}
