import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { CheckoutCopy } from '../tests/support/checkout-copy.ts';
import { type Account, createAccount } from '../tests/support/http/client.ts';
import { createText } from '../tests/support/load/text.ts';
import { pandect } from '../tests/support/platform.ts';
import { quantile, times } from './support/figures.ts';
import { type BenchPlatform, liftPlans, withCopy, withPlatform } from './support/platform.ts';
import type { Bench, Row } from './support/table.ts';

const UNITS = ['auth', 'documents', 'ingest', 'maintenance', 'notify', 'organization', 'search'];
const DOCUMENTS = 10;
const CHARACTERS = 80_000;
/** Of each kind of work, with as many pauses between. */
const ROUNDS = Number(process.env.BENCH_BACKGROUND_ROUNDS ?? 5);
const QUIET_MS = 5_000;
const BETWEEN_MS = 20;
const AIMS = { backup: 1.2, build: 1.5 };

export const background: Bench = {
  name: 'background',
  about: 'searches next to a backup and next to a build, against none (BENCH_BACKGROUND_ROUNDS, default 5)',
  run: () =>
    withCopy(UNITS, async (copy) => {
      const target = await mkdtemp(join(tmpdir(), 'pandect-bench-'));
      const env = {
        ...{ BUILD_NICENESS: '5', BACKUP_SCHEDULE: 'off', BACKUP_TO: join(target, 'backups') },
        BACKUP_PASSPHRASE: 'a passphrase of the bench',
      };
      try {
        return await withPlatform((platform) => measure(platform, copy, env), { root: copy.root, env });
      } finally {
        await rm(target, { recursive: true, force: true });
      }
    }),
};

type Work = 'nothing' | keyof typeof AIMS;

async function measure(platform: BenchPlatform, copy: CheckoutCopy, env: Record<string, string>) {
  await liftPlans(platform.owner);
  const account = await createAccount(platform);
  for (let number = 0; number < DOCUMENTS; number++) {
    await account.add(`contract-${number}.txt`, createText('en', number).legalText(CHARACTERS));
  }
  const changed = 'functions/organization/app.ts';
  const original = await copy.read(changed);
  let builds = 0;
  const works: Record<Work, () => Promise<unknown>> = {
    nothing: () => sleep(QUIET_MS),
    backup: () =>
      promisify(execFile)(process.execPath, ['pandect.ts', 'backup', 'create'], {
        cwd: copy.root,
        env: { PATH: process.env.PATH, HOME: process.env.HOME, PANDECT_HOME: platform.home, ...env },
      }),
    async build() {
      await copy.write(changed, `${original}\n// Build ${builds++}\n`);
      const { status, stdout, stderr } = await pandect(platform, 'deploy', 'organization', '--watch', '0');
      if (status !== 0) throw new Error(`Deploy: ${stdout}${stderr}`);
    },
  };
  await works.backup();
  const found: Record<Work, number[]> = { nothing: [], backup: [], build: [] };
  const seconds: Record<Work, number[]> = { nothing: [], backup: [], build: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const work of ['nothing', 'backup', 'nothing', 'build'] as const) {
      const began = performance.now();
      found[work].push(...(await searchUntil(account, works[work]())));
      seconds[work].push((performance.now() - began) / 1000);
    }
  }
  const p95 = (work: Work) => quantile(found[work], 0.95);
  const ratio = (work: Work) => p95(work) / p95('nothing');
  const rows = (Object.keys(found) as Work[]).map(
    (work): Row => ({
      ...{ 'next to': work, searches: found[work].length, seconds: quantile(seconds[work], 0.5).toFixed(1) },
      ...{ 'p50, ms': quantile(found[work], 0.5).toFixed(1), 'p95, ms': p95(work).toFixed(1), p95: times(ratio(work)) },
    }),
  );
  return {
    title: 'Searches next to work of the platform itself',
    rows,
    aims: Object.entries(AIMS).map(([work, aim]) => ({
      ...{ what: `p95 next to a ${work}`, aim: `≤ ${aim}×`, reached: times(ratio(work as Work)) },
      met: ratio(work as Work) <= aim,
    })),
    notes: [
      'One search after the other, each 20 ms after the last answer; kinds of work by turns. Seconds are of one piece of work.',
    ],
  };
}

/** @returns milliseconds of each search */
async function searchUntil(account: Account, ended: Promise<unknown>): Promise<number[]> {
  let isOver = false;
  const work = ended.finally(() => {
    isOver = true;
  });
  // It is awaited below; until then a failure is no surprise to Node.
  work.catch(() => {});
  const found: number[] = [];
  for (let turn = 0; !isOver; turn++) {
    const began = performance.now();
    await account.search(
      createText('en', 1_000 + turn)
        .words(4)
        .join(' '),
    );
    found.push(performance.now() - began);
    await sleep(BETWEEN_MS);
  }
  await work;
  return found;
}
