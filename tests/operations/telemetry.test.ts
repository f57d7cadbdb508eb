import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { type Account, createAccount } from '../support/http/client.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { type CollectedSpan, startTraceCollector, type TraceCollector } from '../support/trace-collector.ts';
import { until } from '../support/until.ts';

const SERVER = 2;
const marker = `zyxw${crypto.randomUUID().replaceAll('-', '')}`;

let collector: TraceCollector;
let copy: CheckoutCopy;
let platform: TestPlatform;
let account: Account;

beforeAll(async () => {
  collector = await startTraceCollector();
  copy = await copyCheckout({ units: ['ask', 'auth', 'documents', 'ingest', 'maintenance', 'notify', 'organization'] });
  platform = await startTestPlatform({ root: copy.root, env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint } });
  account = await createAccount(platform, { email: `${marker}@example.org` });
});

afterAll(async () => {
  await platform?.stop();
  await collector?.close();
  await copy?.remove();
});

describe('traces', () => {
  it.concurrent('follow a job through its worker', async () => {
    await account.add(`${marker}.txt`, `Article 1. The ${marker} is 500 euros.`);
    const job = await span(({ name }) => name === 'job ingest');
    expect(job.service).toBe('pandect-ingest');
  });

  it.concurrent('go on where the caller began, from the request to what it needed', async () => {
    const traceId = randomBytes(16).toString('hex');
    const parent = randomBytes(8).toString('hex');
    const response = await account.send('POST /api/ask', {
      json: { question: `How high is the ${marker}?` },
      headers: { traceparent: `00-${traceId}-${parent}-01`, 'x-request-id': 'traced-request' },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('traceparent')).toMatch(new RegExp(`^00-${traceId}-[\\da-f]{16}-01$`));

    const request = await span((one) => one.traceId === traceId && one.kind === SERVER);
    expect(request).toMatchObject({
      service: 'pandect-ask',
      name: 'POST /api/ask',
      parentSpanId: parent,
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/api/ask',
        'http.response.status_code': 200,
        'pandect.request_id': 'traced-request',
      },
    });
    const search = await span((one) => one.traceId === traceId && one.name === 'retrieval.search');
    expect(search.parentSpanId).toBe(request.spanId);
  });

  it.concurrent('begin here when the caller began none, and name the pattern of the route', async () => {
    const id = crypto.randomUUID();
    const response = await account.send(`GET /api/documents/${id}`);
    const [, traceId] = response.headers.get('traceparent')?.split('-') ?? [];
    const request = await span((one) => one.traceId === traceId);
    expect(request).toMatchObject({
      name: 'GET /api/documents/{id}',
      attributes: { 'http.response.status_code': 404 },
    });
    expect(request.parentSpanId ?? '').toBe('');
    expect(JSON.stringify(request)).not.toContain(id);
  });

  it('hold nothing that a person wrote', () => {
    expect(collector.received.length).toBeGreaterThan(0);
    expect(collector.received.filter((body) => body.includes(marker))).toEqual([]);
  });
});

/** Spans come some seconds after what they tell of. */
const span = (wanted: (span: CollectedSpan) => boolean) =>
  until('the span', async () => collector.spans.find(wanted), 30);
