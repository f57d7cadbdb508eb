import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { testOrganization } from '../../../modules/testing/organization.ts';
import {
  eventStream,
  jsonReply,
  sse,
  startUpstreamServer,
  type UpstreamReply,
} from '../../../modules/testing/upstream-server.ts';
import { startTraceCollector } from '../../../tests/support/trace-collector.ts';
import { addKey, chunks } from '../gateway.fixture.ts';
import { caseScenes, environmentOf, writeDocument } from './case-scene.fixture.ts';
import { startGatewayProcess } from './gateway-process.fixture.ts';

/* What an upstream says of its key, of pictures and of the prompt, and all places where a process could leave it. */

const { database } = await caseScenes();
const collector = await startTraceCollector();
const folder = await mkdtemp(join(tmpdir(), 'pandect-secrets-'));
const upstreamKey = 'sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCDEF';
const picture = `data:image/png;base64,${'iVBORw0KGgo'.repeat(380_000)}`;
const word = `zyxw${crypto.randomUUID().replaceAll('-', '')}`;
const error = { message: `Bad ${upstreamKey} ${picture} for ${word}`, type: 'invalid_request_error', code: null };
const answer = { choices: [{ index: 0, message: { role: 'assistant', content: word }, finish_reason: 'stop' }] };

let reply: UpstreamReply = {};
const upstream = await startUpstreamServer(() => reply);
const replies: [string, boolean, UpstreamReply][] = [
  ...[400, 401, 404, 413, 429, 500, 503].map((status): [string, boolean, UpstreamReply] => [
    `an error ${status}`,
    false,
    jsonReply({ error }, status),
  ]),
  ['an error with the status of success', false, jsonReply({ error })],
  ['an error of no form', false, { status: 500, headers: { 'x-api-key': upstreamKey }, steps: [error.message] }],
  ['an error in place of a stream', true, jsonReply({ error }, 400)],
  ['an error that begins a stream', true, eventStream(sse({ error }))],
  ['an error in the middle of a stream', true, eventStream(sse(...chunks([word]).slice(0, 2), { error }))],
  ['an answer that breaks off', true, eventStream(sse(...chunks([word]).slice(0, 2)), 'cut')],
  ['an answer that is none', false, jsonReply({ choices: picture, key: upstreamKey })],
  ['an answer', false, jsonReply({ ...answer, usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } })],
];

const paths = ['/v1/chat/completions', '/v1/responses', '/v1/messages'];
const calls = replies.flatMap((given) => paths.map((path) => [path, ...given] as const));
/** Each call has a provider and a model of its own: a failure parks the key and opens the breaker of no other. */
const nameEach = (make: (name: string) => object) =>
  Object.fromEntries(calls.map((_, number) => [`m${number}`, make(`m${number}`)]));
await writeDocument(database, {
  version: 1,
  providers: nameEach(() => ({ kind: 'openai', base: upstream.baseUrl, keys: [{ env: 'OPENAI_API_KEY' }] })),
  models: nameEach((provider) => ({ provider, name: 'small', price: 'first' })),
  routes: {},
});
const environment = { LOG_LEVEL: 'debug', OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint };
const prefix = `case-${crypto.randomUUID()}`;
const gateway = await startGatewayProcess(database, { ...environmentOf(prefix), ...environment }, folder);
afterAll(async () => {
  await gateway.kill();
  await collector.close();
  await upstream.close();
  await rm(folder, { recursive: true });
});

/** All rows of all tables, jobs among them. */
async function everyRow(): Promise<string> {
  const tables = await database.owner<{ name: string }[]>`
    select format('%I.%I', table_schema, table_name) as name from information_schema.tables
    where table_schema in ('public', 'pgboss') and table_type = 'BASE TABLE'`;
  const texts = await Promise.all(
    tables.map(async ({ name }) => {
      const rows = await database.owner.unsafe<{ row: string }[]>(`select t::text as row from ${name} t`);
      return rows.map(({ row }) => `${name} ${row}`).join('\n');
    }),
  );
  return texts.join('\n');
}

it('neither log, trace, figure, answer nor row of a process holds a secret of an upstream or a word of a prompt', async () => {
  const { owner } = await testOrganization(database);
  const errors: string[] = [];
  for (const [number, [path, what, stream, given]] of calls.entries()) {
    reply = given;
    const key = await addKey(database, owner);
    const prompt = path === '/v1/responses' ? { input: word } : { messages: [{ role: 'user', content: word }] };
    const body = { model: `m${number}`, ...prompt, stream, ...(path === '/v1/messages' && { max_tokens: 9 }) };
    const { status, headers, text } = await gateway.ask(body, key, undefined, undefined, path);
    const told = `${what} at ${path}: ${status} ${JSON.stringify(headers)} ${text}`;
    expect(told.length, what).toBeLessThan(5_000);
    expect(upstream.visits.length, what).toBeGreaterThan(number);
    if (status >= 400) errors.push(told);
    else expect(told).not.toMatch(/sk-proj|iVBOR/);
  }
  expect(errors.length).toBeGreaterThan(replies.length);

  const spans = () => collector.spans.filter(({ name }) => name.startsWith('POST /v1/'));
  await expect.poll(() => spans().length, { timeout: 30_000 }).toBe(calls.length);
  const lines = gateway.said().split('\n');
  expect(lines.filter((line) => line.includes('/v1/messages')).length).toBeGreaterThanOrEqual(replies.length);
  const figures = await gateway.metrics();
  expect(figures).toContain('pandect_gateway_attempts_total');
  const rows = await everyRow();
  expect(rows).toContain('usage_logs');
  const { host } = new URL(upstream.baseUrl);
  const places = {
    errors: errors.join('\n'),
    log: lines.join('\n'),
    traces: collector.received.join('\n'),
    figures,
    rows,
  };
  const secrets = [upstreamKey.slice(0, 20), 'iVBORw0KGgo', word, 'sk-of-the-platform', host];
  for (const [place, text] of Object.entries(places))
    for (const secret of secrets) {
      // The configuration names the provider's address; a caller may read its own words.
      if ((place === 'rows' && secret === host) || (place === 'errors' && secret === word)) continue;
      expect([place, secret, text.includes(secret)]).toEqual([place, secret, false]);
    }
}, 120_000);
