import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMetrics, type Metrics } from '../platform/kernel/telemetry/metrics.ts';
import { openCounters } from '../platform/supervisor/metrics/counters.ts';
import { median } from './support/figures.ts';
import type { Bench, Row } from './support/table.ts';

const ORGANIZATIONS = [0, 50, 500];
const MODELS = ['standard', 'advanced', 'small'];
/** As many as a platform has, with the routes of one each, two of which ask models. */
const PROCESSES = 24;
const ASKING = 2;
const ROUTES = 10;
const STATUSES = [200, 201, 400, 404, 429, 500];
const ROUNDS = 15;
const SCRAPE_SECONDS = 15;
const AIM_MS = 150;

const requests = { name: 'ai_requests_total', description: 'Answers' };
const tokens = { name: 'openai_tokens_total', description: 'Tokens' };

/** No platform: what processes tell is made by the real counters, and the real ledger adds it up and writes it down. */
export const metrics: Bench = {
  name: 'metrics',
  about: 'size of /metrics and what it costs, with up to 500 organizations',
  async run() {
    const rows: Row[] = [];
    for (const count of ORGANIZATIONS) rows.push(await measure(count));
    const { 'supervisor, ms of processor': most } = rows.at(-1) as Row;
    return {
      title: 'Metrics',
      rows,
      aims: [
        {
          what: `processor time of the supervisor for one reading at ${ORGANIZATIONS.at(-1)} organizations`,
          aim: `< ${AIM_MS} ms`,
          reached: `${most} ms`,
          met: Number(most) < AIM_MS,
        },
      ],
      notes: [
        `${PROCESSES} processes with ${ROUTES} routes each; ${ASKING} of them count ${MODELS.length} models for every organization. Medians of ${ROUNDS} readings, each after a change.`,
        `The share of a processor is that of a reading every ${SCRAPE_SECONDS} s, processes and supervisor together.`,
      ],
    };
  },
};

async function measure(organizations: number): Promise<Row> {
  const folder = await mkdtemp(join(tmpdir(), 'pandect-bench-'));
  const path = join(folder, 'counters.json');
  const counters = await openCounters(path, { warn() {} });
  const processes = new Map(
    Array.from({ length: PROCESSES }, (_, n) => [`process-${n}`, createMetrics({ enabled: true })]),
  );
  const [asking, merging, sizes]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, each] of [...processes.values()].entries()) work(each, index < ASKING ? organizations : 0);
    const began = processorMs();
    const told = new Map<string, string>();
    for (const [id, each] of processes) told.set(id, await each.expose());
    const asked = processorMs();
    const text = await counters.expose([...told.keys()], async (id) => told.get(id) as string, '');
    asking.push(asked - began);
    merging.push(processorMs() - asked);
    sizes.push(text.length);
  }
  await counters.close();
  const { size } = await stat(path);
  for (const each of processes.values()) await each.close();
  await rm(folder, { recursive: true });
  const share = (median(asking) + median(merging)) / (SCRAPE_SECONDS * 1000);
  return {
    organizations,
    'answer, kB': Math.round(median(sizes) / 1000),
    'processes, ms of processor': Math.round(median(asking)),
    'supervisor, ms of processor': Math.round(median(merging)),
    'file of counters, kB': Math.round(size / 1000),
    'of a processor, %': (share * 100).toFixed(2),
  };
}

/** What this process has used so far, which other work on the machine says less about than the time. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function work(metrics: Metrics, organizations: number): void {
  for (let route = 0; route < ROUTES; route++) {
    for (const status of STATUSES) metrics.request('GET', `/api/route-${route}/{id}`, status, Math.random());
  }
  for (let organization = 0; organization < organizations; organization++) {
    // As long as an id is.
    const labels = { organization: `00000000-0000-4000-8000-${String(organization).padStart(12, '0')}` };
    for (const model of MODELS) {
      metrics.count(requests, { ...labels, model });
      metrics.count(tokens, { ...labels, model }, 1_000);
    }
  }
}
