import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PendingQuery, Sql, TransactionSql } from 'postgres';
import { connect } from '../db/connect.ts';
import { hashFile } from '../platform/backup/content/inventory.ts';
import { createBackup } from '../platform/backup/create-backup.ts';
import { listBackups } from '../platform/backup/list-backups.ts';
import { createFilesKeeper } from '../platform/backup/log/keep-files.ts';
import { createLogKeeper } from '../platform/backup/log/keep-log.ts';
import { listLog } from '../platform/backup/log/list-log.ts';
import { logLimits } from '../platform/backup/log/log-limits.ts';
import { restorableRanges } from '../platform/backup/log/restorable-range.ts';
import { type PlatformData, platformData } from '../platform/backup/platform.fixture.ts';
import type { Repository } from '../platform/backup/repository/restic.ts';
import { restoreBackup } from '../platform/backup/restore/restore-backup.ts';
import { createLog } from '../platform/kernel/log.ts';
import { findBinaries } from '../platform/services/binaries.ts';
import { prepareHome } from '../platform/services/home.ts';
import { startPostgres } from '../platform/services/postgres.ts';
import { removeHome } from '../platform/services/remove-home.ts';
import { quantile } from './support/figures.ts';
import type { Bench, Row } from './support/table.ts';

const POINTS = Number(process.env.BENCH_KILLS ?? 20);
/** As the supervisor does. */
const ROUND_MS = 20_000;
const WRITE_MS = 50;
const UNIQUE_VIOLATION = '23505';
const QUEUE = { name: 'backup-kills', attempts: 3, backoff: 1, timeout: 60 };
const progress = () => {};

/** Times of the host's clock, which is the server's as well. */
interface Written {
  number: number;
  /** Before it was sent the first time. */
  began: number;
  /** When the client was told. */
  at: number;
}

/** What would be left of a server that is lost at a moment: the target as it is then. */
interface Lost {
  target: string;
  at: number;
  /** Writes that clients were told of by then. */
  written: number;
}

export const backupKills: Bench = {
  name: 'backup-kills',
  about:
    'a server lost at random moments under load (BENCH_KILLS, default 20): what a restore from the target misses, to the newest moment or, each second time, to a random one; whether rows, files, ledger and jobs agree',
  async run() {
    const data = await platformData({ isKeyLight: false, queues: [QUEUE] });
    try {
      const { losses, writes } = await loseAndGoOn(data);
      const rows: Row[] = [];
      for (const [index, loss] of losses.entries()) {
        const isNewest = index % 2 === 0;
        rows.push({ point: index + 1, ...(await missing(data, loss, { writes, isNewest })) });
      }
      const ofNewest = rows.filter(({ to }) => to === NEWEST);
      const seconds = ofNewest.map((row) => Number(row['newest lost write, s']));
      const inexact = rows.filter((row) => Number(row['not as of then']) > 0).length;
      const worst = Math.max(...seconds);
      const strange = rows.filter((row) => Number(row.holes) > 0).length;
      const unlike = rows.filter((row) => row.differs !== '').length;
      const oldestFile = Math.max(...ofNewest.map((row) => Number(row['oldest file that is missing, s'])));
      return {
        title: 'A server lost at random moments',
        rows,
        aims: [
          { what: 'oldest write that is lost', aim: '≤ 60 s', reached: `${worst.toFixed(1)} s`, met: worst <= 60 },
          {
            what: 'restores to a moment with a write of after it, or without one of before it',
            ...{ aim: '0', reached: String(inexact), met: inexact === 0 },
          },
          { what: 'restores with holes', aim: '0', reached: String(strange), met: strange === 0 },
          {
            what: 'oldest row whose file is missing',
            ...{ aim: '≤ 300 s', reached: `${oldestFile.toFixed(1)} s`, met: oldestFile <= 300 },
          },
          {
            what: 'restores in which files, ledger or jobs differ from the rows',
            ...{ aim: '0', reached: String(unlike), met: unlike === 0 },
          },
        ],
        notes: [
          `Median ${quantile(seconds, 0.5).toFixed(1)} s; a write each ${WRITE_MS} ms, each tenth a document, whose file may follow up to 5 minutes later`,
        ],
      };
    } finally {
      await data.close();
    }
  },
};

