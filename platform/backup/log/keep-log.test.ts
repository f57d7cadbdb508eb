import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
import { createFilesKeeper } from './keep-files.ts';
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

interface Stored {
  tags: readonly string[];
  /** Ends an attempt that takes long. */
  signal?: AbortSignal;
}

/** A target that takes everything. @param take what it does with a part instead */
async function keepersTo({ take, ...limits }: Partial<LogLimits> & { take?: (part: Stored) => Promise<void> } = {}) {
  const { home } = temporary;
  const stored: (readonly string[])[] = [];
  const repository = {
    store: async (_: string, part: Stored) => {
      await take?.(part);
      stored.push(part.tags);
      return { id: 'a', added: 0 };
    },
    snapshots: async () => [],
    forget: async () => {},
  } as Partial<Repository> as Repository;
  const keeping = {
    ...{ home, databaseUrl: () => server.url, log: createLog({ level: 'silent' }) },
    place: {
      ...{ repository, places: placesOf(home, {}), source: {} },
      target: { repository: '/target', environment: {}, isFolder: true },
    },
    programs: (await findBinaries(['postgres'])).postgres,
    limits: { ...(await logLimits(home.root)), filesMs: { shortest: 0, longest: 0 }, ...limits },
  };
  return { keeper: createLogKeeper(keeping), files: createFilesKeeper(keeping), stored };
}

const add = () => owner`insert into lines select repeat('a line ', 1000) from generate_series(1, 100)`;
const isReceived = async () =>
  (await owner`select 1 from pg_replication_slots where active_pid is not null`).length > 0;

it('leaves the log to the server when much of it waits for a first backup, which fails', async () => {
  const { keeper } = await keepersTo({ waiting: 100_000 });
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

describe('a home with backups', () => {
  beforeAll(async () => {
    const { home } = temporary;
    await changeBackupState(home, { repository: { target: '/target', id: 'b' } });
    await mkdir(home.files, { recursive: true });
    await writeFile(join(home.files, 'a-file'), 'content');
  });

  it('stores its log, in chapters of their size, while a large upload is on its way', async () => {
    const { home } = temporary;
    const upload = Promise.withResolvers<void>();
    const take = ({ tags }: Stored) => (tags.includes('files') ? upload.promise : Promise.resolve());
    const { keeper, files } = await keepersTo({ take, chapterBytes: 1 });
    const record = async () => (await readBackupState(home)).log;
    try {
      await keeper.round();
      const uploading = files.round();
      const before = await record();
      await add();
      await keeper.round();
      const after = await record();
      expect(after?.chapter.number).toBe((before?.chapter.number ?? 0) + 1);
      expect(Date.parse(after?.archivedAt ?? '')).toBeGreaterThan(Date.parse(before?.archivedAt ?? ''));
      expect(await readdir(join(home.root, 'backup', 'log', 'pieces'))).not.toContain(String(before?.chapter.number));
      expect((await readBackupState(home)).files).toBeUndefined();
      upload.resolve();
      await uploading;
      expect((await readBackupState(home)).files).toEqual({ archivedAt: expect.any(String) });
    } finally {
      await keeper.stop();
    }
  });

  it('says why files are not stored, and since when', async () => {
    const { home } = temporary;
    let isAway = true;
    const take = async () => {
      if (isAway) throw new Error('Store files: no answer');
    };
    const { files } = await keepersTo({ take });
    const archivedAt = (await readBackupState(home)).files?.archivedAt;
    await expect(files.round()).rejects.toThrow('no answer');
    const first = (await readBackupState(home)).files;
    expect(first).toMatchObject({ archivedAt, failure: { message: 'Store files: no answer' } });
    await expect(files.round()).rejects.toThrow('no answer');
    expect((await readBackupState(home)).files?.failure?.since).toBe(first?.failure?.since);
    isAway = false;
    await files.round();
    expect((await readBackupState(home)).files).not.toHaveProperty('failure');
  });

  it('takes the end of the platform for no failure of the target', async () => {
    const began = Promise.withResolvers<void>();
    const take = ({ signal }: Stored) =>
      new Promise<void>((_, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('Store files: no answer')));
        began.resolve();
      });
    const { files } = await keepersTo({ take });
    const before = (await readBackupState(temporary.home)).files;
    const ended = expect(files.round()).rejects.toThrow('no answer');
    await began.promise;
    await files.stop();
    expect((await readBackupState(temporary.home)).files).toEqual(before);
    await ended;
  });

  it('tells the target that nothing was committed, so that a restore reaches the newest minutes', async () => {
    const { keeper, stored } = await keepersTo({ tellMs: 0 });
    try {
      await keeper.round();
      await keeper.round();
      const { log } = await readBackupState(temporary.home);
      expect(stored.at(-1)).toContain(`until=${log?.archivedAt}`);
    } finally {
      await keeper.stop();
    }
    // The server writes a little by itself, which is stored at once.
    const end = stored.at(-1)?.find((tag) => tag.startsWith('to=')) ?? '';
    const patient = await keepersTo();
    try {
      await patient.keeper.round();
      expect(patient.stored.filter((tags) => tags.includes(end))).toEqual([]);
    } finally {
      await patient.keeper.stop();
    }
  });
});
