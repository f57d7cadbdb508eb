import { Redis } from 'ioredis';
import { afterAll, expect, inject, onTestFinished } from 'vitest';
import { booksOf } from '../../../modules/commerce/metering/calls/calls.fixture.ts';
import { type TestOrganization, testOrganization } from '../../../modules/testing/organization.ts';
import {
  jsonReply,
  startUpstreamServer,
  type UpstreamScript,
  type UpstreamServer,
} from '../../../modules/testing/upstream-server.ts';
import type { TestDatabase } from '../../../platform/testing/database.ts';
import type { TestEnvironment } from '../../../platform/testing/process.ts';
import {
  addKey,
  type Credential,
  completion,
  gatewayScene,
  serveGateway,
  type TestGateway,
} from '../gateway.fixture.ts';

/** What the upstreams do. The route `default` asks `first` and then `second`, both of OpenAI's format; `claude` is of Anthropic's. */
export interface Scripts {
  first?: UpstreamScript;
  second?: UpstreamScript;
  claude?: UpstreamScript;
}

interface SceneOptions {
  /** Fields of all three providers, such as `timeouts`. */
  provider?: object;
  route?: object;
  environment?: TestEnvironment;
}

export interface CaseScene {
  gateway: TestGateway;
  first: UpstreamServer;
  second: UpstreamServer;
  claude: UpstreamServer;
  organization: TestOrganization;
  key: Credential & { id: string };
  keyWith(columns: Record<string, unknown>): Promise<Credential & { id: string }>;
  /** Attempts as they were written down, once there are so many, and what was charged for all. */
  books(rows: number): Promise<{ rows: Record<string, unknown>[]; cost: number }>;
  /** Resolves once no slot is taken in Redis and no reservation is open in the database. */
  idle(): Promise<void>;
}

export const hello = { model: 'default', messages: [{ role: 'user' as const, content: 'Hello' }] };
export const said = jsonReply(completion('Hi'));

/** A document whose three models are at these servers, as the newest version. */
export async function configure(
  database: TestDatabase,
  servers: { first: UpstreamServer; second: UpstreamServer; claude?: UpstreamServer },
  { provider = {}, route = {} }: SceneOptions = {},
): Promise<void> {
  const { first, second, claude } = servers;
  const openai = (base: string) => ({ kind: 'openai', base, keys: [{ env: 'OPENAI_API_KEY' }], ...provider });
  const document = {
    version: 1,
    providers: {
      first: openai(first.baseUrl),
      second: openai(second.baseUrl),
      ...(claude && {
        anthropic: { kind: 'anthropic', base: claude.baseUrl, keys: [{ env: 'ANTHROPIC_API_KEY' }], ...provider },
      }),
    },
    models: {
      first: { provider: 'first', name: 'small', price: 'first' },
      second: { provider: 'second', name: 'large', price: 'second' },
      media: { provider: 'first', name: 'media', price: 'first', can: ['speech', 'images', 'rerank'] },
      ...(claude && { claude: { provider: 'anthropic', name: 'claude', price: 'claude' } }),
    },
    routes: { default: { targets: ['first', 'second'], ...route } },
  };
  await writeDocument(database, document);
}

/** Makes a document the only version of the configuration. */
export async function writeDocument({ owner: sql }: TestDatabase, document: object): Promise<void> {
  await sql`delete from gateway_versions`;
  await sql`insert into gateway_versions (number, document, created_by) values (1, ${JSON.stringify(document)}::text::json, 'op')`;
}

/** What each process is given besides the document. */
export const environmentOf = (prefix: string): TestEnvironment => ({
  ...{ OPENAI_API_KEY: 'sk-of-the-platform', ANTHROPIC_API_KEY: 'sk-ant-of-the-platform' },
  ...{ OUTBOUND_WHITELIST: '127.0.0.1', OUTBOUND_INTERNAL_HOSTS: '127.0.0.1', CACHE_PREFIX: prefix },
});

type Servers = Record<keyof Scripts, UpstreamServer>;

/** A gateway with its upstreams, whose scripts are those of the test. */
async function startPlace(database: TestDatabase, options: SceneOptions) {
  const scripts: Scripts = {};
  const serve = async (name: keyof Scripts) => {
    const server: UpstreamServer = await startUpstreamServer((visit) => {
      const script = scripts[name] ?? [said];
      if (typeof script === 'function') return script(visit);
      return script[Math.min(server.visits.indexOf(visit), script.length - 1)] ?? {};
    });
    return server;
  };
  const [first, second, claude] = await Promise.all([serve('first'), serve('second'), serve('claude')]);
  const servers: Servers = { first, second, claude };
  const prefix = `case-${crypto.randomUUID()}`;
  await configure(database, servers, options);
  const gateway = await serveGateway(database, { ...environmentOf(prefix), ...options.environment });
  const close = async () => {
    await gateway.close();
    for (const server of Object.values(servers)) await server.close();
  };
  return { scripts, servers, prefix, gateway, close };
}
type Place = Awaited<ReturnType<typeof startPlace>>;

