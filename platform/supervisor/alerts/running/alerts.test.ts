import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AlertDesk, alertDesk, healthy } from './alerts.fixture.ts';

/** A webhook that keeps the titles that come. */
async function startWebhook() {
  const titles: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    titles.push(JSON.parse(body).data.title);
    response.writeHead(204, { connection: 'close' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { titles, host: `127.0.0.1:${port}`, close: () => server.close() };
}

let webhook: Awaited<ReturnType<typeof startWebhook>>;
let desk: AlertDesk;
beforeEach(async () => {
  webhook = await startWebhook();
  desk = await alertDesk({
    ALERT_WEBHOOK: `http://${webhook.host}/alerts`,
    ALERT_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32).toString('base64')}`,
    OUTBOUND_WHITELIST: webhook.host,
  });
});
afterEach(async () => {
  await desk.close();
  webhook.close();
});

const MINUTE = 60;
const HOUR = 3_600;
const crowded = { ...healthy, pandect_host_memory_available_bytes: 20 };
const shown = () => desk.alerts.list().alerts.map(({ rule, state }) => `${rule} ${state}`);
const told = () => webhook.titles.map((title) => title.replace('[Pandect] server-1: ', '')).splice(0);
/** The titles since the last call. */
const news = () => {
  const titles = told();
  webhook.titles.length = 0;
  return titles;
};

describe('an alert', () => {
  it('is pending, fires, is told once, repeated after four hours, and resolved', async () => {
    await desk.pass(MINUTE);
    expect(shown()).toEqual([]);
    desk.figures = crowded;
    await desk.pass(MINUTE);
    expect(shown()).toEqual(['Memory pending']);
    await desk.pass(2 * MINUTE);
    expect(shown()).toEqual(['Memory firing']);
    expect(news()).toEqual(['CRITICAL: 98 % of the memory is in use (limit 95 %)']);
    await desk.pass(3.9 * HOUR);
    expect(news()).toEqual([]);
    await desk.pass(HOUR / 5);
    expect(desk.warnings).toEqual([]);
    expect(news()).toEqual(['CRITICAL: 98 % of the memory is in use (limit 95 %)']);
    desk.figures = { ...healthy };
    await desk.pass(2 * MINUTE);
    expect(shown()).toEqual([]);
    expect(news()).toEqual(['resolved: 98 % of the memory is in use (limit 95 %)']);
    expect(desk.alerts.list().past[0]).toMatchObject({ rule: 'Memory', endedAt: expect.any(String) });
  });

  it('that ends before it fires is told to no one', async () => {
    desk.figures = crowded;
    await desk.pass(1.5 * MINUTE);
    desk.figures = { ...healthy };
    await desk.pass(10 * MINUTE);
    expect(news()).toEqual([]);
  });

  it('comes with the others of its time in one message', async () => {
    desk.figures = { ...crowded, pandect_files_missing: 3, 'pandect_breaker_open{provider="openai"}': 1 };
    await desk.pass(2 * MINUTE + 45);
    expect(news()).toEqual(['CRITICAL: 2 alerts: BreakerOpen, Memory']);
    await desk.pass(10 * MINUTE);
    expect(news()).toEqual(['CRITICAL: 3 documents have lost their file']);
  });

  it('stays as it is while the figures cannot be read, which is told', async () => {
    desk.figures = crowded;
    await desk.pass(4 * MINUTE);
    news();
    desk.figures = undefined;
    await desk.pass(2 * MINUTE);
    expect(shown().toSorted()).toEqual(['Down firing', 'Memory firing']);
    expect(news()).toEqual(['CRITICAL: The figures of the platform cannot be read']);
    expect(desk.alerts.list()).toMatchObject({ isReadable: false });
    desk.figures = { ...healthy };
    await desk.pass(MINUTE);
    expect(news()).toEqual(['resolved: 2 alerts: Down, Memory']);
  });

  it('case 6: tells within 20 minutes that the target of the backups does not answer', async () => {
    const archivedAt = desk.wall() / 1000;
    desk.figures = { ...healthy, pandect_wal_archived_timestamp_seconds: archivedAt };
    await desk.pass(20 * MINUTE + 45);
    expect(news()).toEqual([
      expect.stringMatching(/^CRITICAL: Changes of the database of the last .* are not at the target/),
    ]);
    await desk.pass(3 * HOUR);
    expect(news()).toEqual([]);
    desk.figures = { ...healthy, pandect_wal_archived_timestamp_seconds: desk.wall() / 1000 };
    await desk.pass(5 * MINUTE);
    expect(news()).toEqual([expect.stringMatching(/^resolved: /)]);
  });

  it('is evaluated while the database is down', async () => {
    const { 'pandect_database_connections{state="idle"}': _, ...without } = healthy;
    desk.figures = { ...without, pandect_host_memory_available_bytes: 20 };
    await desk.pass(4 * MINUTE);
    expect(news()).toEqual(['CRITICAL: 2 alerts: Memory, DatabaseDown']);
  });
});

describe('what the supervisor forgets', () => {
  it('is in the home: an alert is neither told again nor lost', async () => {
    const errors = 'http_requests_total{method="GET",endpoint="/api/plans",status="500"}';
    const counters = { ...crowded, [errors]: 0 };
    desk.figures = counters;
    for (let step = 0; step < 44; step++) {
      counters[errors] = (counters[errors] ?? 0) + 15;
      await desk.pass(15);
    }
    expect(shown()).toEqual(expect.arrayContaining(['Memory firing', 'ErrorRate firing']));
    expect(news().length).toBeGreaterThan(0);
    await desk.restart();
    expect(shown()).toEqual(expect.arrayContaining(['Memory firing', 'ErrorRate firing']));
    // There are no rates after a single value.
    await desk.pass(15);
    expect(shown()).toEqual(expect.arrayContaining(['Memory firing', 'ErrorRate firing']));
    for (let step = 0; step < 8; step++) {
      counters[errors] = (counters[errors] ?? 0) + 15;
      await desk.pass(15);
    }
    expect(news()).toEqual([]);
    desk.figures = { ...healthy, [errors]: counters[errors] ?? 0 };
    await desk.pass(20 * MINUTE);
    expect(shown()).not.toContain('ErrorRate firing');
    expect(news()[0]).toContain('resolved: Memory'.slice(0, 9));
  });

  it('is no proof: what was pending fires only when it is found, since it was first met', async () => {
    const refused = 'pandect_edge_responses_total{status="503"}';
    const counters = { ...crowded, [refused]: 0 };
    desk.figures = counters;
    const grow = async (steps: number) => {
      for (let step = 0; step < steps; step++) {
        counters[refused] = (counters[refused] ?? 0) + 60;
        await desk.pass(15);
      }
    };
    await grow(6);
    expect(shown()).toEqual(expect.arrayContaining(['Memory pending', 'EdgeErrors pending']));
    await desk.restart();
    counters.pandect_host_memory_available_bytes = 500;
    // There are no rates after a single value.
    await grow(1);
    expect(shown()).toContain('EdgeErrors pending');
    await grow(3);
    expect(shown()).toContain('EdgeErrors firing');
    await grow(4);
    expect(shown().join()).not.toContain('Memory');
    expect(desk.alerts.list().past).toEqual([]);
  });

  it('begins with nothing where its file is broken', async () => {
    await desk.alerts.stop();
    await writeFile(join(desk.home, 'alerts.json'), '{"active": [');
    await desk.restart();
    expect(desk.warnings.at(-1)?.[1]).toContain('not readable');
    desk.figures = crowded;
    await desk.pass(3 * MINUTE);
    expect(news()).toHaveLength(1);
    expect(JSON.parse(await readFile(join(desk.home, 'alerts.json'), 'utf8')).active).toHaveLength(1);
  });

  it('is no condition: on a disk that takes nothing alerts still come', async () => {
    // Where its draft would stand there is a folder.
    await mkdir(join(desk.home, 'alerts.json.next', 'taken'), { recursive: true });
    desk.figures = crowded;
    await desk.pass(3 * MINUTE);
    expect(news()).toHaveLength(1);
    expect(desk.warnings.filter(([, words]) => words === 'Alerts: their state is not written')).toHaveLength(1);
    await rm(join(desk.home, 'alerts.json.next'), { recursive: true });
    await chmod(desk.home, 0o700);
  });
});

describe('a clock that jumps', () => {
  it.each([-2 * 24 * HOUR, 5 * HOUR])('by %i s makes nothing fire, and nothing come twice', async (seconds) => {
    desk.figures = crowded;
    await desk.pass(MINUTE);
    desk.jump(seconds);
    await desk.pass(MINUTE / 2);
    expect(shown()).toEqual(['Memory pending']);
    await desk.pass(2 * MINUTE);
    expect(news()).toHaveLength(1);
    desk.jump(seconds);
    await desk.pass(HOUR);
    expect(news()).toEqual([]);
    expect(desk.warnings.filter(([, words]) => String(words).includes('the clock was set'))).toHaveLength(2);
    await desk.restart();
    await desk.pass(HOUR);
    expect(news()).toEqual([]);
    await desk.pass(3 * HOUR);
    expect(news()).toHaveLength(1);
  });
});

describe('an alert that comes and goes', () => {
  it('is resolved once', async () => {
    const path = join(desk.home, 'rules.yml');
    desk.source = { ...desk.source, ALERT_RULES_PATH: path };
    await writeFile(path, 'rules:\n  Memory: { for: 0s, severity: warning }\n');
    desk.figures = crowded;
    await desk.pass(MINUTE);
    desk.figures = { ...healthy };
    await desk.pass(MINUTE);
    desk.figures = crowded;
    await desk.pass(5 * MINUTE);
    expect(news()).toHaveLength(2);
    desk.figures = { ...healthy };
    await desk.pass(10 * MINUTE);
    expect(news()).toEqual(['resolved: 98 % of the memory is in use (limit 95 %)']);
  });
});

describe('the first channel', () => {
  it('is told what fired before it was there', async () => {
    const { source } = desk;
    desk.source = {};
    desk.figures = crowded;
    await desk.pass(HOUR);
    expect(shown()).toEqual(['Memory firing']);
    desk.source = source;
    await desk.pass(15);
    expect(news()).toEqual(['CRITICAL: 98 % of the memory is in use (limit 95 %)']);
  });
});

describe('silences and quiet hours', () => {
  it('keep the end of an alert back as well', async () => {
    desk.figures = crowded;
    await desk.pass(3 * MINUTE);
    expect(news()).toHaveLength(1);
    await desk.alerts.silence({ rule: 'Memory', seconds: HOUR });
    desk.figures = { ...healthy };
    await desk.pass(HOUR / 2);
    expect(news()).toEqual([]);
    await desk.pass(HOUR);
    expect(news()).toEqual(['resolved: 98 % of the memory is in use (limit 95 %)']);
  });

  it('keep alerts from being sent, but for the others', async () => {
    const queues = {
      'pandect_queue_jobs{queue="ingest",state="waiting"}': 200,
      'pandect_queue_jobs{queue="notify",state="waiting"}': 200,
    };
    await desk.alerts.silence({ rule: 'Queue', unit: 'ingest', seconds: HOUR });
    await desk.alerts.silence({ rule: 'QueueGrows', seconds: HOUR / 2 });
    desk.figures = { ...healthy, ...queues };
    await desk.pass(8 * MINUTE);
    expect(
      desk.alerts.list().alerts.map(({ rule, labels, isSilenced }) => `${rule} ${labels.queue} ${isSilenced}`),
    ).toEqual(['QueueGrows ingest true', 'QueueGrows notify true', 'Queue ingest true', 'Queue notify false']);
    expect(news()).toEqual(['WARNING: 200 jobs wait in the queue "notify" (limit 100)']);
    expect(await desk.alerts.endSilence({ rule: 'Queue', unit: 'ingest' })).toBe(true);
    expect(await desk.alerts.endSilence({ rule: 'Queue', unit: 'ingest' })).toBe(false);
    await desk.pass(6 * MINUTE);
    expect(news()).toEqual(['WARNING: 200 jobs wait in the queue "ingest" (limit 100)']);
    expect(desk.alerts.list().silences).toMatchObject([{ rule: 'QueueGrows' }]);
    await desk.restart();
    expect(desk.alerts.list().silences).toMatchObject([{ rule: 'QueueGrows' }]);
    await desk.pass(HOUR / 2);
    expect(desk.alerts.list().silences).toEqual([]);
    await expect(desk.alerts.silence({ rule: 'Memry', seconds: 1 })).rejects.toThrow('did you mean "Memory"');
  });

  it('wait for the morning, but for critical alerts', async () => {
    // It is 15:00 in Moscow.
    desk.source = { ...desk.source, ALERT_QUIET_HOURS: '14:30-15:30 Europe/Moscow' };
    desk.figures = { ...healthy, 'pandect_breaker_open{provider="openai"}': 1 };
    await desk.pass(10 * MINUTE);
    expect(news()).toEqual([]);
    desk.figures = { ...desk.figures, pandect_host_memory_available_bytes: 20 };
    await desk.pass(5 * MINUTE);
    expect(news()).toEqual(['CRITICAL: 98 % of the memory is in use (limit 95 %)']);
    await desk.pass(20 * MINUTE);
    expect(news()).toEqual(['WARNING: The provider "openai" fails and is not called']);
  });
});

describe('the rule file of the operator', () => {
  it('changes thresholds, and with a mistake leaves the rules as they were', async () => {
    const path = join(desk.home, 'rules.yml');
    desk.source = { ...desk.source, ALERT_RULES_PATH: path };
    await writeFile(path, 'rules:\n  Memory: { threshold: 40%, for: 0s, severity: info }\n  BreakerOpen: off\n');
    desk.figures = { ...healthy, 'pandect_breaker_open{provider="openai"}': 1 };
    await desk.pass(MINUTE);
    expect(desk.alerts.list()).toMatchObject({
      mistakes: [],
      alerts: [{ rule: 'Memory', severity: 'info', threshold: 0.4 }],
    });
    expect(news()).toEqual(['INFO: 50 % of the memory is in use (limit 40 %)']);
    await writeFile(path, 'rules:\n  Memory: { threshold: much }\n  Memry: off\n');
    await desk.pass(MINUTE);
    expect(desk.alerts.list().mistakes).toEqual([
      `${path}:2: threshold of "Memory": "much": must be a share such as 90% or 0.9`,
      `${path}:3: "Memry": no such rule; did you mean "Memory"?`,
    ]);
    expect(shown()).toEqual(['Memory firing']);
    await writeFile(path, '');
    await desk.pass(3 * MINUTE);
    expect(desk.alerts.list().mistakes).toEqual([]);
    expect(shown()).toEqual(['BreakerOpen firing']);
  });
});
