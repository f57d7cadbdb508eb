import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { prepareHome } from '../platform/services/home.ts';
import { removeWithHomes } from '../platform/services/remove-home.ts';
import { type TemporaryHome, temporaryHome } from '../platform/services/temporary-home.ts';
import { ERROR_BUDGET } from '../platform/supervisor/alerts/rules/service-level.ts';
import { freePort } from '../platform/testing/free-port.ts';
import { change, rowsOf } from '../tests/support/control.ts';
import { addEchoFunction, type EchoFunction } from '../tests/support/echo-function.ts';
import { readMetrics, type Series, sumOf } from '../tests/support/metrics.ts';
import { startTestPlatform, type TestPlatform } from '../tests/support/platform.ts';
import { withCopy } from './support/platform.ts';
import { startSteadyLoad, type Visit } from './support/steady-load.ts';
import type { Bench, Row } from './support/table.ts';

const DAYS = Number(process.env.BENCH_MONTH_DAYS ?? 10);
const DAY_MS = 10_000;
/** So that what fails is told of the one thing that happened. */
const APART_MS = 1_500;
const MONTH_DAYS = 30;
const DAY_SECONDS = 86_400;
const CONNECTIONS = 10;
const PAUSE_MS = 500;
/** Days between two of them; one restore, in the middle, with the platform down from the loss to the start. */
const EVERY = { deploy: 1, kill: 1, restart: 3, supervisor: 5 };

export const month: Bench = {
  name: 'month',
  about: `deploys, kills, restarts and a restore of a month within minutes (BENCH_MONTH_DAYS, default 10): what is left of 99.9 %`,
  run: () =>
    withCopy([], async (copy) => {
      const echo = await addEchoFunction(copy, 'busy');
      const folder = await mkdtemp(join(tmpdir(), 'pandect-bench-'));
      const first = await temporaryHome();
      const life = new Life(copy.root, await freePort(), folder, echo);
      try {
        await life.start(first);
        const load = startSteadyLoad({ url: life.url, connections: CONNECTIONS, pauseMs: PAUSE_MS });
        for (let day = 1; day <= DAYS; day++) await life.pass(day);
        const visits = await load.stop();
        await life.end();
        return tell(life, visits);
      } finally {
        await life.kill();
        await first.remove();
        await removeWithHomes(folder);
      }
    }),
};

/** What happened so often, and how many requests failed of those that began while it did, or within a second after. */
interface Happening {
  what: string;
  began: number;
  ended: number;
}

class Life {
  readonly happenings: Happening[] = [];
  /** Answers that the platform counted, by the rule of its service level: all, and those with an error of ours. */
  readonly counted = { all: 0, errors: 0 };
  #platform: TestPlatform | undefined;
  #home: TemporaryHome | undefined;
  readonly #root: string;
  readonly #port: number;
  readonly #folder: string;
  readonly #echo: EchoFunction;

  constructor(root: string, port: number, folder: string, echo: EchoFunction) {
    this.#root = root;
    this.#port = port;
    this.#folder = folder;
    this.#echo = echo;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}${this.#echo.path}`;
  }

  get #running(): TestPlatform {
    if (!this.#platform) throw new Error('Live a month: no platform runs');
    return this.#platform;
  }

  async start(home: TemporaryHome): Promise<void> {
    this.#home = home;
    this.#platform = await startTestPlatform({ home, root: this.#root, port: this.#port, env: this.#settings });
  }

  async pass(day: number): Promise<void> {
    const end = performance.now() + DAY_MS;
    if (day === Math.ceil(DAYS / 2)) await this.#during('restore', () => this.#restore());
    if (day % EVERY.deploy === 0) await this.#during('deploy', () => this.#deploy(day));
    if (day % EVERY.kill === 0) await this.#during('kill of a process', () => this.#killProcess());
    if (day % EVERY.restart === 0) {
      await this.#during('restart', async () => void (await change(this.#running, 'restart', { units: ['busy'] })));
    }
    if (day % EVERY.supervisor === 0) await this.#during('kill of the supervisor', () => this.#killSupervisor());
    await sleep(Math.max(0, end - performance.now()));
  }

  async end(): Promise<void> {
    await this.#count();
    await this.#running.stop();
    this.#platform = undefined;
  }

  async kill(): Promise<void> {
    await this.#platform?.stop().catch(() => {});
  }

