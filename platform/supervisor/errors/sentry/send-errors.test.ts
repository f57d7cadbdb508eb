import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseEnvironment } from '../../../kernel/environment.ts';
import { SENTRY_DSN } from '../../../kernel/variables.ts';
import type { ErrorGroup } from '../error-groups.ts';
import type { FoundError } from '../read-error.ts';
import { sentryTarget } from './dsn.ts';
import { pauseMs } from './rate-limits.ts';
import { type ErrorSender, sendErrors } from './send-errors.ts';
import { sentryServer } from './sentry.fixture.ts';

const start = Date.parse('2026-03-01T10:00:00.000Z');
let server: Awaited<ReturnType<typeof sentryServer>>;
let sender: ErrorSender;
let time: number;
let dsn: string | undefined;
const waits: number[] = [];
const warn = vi.fn();
beforeEach(async () => {
  server = await sentryServer();
  [time, dsn] = [start, server.dsn];
  waits.length = 0;
  warn.mockClear();
  sender = sendErrors({
    ...{ dsn: () => dsn, now: () => time, log: { warn } },
    wait: async (ms) => void waits.push(ms),
    sender: { version: '1.2.3', server: 'host-1', environment: () => 'production' },
  });
});
afterEach(async () => {
  await sender.stop();
  server.close();
});

const frame = { name: 'answer', file: 'functions/ask/app.ts', line: 5, isOwn: true };
const library = { name: 'parse', file: 'node_modules/zod/parse.js', line: 9, isOwn: false };
function take(name = 'TypeError', fields: Partial<FoundError> = {}): void {
  const at = new Date(time).toISOString();
  const error = {
    unit: 'ask',
    name,
    type: name,
    frame,
    frames: [library, frame],
    release: 'abc123',
    at,
    isFatal: false,
  };
  const group = { unit: 'ask', name, place: 'answer functions/ask/app.ts', total: 7, firstSeen: at };
  sender.take({ ...error, example: 'Request failed: no', ...fields }, group as ErrorGroup);
}
const events = () => server.items.filter(({ type }) => type === 'event').map(({ payload }) => payload);
const discarded = () =>
  server.items.flatMap(({ type, payload }) => (type === 'client_report' ? payload.discarded_events : []));
const sent = (count: number) => vi.waitFor(() => expect(events()).toHaveLength(count), 5_000);

describe('errors', () => {
  it('are events with release, environment, frames and a fingerprint, and nothing about people', async () => {
    take();
    await sent(1);
    const [{ event_id, ...event }] = events();
    expect(event_id).toMatch(/^[0-9a-f]{32}$/);
    expect(event).toEqual({
      ...{ timestamp: start / 1_000, platform: 'node', level: 'error', logger: 'ask', server_name: 'host-1' },
      ...{
        release: 'ask@abc123',
        environment: 'production',
        tags: { unit: 'ask', error: 'TypeError', version: '1.2.3' },
      },
      fingerprint: ['ask', 'TypeError', 'answer functions/ask/app.ts'],
      extra: { total: 7, first_seen: '2026-03-01T10:00:00.000Z', similar_since_last_event: 0 },
      exception: {
        values: [
          {
            ...{ type: 'TypeError', value: 'Request failed: no', mechanism: { type: 'generic', handled: true } },
            stacktrace: {
              frames: [
                { function: 'answer', filename: 'functions/ask/app.ts', lineno: 5, in_app: true },
                { function: 'parse', filename: 'node_modules/zod/parse.js', lineno: 9, in_app: false },
              ],
            },
          },
        ],
      },
      sdk: { name: 'pandect', version: '1.2.3', settings: { infer_ip: 'never' } },
    });
    expect(server.refusals).toEqual([]);
  });

  it('that end a process are fatal, and those of no release carry the version', async () => {
    take('RangeError', { isFatal: true, release: undefined, frames: [] });
    await sent(1);
    const [event] = events();
    expect([event.level, event.release, event.exception.values[0].mechanism.handled]).toEqual([
      'fatal',
      'pandect@1.2.3',
      false,
    ]);
    expect(event.exception.values[0]).not.toHaveProperty('stacktrace');
  });

  it('of one group are sent once a minute, and the next one says how many there were', async () => {
    for (let n = 0; n < 5; n++) take();
    await sent(1);
    time += 60_000;
    take();
    await sent(2);
    expect(events()[1].extra.similar_since_last_event).toBe(4);
    expect(discarded()).toEqual([{ reason: 'sample_rate', category: 'error', quantity: 4 }]);
    time += 60_000;
    take();
    await sent(3);
    expect(discarded()).toHaveLength(1);
  });

  it('of many groups are sent sixty a minute', async () => {
    for (let n = 0; n < 1_000; n++) take(`Error ${n}`);
    await sent(60);
    time += 60_000;
    take('Error 1000');
    await sent(61);
    expect(discarded()).toEqual([{ reason: 'sample_rate', category: 'error', quantity: 940 }]);
  });

  it('are not sent without a DSN, nor when they are old, and follow a change of the settings', async () => {
    dsn = undefined;
    take();
    dsn = server.dsn;
    take('Old', { at: new Date(start - 3_600_001).toISOString() });
    take('RangeError');
    await sent(1);
    expect(events()[0].tags.error).toBe('RangeError');
  });
});