async function loseAndGoOn(data: PlatformData): Promise<{ losses: Lost[]; writes: Written[] }> {
  const place = await data.placeAt(join(data.folder, 'backups'));
  const { postgres: programs } = await findBinaries(['postgres']);
  const keeping = {
    ...{ home: data.home, databaseUrl: () => data.server.url, programs, place },
    limits: await logLimits(data.home.root),
    log: createLog({ level: 'silent' }),
  };
  const keeper = createLogKeeper(keeping);
  const files = createFilesKeeper(keeping);
  await keeper.round();
  await createBackup(place, { root: join(import.meta.dirname, '..'), progress });
  const ending = new AbortController();
  const writes: Written[] = [];
  const working = [
    write(data, writes, ending.signal),
    keepOn(() => keeper.round(), ending.signal),
    keepOn(() => files.round(), ending.signal),
  ];
  const losses: Lost[] = [];
  await sleep(ROUND_MS);
  for (let point = 0; point < POINTS; point++) {
    await sleep(Math.random() * ROUND_MS);
    const target = join(data.folder, `target-${point}`);
    process.kill(data.server.pid, 'SIGKILL');
    const lost = { target, at: Date.now(), written: writes.length };
    await cp(place.target.repository, target, { recursive: true });
    losses.push(lost);
    data.server = await startPostgres({
      home: data.home,
      binaries: { postgres: programs },
      settings: { fsync: 'off' },
    });
  }
  ending.abort();
  await Promise.all(working);
  await keeper.stop();
  return { losses, writes };
}

async function write(data: PlatformData, writes: Written[], signal: AbortSignal): Promise<void> {
  let began = Date.now();
  for (let number = 1; !signal.aborted; ) {
    const name = `Write ${number}`;
    // The server was killed: whether it was written is not known, and it is written again, which it refuses when it was.
    const isWritten = await data.owner
      .begin((tx) => writeOne(tx, name, number))
      .then(
        () => true,
        (error: { code?: string }) => error.code === UNIQUE_VIOLATION,
      );
    if (isWritten) {
      if (number % 10 === 0) await data.addDocument(name).catch(() => {});
      writes.push({ number, began, at: Date.now() });
      number++;
    }
    await sleep(WRITE_MS);
    if (isWritten) began = Date.now();
  }
}

/** A row, two entries of the ledger and a job, which belong together. */
async function writeOne(sql: TransactionSql, name: string, number: number): Promise<void> {
  const [row] = await sql<{ id: string }[]>`
    insert into organizations (name, tier) values (${name}, 'basic') returning id`;
  const organizationId = row?.id ?? '';
  const [entry] = await sql<{ id: string }[]>`
    insert into ledger_transactions (organization_id, kind, reference, at)
    values (${organizationId}, 'invoice', ${name}, now()) returning id`;
  for (const [position, account, amount] of [
    [0, 'receivable', number],
    [1, 'subscriptions', -number],
  ] as const) {
    await sql`
      insert into ledger_entries (transaction_id, position, organization_id, account, amount)
      values (${entry?.id ?? ''}, ${position}, ${organizationId}, ${account}, ${amount})`;
  }
  await sql`insert into pgboss.job (name, data) values (${QUEUE.name}, ${sql.json({ name })})`;
}

async function keepOn(round: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await round().catch(() => {});
    await sleep(ROUND_MS, undefined, { signal }).catch(() => {});
  }
}

/** A random moment that can be restored to, of those in which the client wrote. */
async function chooseMoment(repository: Repository, writes: readonly Written[]): Promise<Date> {
  const ranges = restorableRanges(await listBackups(repository), (await listLog(repository)).chapters);
  const [first = 0, until = 0] = [ranges.at(-1)?.from.getTime(), ranges.at(-1)?.until.getTime()];
  // A busy target may have nothing of the first writes yet.
  const from = Math.min(Math.max(first, writes[0]?.at ?? 0), until);
  return new Date(from + Math.floor(Math.random() * (until - from)));
}

