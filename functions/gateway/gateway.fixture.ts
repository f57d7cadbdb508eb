import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, onTestFinished } from 'vitest';
import { digest, newApiKey } from '../../modules/people/identity/index.ts';
import { type TestMember, testOrganization } from '../../modules/testing/organization.ts';
import {
  startUpstreamServer,
  type UpstreamScript,
  type UpstreamServer,
} from '../../modules/testing/upstream-server.ts';
import { composeFunction } from '../../platform/runtime/http/compose-function.ts';
import { serveApp } from '../../platform/runtime/http/serve-app.ts';
import { redis } from '../../platform/runtime/providers/redis.ts';
import { type TestDatabase, testDatabase } from '../../platform/testing/database.ts';
import { type TestEnvironment, testProcess } from '../../platform/testing/process.ts';
import * as module from './app.ts';
import manifest from './function.ts';

/** A caller's token, the program's key of it among them. */
export type Credential = { token: string };

export interface TestGateway {
  /** Such as `http://127.0.0.1:4000`. */
  url: string;
  log: { level: string; message: string }[];
  /** Its figures as the platform collects them. */
  metrics(): Promise<string>;
  post(path: string, body: unknown, as: Credential, headers?: Record<string, string>): Promise<Response>;
  get(path: string, as: Credential, headers?: Record<string, string>): Promise<Response>;
  openai(as: Credential): OpenAI;
  anthropic(as: Credential): Anthropic;
  close(): Promise<void>;
}

/** The function with all that is around it, as its listener calls it. */
export async function composeGateway(database: TestDatabase, environment: TestEnvironment = {}, folder?: string) {
  const process = await testProcess({ kind: 'function', name: 'gateway', manifest }, database, { environment, folder });
  const { boot } = process;
  const app = module.createApp(await boot.useAll(module.provide));
  await boot.ready();
  const client = await boot.use(redis);
  if (client.status !== 'ready') await once(client, 'ready');
  const composed = await composeFunction(boot, manifest, app, undefined, module.writeProblem);
  return { ...process, handler: serveApp(composed, manifest).handler };
}

/** The function behind a port, as the edge has it behind a socket. @param folder of files that it shares with other processes */
export async function serveGateway(
  database: TestDatabase,
  environment: TestEnvironment = {},
  folder?: string,
): Promise<TestGateway> {
  const { handler, log, boot, ...process } = await composeGateway(database, environment, folder);
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const authorization = ({ token }: Credential) => ({ authorization: `Bearer ${token}` });
  return {
    url,
    log,
    metrics: () => boot.metrics.expose(),
    post: (path, body, as, headers) =>
      fetch(url + path, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers: { ...authorization(as), 'content-type': 'application/json', ...headers },
      }),
    get: (path, as, headers) => fetch(url + path, { headers: { ...authorization(as), ...headers } }),
    openai: ({ token }) => new OpenAI({ apiKey: token, baseURL: `${url}/v1`, maxRetries: 0 }),
    anthropic: ({ token }) => new Anthropic({ apiKey: token, baseURL: url, maxRetries: 0 }),
    async close() {
      server.closeAllConnections();
      server.close();
      await process.close();
    },
  };
}

/** What makes an upstream the only provider, with the models `small` and `large`. */
export const onUpstream = ({ baseUrl }: UpstreamServer): TestEnvironment => ({
  ...{ OPENAI_API_KEY: 'sk-of-the-platform', OPENAI_BASE_URL: baseUrl, OUTBOUND_WHITELIST: '127.0.0.1' },
  ...{ OUTBOUND_INTERNAL_HOSTS: '127.0.0.1', AI_MODEL_STANDARD: 'small', AI_MODEL_ADVANCED: 'large' },
});

/** A database for a test file, with an organization in it and prices: a rouble for each token of a prompt and two for each of an answer. */
export async function gatewayScene() {
  const database = await testDatabase();
  afterAll(() => database.close());
  await database.owner`
    insert into model_prices (model, valid_from, prompt, completion, cached) values ('small', '2020-01-01', 1000000, 2000000, 500000), ('large', '2020-01-01', 1000000, 2000000, 500000)`;
  const mine = await testOrganization(database);
  /** One that asks an upstream which follows a script; both end with the test. */
  const withUpstream = async (script: UpstreamScript, environment: TestEnvironment = {}) => {
    const upstream: UpstreamServer = await startUpstreamServer(script);
    const gateway = await serveGateway(database, { ...onUpstream(upstream), ...environment });
    onTestFinished(async () => {
      await gateway.close();
      await upstream.close();
    });
    return { upstream, gateway };
  };
  const keyFor = (member: TestMember, columns: Record<string, unknown> = {}) => addKey(database, member, columns);
  return { database, mine, withUpstream, keyFor };
}

/** A program's key with the scope of the gateway, straight into the database. */
export async function addKey(
  { owner: sql }: TestDatabase,
  { userId, organizationId }: TestMember,
  columns: Record<string, unknown> = {},
): Promise<Credential & { id: string }> {
  const { key, prefix } = newApiKey(organizationId);
  const row = {
    ...{ organization_id: organizationId, user_id: userId, name: 'Key', prefix, key_hash: digest(key) },
    ...{ scopes: ['gateway'], ...columns },
  };
  const [made] = await sql<{ id: string }[]>`insert into api_keys ${sql(row)} returning id`;
  return { token: key, id: made?.id as string };
}

/** A whole answer of OpenAI's chat completions. */
export const completion = (content: string, usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }) => ({
  ...{ id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'small-1' },
  choices: [
    { index: 0, message: { role: 'assistant', content, refusal: null }, logprobs: null, finish_reason: 'stop' },
  ],
  usage,
});

/** Chunks of a stream that says `words`, with its count, and its end. */
export const chunks = (
  words: readonly string[],
  usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
) => {
  const chunk = (delta: object, finish: string | null = null) => ({
    ...{ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'small-1' },
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  return [
    chunk({ role: 'assistant', content: '' }),
    ...words.map((content) => chunk({ content })),
    chunk({}, 'stop'),
    { ...chunk({}), choices: [], usage },
    '[DONE]',
  ];
};
