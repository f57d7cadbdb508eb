import { readFile } from 'node:fs/promises';
import { context, propagation, trace } from '@opentelemetry/api';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { GEN_AI_CONVENTIONS_VERSION } from '../../modules/models/telemetry/gen-ai.ts';
import {
  eventStream,
  jsonReply,
  sse,
  startUpstreamServer,
  type UpstreamScript,
} from '../../modules/testing/upstream-server.ts';
import { startTraceExport } from '../../platform/kernel/telemetry/exporter.ts';
import { type CollectedSpan, startTraceCollector } from '../../tests/support/trace-collector.ts';
import { chunks, completion, gatewayScene, serveGateway } from './gateway.fixture.ts';

const collector = await startTraceCollector();
const exporter = startTraceExport(collector.endpoint, 'pandect-gateway');
const { database, mine } = await gatewayScene();
afterAll(async () => {
  await exporter.close();
  for (const api of [trace, context, propagation]) api.disable();
  await collector.close();
});

const CLIENT = 3;
const marker = `zyxw${crypto.randomUUID().replaceAll('-', '')}`;
const hello = { messages: [{ role: 'user' as const, content: `Hello ${marker}` }] };
const usage = {
  ...{ prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
  ...{ prompt_tokens_details: { cached_tokens: 40 }, completion_tokens_details: { reasoning_tokens: 5 } },
};
const overloaded = jsonReply({ error: { message: `no room for ${marker}`, type: 'overloaded_error' } }, 503);

const figuresOf = (figures: string, series: RegExp) =>
  figures.split('\n').flatMap((line) => (series.test(line) ? [Number(line.split(' ').at(-1))] : []));
const spansOf = async (traceId: string, count: number): Promise<CollectedSpan[]> => {
  const found = () => collector.spans.filter((span) => span.traceId === traceId);
  await expect.poll(() => found().length, { timeout: 15_000 }).toBeGreaterThanOrEqual(count);
  return found();
};
const newTrace = () => crypto.randomUUID().replaceAll('-', '');
const parentOf = (traceId: string) => ({ traceparent: `00-${traceId}-0123456789abcdef-01` });

/** The route `pair` has two targets in turn. */
async function withUpstream(script: UpstreamScript) {
  const upstream = await startUpstreamServer(script);
  const document = {
    version: 1,
    providers: { openai: { kind: 'openai', base: upstream.baseUrl, keys: [{ env: 'OPENAI_API_KEY' }] } },
    models: { small: { provider: 'openai', name: 'small' }, large: { provider: 'openai', name: 'large' } },
    routes: { pair: { targets: ['small', 'large'] } },
  };
  await database.owner`delete from gateway_versions`;
  await database.owner`
    insert into gateway_versions (number, document, created_by) values (1, ${JSON.stringify(document)}::text::json, 'op')`;
  const gateway = await serveGateway(database, {
    ...{ OPENAI_API_KEY: 'sk-of-the-platform', OUTBOUND_WHITELIST: '127.0.0.1', OUTBOUND_INTERNAL_HOSTS: '127.0.0.1' },
    ...{ OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint },
  });
  onTestFinished(async () => {
    await gateway.close();
    await upstream.close();
  });
  return { upstream, gateway };
}

it('traces each attempt below its route, in the words of the conventions, and counts it', async () => {
  const { upstream, gateway } = await withUpstream((visit) => {
    const { model } = JSON.parse(visit.body.toString());
    return model === 'small' ? overloaded : jsonReply({ ...completion('Hi'), model: 'large-2025', usage });
  });
  const traceId = newTrace();
  const body = { model: 'pair', ...hello };
  const response = await gateway.post('/v1/chat/completions', body, mine.owner, parentOf(traceId));
  expect(response.status).toBe(200);
  expect(upstream.visits).toHaveLength(2);

  const spans = await spansOf(traceId, 4);
  const request = spans.find(({ name }) => name === 'POST /v1/chat/completions');
  const route = spans.find(({ name }) => name === 'gateway pair');
  expect(route).toMatchObject({
    parentSpanId: request?.spanId,
    attributes: { 'pandect.gateway.route': 'pair', 'pandect.gateway.attempts': 2, 'pandect.gateway.target': 'large' },
  });
  const attempts = spans.filter(({ kind }) => kind === CLIENT);
  expect(attempts).toMatchObject([
    {
      name: 'chat small',
      parentSpanId: route?.spanId,
      attributes: { 'gen_ai.request.model': 'small', 'error.type': 'overloaded_error', 'pandect.gateway.attempt': 1 },
    },
    {
      name: 'chat large',
      parentSpanId: route?.spanId,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'large',
        'gen_ai.response.model': 'large-2025',
        'gen_ai.usage.input_tokens': 100,
        'gen_ai.usage.output_tokens': 20,
        'gen_ai.usage.cache_read.input_tokens': 40,
        'gen_ai.usage.reasoning.output_tokens': 5,
        'pandect.gateway.attempt': 2,
      },
    },
  ]);

  const figures = await gateway.metrics();
  const labels = 'gen_ai_operation_name="chat",gen_ai_provider_name="openai",gen_ai_request_model="large"';
  const only = (series: string) => figuresOf(figures, new RegExp(`^${series}`));
  expect(only(`gen_ai_client_token_usage_sum\\{${labels},gen_ai_token_type="input"`)).toEqual([100]);
  expect(only(`gen_ai_client_token_usage_sum\\{${labels},gen_ai_token_type="output"`)).toEqual([20]);
  expect(only('gen_ai_client_operation_duration_seconds_count\\{.*error_type="overloaded"')).toEqual([1]);
  expect(
    only('pandect_gateway_attempts_total\\{target="small",provider="openai",outcome="failed",reason="overloaded"'),
  ).toEqual([1]);
  expect(only('pandect_gateway_fallbacks_total\\{route="pair"')).toEqual([1]);
  expect(only('pandect_gateway_calls_in_flight ')).toEqual([0]);
  expect(only('pandect_gateway_reserved_tokens ')).toEqual([0]);
  expect(only(`ai_requests_total\\{model="large",organization="${mine.id}"`)).toEqual([1]);
  expect(only(`openai_tokens_total\\{model="large",organization="${mine.id}"`)).toEqual([120]);
  await expect
    .poll(async () => figuresOf(await gateway.metrics(), /^pandect_gateway_settle_lag_seconds_count/))
    .toEqual([1]);
  const documented = await readFile('docs/monitoring.md', 'utf8');
  for (const [, family] of figures.matchAll(/^# TYPE ((?:gen_ai|pandect_gateway)\w+)/gm))
    expect(documented).toContain(`| \`${family}\` |`);
  expect(documented).toContain(GEN_AI_CONVENTIONS_VERSION);
  for (const seen of [figures, ...collector.received])
    expect(seen).not.toMatch(new RegExp(`${marker}|127\\.0\\.0\\.1`));
});

it('times the first content of a stream and the pieces after it', async () => {
  const words = ['one ', 'two ', 'three'];
  const { gateway } = await withUpstream([eventStream(sse(...chunks(words)))]);
  const traceId = newTrace();
  const body = { model: 'large', stream: true, ...hello };
  const response = await gateway.post('/v1/chat/completions', body, mine.owner, parentOf(traceId));
  expect(await response.text()).toContain('three');
  const spans = await spansOf(traceId, 3);
  expect(spans.find(({ kind }) => kind === CLIENT)).toMatchObject({
    name: 'chat large',
    attributes: { 'gen_ai.response.model': 'small-1', 'gen_ai.response.time_to_first_chunk': expect.any(Number) },
  });
  const figures = await gateway.metrics();
  for (const name of ['time_to_first_chunk', 'time_per_output_chunk'])
    expect(figuresOf(figures, new RegExp(`^gen_ai_client_operation_${name}_seconds_count`))).toEqual([1]);
});

it('counts events that pass although they cannot be read', async () => {
  const [role, word, ...rest] = chunks(['Hi']);
  const { gateway } = await withUpstream([eventStream(`${sse(role, word)}data: {"choices":[{"del\n\n${sse(...rest)}`)]);
  await (await gateway.post('/v1/chat/completions', { model: 'large', stream: true, ...hello }, mine.owner)).text();
  const figures = await gateway.metrics();
  expect(figuresOf(figures, /^pandect_gateway_malformed_events_total\{target="large"/)).toEqual([1]);
});

it('shows breakers, refusals of keys and estimates', async () => {
  const limited = jsonReply({ error: { message: 'slow', code: 'rate_limit_exceeded' } }, 429, { 'retry-after': '1' });
  const { usage: _, ...uncounted } = completion('Hi');
  const { gateway } = await withUpstream((visit) =>
    JSON.parse(visit.body.toString()).model === 'small' ? limited : jsonReply(uncounted),
  );
  expect((await gateway.post('/v1/chat/completions', { model: 'pair', ...hello }, mine.owner)).status).toBe(200);
  const figures = await gateway.metrics();
  expect(figuresOf(figures, /^pandect_gateway_cooldowns_total\{target="small",kind="rate"/)).toEqual([1]);
  expect(figuresOf(figures, /^pandect_gateway_estimated_total\{target="large"/)).toEqual([1]);
  expect(figuresOf(figures, /^pandect_gateway_breaker_state\{target="small"/)).toEqual([0]);
});