/** Puts a place back to where it began: no visits, and nothing known of breakers and keys. */
async function clear({ servers, prefix, scripts, gateway }: Place): Promise<void> {
  for (const { visits } of Object.values(servers)) visits.splice(0);
  for (const name of ['first', 'second', 'claude'] as const) delete scripts[name];
  gateway.log.splice(0);
  const redis = new Redis(inject('services').redisUrl);
  for (const name of await redis.keys(`${prefix}*`)) await redis.del(name);
  redis.disconnect();
}

/**
 * For a test file: gateways in front of three upstreams. Tests that change nothing of the configuration share one; each has breakers, slots
 * and an organization of its own.
 */
export async function caseScenes() {
  const { database } = await gatewayScene();
  await database.owner`
    insert into model_prices (model, valid_from, prompt, completion, cached, cache_write)
    values ('first', '2020-01-01', 1000000, 2000000, 500000, null), ('second', '2020-01-01', 3000000, 4000000, 500000, null),
      ('claude', '2020-01-01', 1000000, 2000000, 100000, 3000000)`;
  let shared: Place | undefined;
  afterAll(() => shared?.close());
  const placeFor = async (options: SceneOptions): Promise<Place> => {
    if (Object.keys(options).length > 0) {
      const place = await startPlace(database, options);
      onTestFinished(place.close);
      return place;
    }
    if (shared) await clear(shared);
    shared ??= await startPlace(database, {});
    return shared;
  };
  const scene = async (scripts: Scripts, options: SceneOptions = {}): Promise<CaseScene> => {
    const place = await placeFor(options);
    const { servers, gateway, prefix } = place;
    Object.assign(place.scripts, scripts);
    const organization = await testOrganization(database);
    const keyWith = (columns: Record<string, unknown>) => addKey(database, organization.owner, columns);
    return {
      ...servers,
      gateway,
      organization,
      keyWith,
      key: await keyWith({}),
      books: (rows) => booksWith(database, organization, rows),
      idle: () => untilIdle(database, organization, prefix),
    };
  };
  return { database, scene };
}

async function booksWith(database: TestDatabase, { id }: TestOrganization, rows: number) {
  await expect.poll(async () => (await booksOf(database, id)).rows.length, { timeout: 10_000 }).toBe(rows);
  const books = await booksOf(database, id);
  return { rows: books.rows, cost: Number(books.cost) };
}

/** Counts of what was refused are kept for days, and hold nothing. */
const isCount = (name: string) => name.includes(':gateway:refused:');

/** Resolves once nothing of calls is held: neither in Redis below a prefix, nor of an organization in the database. */
export async function untilIdle(database: TestDatabase, { id }: TestOrganization, prefix: string): Promise<void> {
  const redis = new Redis(inject('services').redisUrl);
  onTestFinished(() => redis.disconnect());
  const held = async () => {
    const { states, held: cost, heldTokens } = await booksOf(database, id);
    const open = (states ?? []).filter((state) => state === 'reserved' || state === 'started');
    const taken: string[] = [];
    for (const name of (await redis.keys(`${prefix}*`)).filter((name) => !isCount(name)))
      if ((await redis.type(name)) === 'zset' && (await redis.zcard(name)) > 0) taken.push(name);
    return { open, cost: Number(cost), heldTokens, taken };
  };
  await expect.poll(held, { timeout: 10_000 }).toEqual({ open: [], cost: 0, heldTokens: 0, taken: [] });
}

/** Events of a stream of messages, as Anthropic's API sends them. */
export const messageEvents = (
  text: readonly string[],
  usage: object = { input_tokens: 100, cache_creation_input_tokens: 20, cache_read_input_tokens: 300 },
  output = 7,
): string =>
  [
    {
      type: 'message_start',
      message: {
        ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'claude', content: [] },
        ...{ stop_reason: null, stop_sequence: null, usage: { ...usage, output_tokens: 1 } },
      },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ...text.map((part) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: part } })),
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: output },
    },
    { type: 'message_stop' },
  ]
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('');