describe('a server', () => {
  it('that is full is left alone for as long as it asks, and then told what was left out', async () => {
    server.answerNext((response) => response.writeHead(429, { 'retry-after': '120' }).end());
    take('A');
    await vi.waitFor(() => {
      take('B');
      time += 1;
      expect(events()).toEqual([]);
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    time = start + 119_000;
    take('C');
    time = start + 121_000;
    take('D');
    await sent(1);
    expect([events()[0].tags.error, waits]).toEqual(['D', []]);
    expect(discarded()[0]).toMatchObject({ reason: 'ratelimit_backoff' });
  });

  it('that fails is asked three times, then given a minute', async () => {
    const fail = (response: { writeHead(status: number): { end(): void } }) => response.writeHead(503).end();
    server.answerNext(fail, fail);
    take('A');
    await sent(1);
    expect(waits).toEqual([1_000, 5_000]);
    server.answerNext(fail, fail, fail);
    take('B');
    await vi.waitFor(() => expect(warn).toHaveBeenCalledOnce());
    take('C');
    time += 60_001;
    take('D');
    await sent(2);
    expect(discarded()).toEqual([{ reason: 'network_error', category: 'error', quantity: 2 }]);
  });

  it('that is down or never answers costs nothing and is named nowhere', async () => {
    server.answerNext(() => {});
    const started = performance.now();
    for (let n = 0; n < 1_000; n++) take(`Error ${n}`);
    expect(performance.now() - started).toBeLessThan(1_000);
    const stopped = performance.now();
    await sender.stop();
    expect(performance.now() - stopped).toBeLessThan(4_000);
    expect(JSON.stringify(warn.mock.calls)).not.toMatch(/127\.0\.0\.1|b7f0a11c/);
  });

  it('that does not know the key is not asked again for the same event, and the log says so once an hour', async () => {
    dsn = server.dsn.replace('b7f0', '0000');
    for (const name of ['A', 'B']) take(name);
    await vi.waitFor(() => expect(server.refusals).toEqual(['403 unknown key', '403 unknown key']));
    await vi.waitFor(() => expect(warn).toHaveBeenCalledExactlyOnceWith({ status: 403 }, expect.any(String)));
    expect(waits).toEqual([]);
  });
});

describe('settings', () => {
  it.each([
    ['https://key@sentry.example.org/1', 'https://sentry.example.org/api/1/envelope/', 'sentry_key=key'],
    [
      'http://key:half@10.0.0.1:9000/a/b/77',
      'http://10.0.0.1:9000/a/b/api/77/envelope/',
      'sentry_key=key, sentry_secret=half',
    ],
  ])('%s names the endpoint and the key', (value, endpoint, auth) => {
    expect(parseEnvironment([SENTRY_DSN], { SENTRY_DSN: value })).toMatchObject({
      values: { SENTRY_DSN: value },
      mistakes: [],
    });
    const target = sentryTarget(value, 'pandect/1');
    expect([target.url.href, target.auth]).toEqual([
      endpoint,
      `Sentry sentry_version=7, sentry_client=pandect/1, ${auth}`,
    ]);
  });

  it.each([
    'https://sentry.example.org/1',
    'https://word@sentry.example.org/',
    'ftp://key@a/1',
    'secret',
    'https://k@a/1?x=1',
    'https://k@a:99999/1',
  ])('refuse %s', (value) => {
    const { mistakes } = parseEnvironment([SENTRY_DSN], { SENTRY_DSN: value });
    expect(mistakes.join()).toContain('SENTRY_DSN: wrong value: must be a DSN');
    expect(mistakes.join()).not.toContain(value);
  });
});

it.each([
  [{ status: 200 }, 0],
  [{ status: 429 }, 60_000],
  [{ status: 429, retryAfter: '7' }, 7_000],
  [{ status: 429, retryAfter: '1.5' }, 1_500],
  [{ status: 429, retryAfter: 'Sun, 01 Mar 2026 10:00:30 GMT' }, 30_000],
  [{ status: 429, retryAfter: 'soon' }, 60_000],
  [{ status: 429, retryAfter: '-5' }, 0],
  [{ status: 429, retryAfter: '99999999' }, 86_400_000],
  [
    { status: 200, rateLimits: '60:transaction:organization, 2700:default;error;security:organization:quota' },
    2_700_000,
  ],
  [{ status: 200, rateLimits: '60:transaction;session:key' }, 0],
  [{ status: 429, retryAfter: '5', rateLimits: '10::organization' }, 10_000],
  [{ status: 429, rateLimits: 'soon' }, 60_000],
])('after %j there is a pause of %d ms', (answer, ms) => {
  expect(pauseMs({ retryAfter: undefined, rateLimits: undefined, ...answer }, start)).toBe(ms);
});
