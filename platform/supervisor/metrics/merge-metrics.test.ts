import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { figuresPath } from '../../kernel/paths/figures-path.ts';
import { createMetrics } from '../../kernel/telemetry/metrics.ts';
import { MOST_SERIES } from './bound-series.ts';
import { createMetricsLedger, lastFigures } from './merge-metrics.ts';

const figures = (requests: number, active: number) => `# HELP http_requests_total Requests answered
# TYPE http_requests_total counter
http_requests_total{method="GET",endpoint="/a b"} ${requests}
# HELP active_users_total People
# TYPE active_users_total gauge
active_users_total ${active}
# HELP seconds Time
# TYPE seconds histogram
seconds_count{endpoint="/a"} ${requests}
seconds_sum{endpoint="/a"} ${requests / 4}
seconds_bucket{endpoint="/a",le="+Inf"} ${requests}
`;
const countOf = (text: string, series: string) => {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
};
const requests = 'http_requests_total{method="GET",endpoint="/a b"}';

describe('createMetricsLedger', () => {
  it('adds up the same series of several processes', () => {
    const text = createMetricsLedger().merge([figures(3, 1), figures(5, 2)]);
    expect(countOf(text, requests)).toBe(8);
    expect(countOf(text, 'seconds_sum{endpoint="/a"}')).toBe(2);
    expect(countOf(text, 'seconds_bucket{endpoint="/a",le="+Inf"}')).toBe(8);
  });

  it('takes the highest of what the processes share', async () => {
    const told = await Promise.all(
      [1, 2, 0].map(async (value) => {
        const metrics = createMetrics({ enabled: true });
        metrics.sharedGauges('breaker_state', 'State', async () => [{ labels: { target: 'gpt' }, value }]);
        metrics.gauge('in_flight', 'Calls', () => value);
        return metrics.expose();
      }),
    );
    const text = createMetricsLedger().merge(told);
    expect(countOf(text, 'breaker_state{target="gpt"}')).toBe(2);
    expect(countOf(text, 'in_flight')).toBe(3);
    expect(text).not.toContain('SHARED');
  });

  it('describes each family once, before its series and with all of them together', () => {
    const text = createMetricsLedger().merge([figures(1, 1), figures(1, 1)]);
    expect(
      text.split('\n').map((line) =>
        line
          .split(/[ {]/)
          .slice(0, line.startsWith('#') ? 3 : 1)
          .join(' '),
      ),
    ).toEqual([
      ...['# HELP http_requests_total', '# TYPE http_requests_total', 'http_requests_total'],
      ...['# HELP active_users_total', '# TYPE active_users_total', 'active_users_total'],
      ...['# HELP seconds', '# TYPE seconds', 'seconds_count', 'seconds_sum', 'seconds_bucket'],
      '',
    ]);
  });

  it('keeps what ended processes counted, but not what they showed of their moment', () => {
    const ledger = createMetricsLedger();
    ledger.retire(figures(100, 7));
    ledger.retire(figures(10, 7));
    expect(countOf(ledger.merge([]), requests)).toBe(110);
    expect(countOf(ledger.merge([]), 'active_users_total')).toBeUndefined();
    const text = ledger.merge([figures(1, 2)]);
    expect(countOf(text, requests)).toBe(111);
    expect(countOf(text, 'active_users_total')).toBe(2);
    expect(countOf(ledger.merge([]), 'active_users_total')).toBeUndefined();
  });

  it('never counts back over a process that is replaced', () => {
    const ledger = createMetricsLedger();
    const before = countOf(ledger.merge([figures(20, 1)]), requests) ?? 0;
    ledger.retire(figures(21, 1));
    expect(countOf(ledger.merge([figures(0, 0)]), requests)).toBeGreaterThanOrEqual(before);
  });

  it('keeps what was shown of a process that is lost without its figures, and counts on from there', () => {
    const ledger = createMetricsLedger();
    ledger.merge([figures(100, 1)]);
    expect(countOf(ledger.merge([figures(3, 1)]), requests)).toBe(100);
    expect(countOf(ledger.merge([figures(5, 1)]), requests)).toBe(102);
  });

  it('takes a process that does not answer for one that is still to be counted', () => {
    const ledger = createMetricsLedger();
    ledger.merge([figures(100, 1), figures(7, 1)]);
    expect(countOf(ledger.merge([figures(8, 1)], false), requests)).toBe(107);
    expect(countOf(ledger.merge([figures(101, 1), figures(9, 1)]), requests)).toBe(110);
  });

  it('counts on from the state of another', () => {
    const first = createMetricsLedger();
    first.retire(figures(100, 1));
    first.merge([figures(20, 3)]);
    const next = createMetricsLedger(JSON.parse(JSON.stringify(first.state)));
    const text = next.merge([figures(21, 4)]);
    expect([countOf(text, requests), countOf(text, 'active_users_total')]).toEqual([121, 4]);
    expect(countOf(next.merge([]), 'seconds_sum{endpoint="/a"}')).toBe(121 / 4);
  });

  it('counts together what is told beyond the series that there may be, and loses nothing', () => {
    const ledger = createMetricsLedger();
    const asked = (from: number, to: number) =>
      [
        '# TYPE asked_total counter',
        ...Array.from({ length: to - from }, (_, n) => `asked_total{organization="o${from + n}"} 1`),
        '',
      ].join('\n');
    ledger.retire(asked(0, MOST_SERIES));
    const text = ledger.merge([asked(MOST_SERIES, MOST_SERIES + 50), asked(MOST_SERIES, MOST_SERIES + 25)]);
    expect(countOf(text, 'asked_total{organization="other"}')).toBe(75);
    expect(text.split('\n').filter((line) => line.startsWith('asked_total')).length).toBe(MOST_SERIES + 1);
    expect(countOf(ledger.merge([]), 'asked_total{organization="other"}')).toBe(75);
  });

  it('never shows a sum lower for having added it up in another order', () => {
    const ledger = createMetricsLedger();
    const parts = [1, 2, 3].map((n) => `# TYPE seconds histogram\nseconds_sum ${n / 10}\n`);
    const before = countOf(ledger.merge(parts), 'seconds_sum') ?? 0;
    expect(countOf(ledger.merge(parts.toReversed()), 'seconds_sum')).toBeGreaterThanOrEqual(before);
  });

  it('takes what processes really expose, and nothing from one that was away', async () => {
    const processes = [createMetrics({ enabled: true }), createMetrics({ enabled: true })];
    for (const metrics of processes) metrics.request('GET', '/api/documents/{id}', 200, 0.02);
    const texts = await Promise.all(processes.map((metrics) => metrics.expose()));
    const text = createMetricsLedger().merge([...texts, '']);
    expect(countOf(text, 'http_requests_total{method="GET",endpoint="/api/documents/{id}",status="200"}')).toBe(2);
    expect(countOf(text, 'http_request_duration_seconds_count{method="GET",endpoint="/api/documents/{id}"}')).toBe(2);
    for (const metrics of processes) await metrics.close();
  });
});

describe('lastFigures', () => {
  it('are used up by reading, and empty after a crash', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
    const socket = join(folder, 'a.sock');
    await writeFile(figuresPath(socket), 'a 1\n');
    expect([await lastFigures(socket), await lastFigures(socket)]).toEqual(['a 1\n', '']);
    await rm(folder, { recursive: true });
  });

  it('are none where a process has put something else in their place', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
    const socket = join(folder, 'a.sock');
    await writeFile(join(folder, 'secret'), 'secret 1\n');
    const plant = {
      link: () => symlink(join(folder, 'secret'), figuresPath(socket)),
      pipe: async () => void execFileSync('mkfifo', [figuresPath(socket)]),
      folder: () => mkdir(figuresPath(socket)),
    };
    for (const put of Object.values(plant)) {
      await put();
      expect(await lastFigures(socket)).toBe('');
    }
    expect(await readFile(join(folder, 'secret'), 'utf8')).toBe('secret 1\n');
    await rm(folder, { recursive: true });
  });
});