const NEWEST = 'newest';

async function missing(
  data: PlatformData,
  { target, at, written }: Lost,
  { writes, isNewest }: { writes: readonly Written[]; isNewest: boolean },
): Promise<Row> {
  const { repository } = await data.placeAt(target);
  const into = join(data.folder, 'restored');
  const moment = isNewest ? undefined : await chooseMoment(repository, writes);
  const restored = await restoreBackup({ repository, id: undefined, at: moment, into, held: [], progress });
  const home = await prepareHome(into);
  const server = await startPostgres({ home, binaries: await findBinaries(['postgres']), settings: { fsync: 'off' } });
  const sql = connect(server.url);
  try {
    const rows = await sql<{ name: string }[]>`select distinct name from organizations where name like 'Write %'`;
    const there = new Set(rows.map(({ name }) => Number(name.slice(6))));
    const newest = Math.max(0, ...there);
    const told = moment ? writes.filter((write) => write.at <= moment.getTime()) : writes.slice(0, written);
    const late = moment ? writes.filter((write) => write.began > moment.getTime()) : [];
    const notAsOf = [
      ...(moment ? told.filter(({ number }) => !there.has(number)) : []),
      ...late.filter(({ number }) => there.has(number)),
    ];
    const lost = told.filter(({ number }) => number > newest);
    const files = await compareFiles(sql, home.files);
    const differs = [...(files.changed > 0 ? ['files'] : []), ...(await whatDiffers(sql, there))].join(', ');
    const oldest = Math.min(at, ...files.missing);
    return {
      to: moment ? `${((at - moment.getTime()) / 1000).toFixed(1)} s before` : NEWEST,
      writes: told.length,
      'not as of then': notAsOf.length,
      lost: lost.length,
      'newest lost write, s': lost[0] === undefined ? '0.0' : ((at - lost[0].at) / 1000).toFixed(1),
      holes: told.filter(({ number }) => number <= newest && !there.has(number)).length,
      differs,
      files: files.count,
      'files missing': files.missing.length,
      'oldest file that is missing, s': ((at - oldest) / 1000).toFixed(1),
      'restore, s': restored.seconds.toFixed(1),
    };
  } finally {
    await sql.end({ timeout: 5 });
    await server.stop();
    await removeHome(into);
    await rm(target, { recursive: true, force: true });
  }
}

/** What was written together is there together, and each entry of the ledger has its other side. */
async function whatDiffers(sql: Sql, rows: ReadonlySet<number>): Promise<string[]> {
  const numbers = async (query: PendingQuery<{ name: string }[]>) =>
    new Set((await query).map(({ name }) => Number(name.slice(6))));
  const ledger = await numbers(sql`
    select t.reference as name from ledger_transactions t join ledger_entries e on e.transaction_id = t.id
    where t.reference like 'Write %' group by t.id having count(*) = 2 and sum(e.amount) = 0`);
  const jobs = await numbers(sql`select data ->> 'name' as name from pgboss.job where name = ${QUEUE.name}`);
  return Object.entries({ ledger, jobs })
    .filter(([, found]) => found.symmetricDifference(rows).size > 0)
    .map(([what]) => what);
}

/** All files of rows by their content. @returns when the rows were written whose file is missing, in milliseconds of the clock */
async function compareFiles(sql: Sql, folder: string): Promise<{ count: number; changed: number; missing: number[] }> {
  const rows = await sql<{ key: string; sha256: string; at: Date }[]>`
    select storage_key as key, sha256, created_at as at from documents`;
  const found = await Promise.all(
    rows.map(async ({ key, sha256, at }) => {
      const hash = await hashFile(join(folder, key)).catch(() => undefined);
      return { at: at.getTime(), isMissing: hash === undefined, isChanged: hash !== undefined && hash !== sha256 };
    }),
  );
  return {
    count: rows.length,
    changed: found.filter(({ isChanged }) => isChanged).length,
    missing: found.filter(({ isMissing }) => isMissing).map(({ at }) => at),
  };
}
