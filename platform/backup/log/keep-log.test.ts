import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect } from '../../../db/connect.ts';
import { createLog } from '../../kernel/log.ts';
import { findBinaries } from '../../services/binaries.ts';
import { startPostgres } from '../../services/postgres.ts';
import type { Service } from '../../services/processes.ts';
import { type TemporaryHome, temporaryHome } from '../../services/temporary-home.ts';
import { placesOf, writeRecord } from '../../supervisor/home/whole-home.ts';
import { memoryFolder } from '../../testing/memory-folder.ts';
import type { Repository } from '../repository/restic.ts';
import { changeBackupState, readBackupState } from '../state.ts';
import { createLogKeeper } from './keep-log.ts';
import { type LogLimits, logLimits } from './log-limits.ts';

let temporary: TemporaryHome;
let server: Service;
let owner: ReturnType<typeof connect>;

beforeAll(async () => {
  temporary = await temporaryHome({ within: await memoryFolder() });
  const { home } = temporary;
  server = await startPostgres({ home, binaries: await findBinaries(['postgres']), settings: { fsync: 'off' } });
  owner = connect(server.url, { max: 1 });
  await owner`create table lines (line text)`;
  await writeRecord(home, { id: crypto.randomUUID() });
}, 60_000);
afterAll(async () => {
  await owner.end({ timeout: 5 });
  await server.stop();
  await temporary.remove();
});

/** A target that takes log; `fails` names what it does not take. */
async function keeperTo({ fails, ...limits }: Partial<LogLimits> & { fails?: string }) {
  const { home } = temporary;
  const repository = {
    store: async (_: string, { tags }: { tags: readonly string[] }) => {
      if (fails !== undefined && tags.includes(fails)) throw new Error(`Store ${fails}: no answer`);
      return { id: 'a', added: 0 };
    },
    snapshots: async () => [],
    forget: async () => {},
  } as Partial<Repository> as Repository;
  return createLogKeeper({
    ...{ home, databaseUrl: () => server.url, log: createLog({ level: 'silent' }) },
    place: {
      ...{ repository, places: placesOf(home, {}), source: {} },
      target: { repository: '/target', environment: {}, isFolder: true },
    },
    programs: (await findBinaries(['postgres'])).postgres,
    limits: { ...(await logLimits(home.root)), filesMs: { shortest: 0, longest: 0 }, ...limits },
  });
}

const add = () => owner`insert into lines select repeat('a line ', 1000) from generate_series(1, 100)`;
const isReceived = async () =>
  (await owner`select 1 from pg_replication_slots where active_pid is not null`).length > 0;

it('leaves the log to the server when much of it waits for a first backup, which fails', async () => {
  const keeper = await keeperTo({ waiting: 100_000 });
  try {
    await keeper.round();
    expect(await isReceived()).toBe(true);
    await add();
    await keeper.round();
    await keeper.round();
    expect((await readBackupState(temporary.home)).log?.failure).toBeUndefined();
    await expect.poll(isReceived, { timeout: 10_000 }).toBe(false);
  } finally {
    await keeper.stop();
  }
});

it('keeps the log in chapters of their size while files cannot be stored', async () => {
  const { home } = temporary;
  await changeBackupState(home, { repository: { target: '/target', id: 'b' } });
  await mkdir(home.files, { recursive: true });
  await writeFile(join(home.files, 'a-file'), 'content');
  const keeper = await keeperTo({ fails: 'files', chapterBytes: 1 });
  const number = async () => (await readBackupState(home)).log?.chapter.number ?? -1;
  try {
    const before = await number();
    await add();
    await expect(keeper.round()).rejects.toThrow('Store files: no answer');
    expect((await readBackupState(home)).log).toMatchObject({ failure: { message: /no answer/ } });
    expect(await number()).toBe(before + 1);
    expect(existsSync(join(home.root, 'backup', 'log', 'pieces'))).toBe(true);
    expect(await readdir(join(home.root, 'backup', 'log', 'pieces'))).not.toContain(String(before));
  } finally {
    await keeper.stop();
  }
});