  get #settings(): Record<string, string> {
    return {
      ...{ BUILD_NICENESS: '5', BACKUP_TO: join(this.#folder, 'backups'), BACKUP_SCHEDULE: 'off' },
      BACKUP_PASSPHRASE: 'a passphrase of the bench',
    };
  }

  async #during(what: string, work: () => Promise<void>): Promise<void> {
    const began = performance.now();
    await work();
    this.happenings.push({ what, began, ended: performance.now() });
    await sleep(APART_MS);
  }

  async #deploy(day: number): Promise<void> {
    await this.#echo.write({ version: `day-${day}` });
    const { ok, events } = await change(this.#running, 'deploy', { units: ['busy'], watch: 0 });
    if (!ok) throw new Error(`Deploy: ${JSON.stringify(events)}`);
  }

  async #killProcess(): Promise<void> {
    const [row] = await rowsOf(this.#running, 'busy');
    if (row?.pid) process.kill(row.pid, 'SIGKILL');
  }

  async #killSupervisor(): Promise<void> {
    await this.#running.killSupervisor();
    if (this.#home) await this.start(this.#home);
  }

  /** The host is lost right after a backup; another one takes its address. */
  async #restore(): Promise<void> {
    const before = this.#running;
    await this.#pandect(before.home, 'backup', 'create');
    await this.#count();
    const restored = join(this.#folder, 'restored');
    await before.stop();
    await this.#pandect(before.home, 'restore', '--into', restored);
    await this.start({ path: restored, home: await prepareHome(restored), remove: async () => {} });
  }

  async #pandect(home: string, ...args: string[]): Promise<void> {
    const { PATH, HOME } = process.env;
    await promisify(execFile)(process.execPath, ['pandect.ts', ...args], {
      cwd: this.#root,
      env: { PATH, HOME, PANDECT_HOME: home, ...this.#settings },
    });
  }

  /** Counters begin at nothing in a restored home. */
  async #count(): Promise<void> {
    const series = await readMetrics(this.#running.url);
    const sums = (only: (one: Series) => boolean) =>
      ['http_requests_total', 'pandect_edge_responses_total'].reduce(
        (sum, name) => sum + sumOf(series.filter(only), name),
        0,
      );
    this.counted.all += sums(() => true);
    this.counted.errors += sums(({ labels }) => labels.status?.startsWith('5') === true);
  }
}

function tell({ happenings, counted }: Life, visits: readonly Visit[]) {
  const failed = visits.filter(({ failure }) => failure !== undefined);
  const rows = [...Map.groupBy(happenings, ({ what }) => what)].map(([what, all]): Row => {
    const seconds = all.reduce((sum, { began, ended }) => sum + ended - began, 0) / 1000;
    const lost = failed.filter((visit) =>
      all.some(({ began, ended }) => visit.began >= began && visit.began <= ended + 1_000),
    );
    return {
      what,
      times: all.length,
      'seconds each': (seconds / all.length).toFixed(1),
      'requests failed': lost.length,
    };
  });
  const perSecond = visits.length / (((visits.at(-1)?.ended ?? 0) - (visits[0]?.began ?? 0)) / 1000);
  const ofMonth = perSecond * DAYS * DAY_SECONDS;
  const percent = (share: number) => `${(100 * share).toFixed(4)} %`;
  const over = 1 - failed.length / ofMonth;
  const byCounters = 1 - counted.errors / ofMonth;
  const aim = (what: string, reached: number) => ({
    ...{ what, aim: `≥ ${percent(1 - ERROR_BUDGET)}`, reached: percent(reached), met: reached >= 1 - ERROR_BUDGET },
  });
  return {
    title: `${DAYS} of the ${MONTH_DAYS} days of a month`,
    rows,
    aims: [
      aim('of the requests of these days at this rate, answered for their clients', over),
      aim('the same by the product’s own counters, which see nothing while the platform is down', byCounters),
    ],
    notes: [
      `${visits.length} requests, ${perSecond.toFixed(0)} a second; ${failed.length} failed for their clients, while nothing listened too.`,
      `A day takes ${DAY_MS / 1000} s here, with all that happens on it: of the requests that were made, ${percent(1 - failed.length / visits.length)} were answered.`,
      `Of the ${counted.all} requests that the platform counted, ${percent(1 - counted.errors / counted.all)} had no error of its own.`,
    ],
  };
}
