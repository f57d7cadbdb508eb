import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listBackups } from '../../backup/list-backups.ts';
import { hasRestic, PASSPHRASE, platformData } from '../../backup/platform.fixture.ts';
import { readBackupState } from '../../backup/state.ts';
import { createLog } from '../../kernel/log.ts';
import { type TemporaryHome, temporaryHome } from '../../services/temporary-home.ts';
import { commandEnvironment } from '../../testing/command-environment.ts';
import { type Backups, startBackups } from './start-backups.ts';
import { startDatabaseLog } from './start-database-log.ts';

const log = createLog({ level: 'silent' });
const WAIT = { timeout: 120_000, interval: 50 };
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Notes when it was called and keeps the state as the command does; it fails, or waits to be ended, where it is told to. */
const command = `
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const home = process.env.PANDECT_HOME + '/backup';
const at = readFileSync(home + '/clock', 'utf8');
const task = process.argv[2];
appendFileSync(home + '/calls', task + ' ' + at + '\\n');
if (existsSync(home + '/hangs')) setInterval(() => {}, 1000);
else if (existsSync(home + '/fails')) { console.error('the target does not answer'); process.exitCode = 1; }
else {
  const path = home + '/state.json';
  const state = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  state.provableSince ??= at;
  if (task === 'backup') state.newest = { id: at, startedAt: at, finishedAt: at, seconds: 1, bytes: 1, added: 1 };
  else state.drill = { at, id: at, seconds: 1, isPassed: true, succeededAt: at };
  writeFileSync(path, JSON.stringify(state));
}`;

describe('backups of a supervisor', { timeout: 120_000 }, () => {
  let place: TemporaryHome;
  let clock: Date;
  let backups: Backups;
  let source: Record<string, string>;
  const path = (name: string) => join(place.home.root, 'backup', name);
  const calls = async () => (await readFile(path('calls'), 'utf8').catch(() => '')).split('\n').slice(0, -1);
  const setClock = async (time: Date) => {
    await writeFile(path('clock'), time.toISOString());
    clock = time;
  };
  let looks = 0;
  const now = () => {
    looks += 1;
    return clock;
  };
  /** Until everything is done that is due at that time. */
  const settle = async (time: Date) => {
    await setClock(time);
    for (let before = -1; before !== (await calls()).length; ) {
      before = (await calls()).length;
      const seen = looks;
      await vi.waitFor(() => expect(looks).toBeGreaterThan(seen), WAIT);
      await vi.waitFor(() => expect(backups.isBusy()).toBe(false), WAIT);
    }
  };

  beforeEach(async () => {
    place = await temporaryHome();
    await mkdir(path(''), { recursive: true });
    const root = join(place.home.root, 'checkout');
    await mkdir(root);
    await writeFile(join(root, 'pandect.ts'), command);
    source = { BACKUP_TO: join(place.home.root, 'target') };
    await setClock(new Date('2026-03-01T12:00:00.000Z'));
    backups = startBackups({ root, home: place.home, live: { source }, log, now, lookMs: 10 });
  });
  afterEach(async () => {
    backups.stop();
    await place.remove();
  });

  it('are made at once, then each day after 03:00 UTC, with a drill each week', async () => {
    await vi.waitFor(async () => expect(await calls()).toHaveLength(2), WAIT);
    const [year, month] = [2026, 2];
    for (let day = 2; day <= 10; day++) {
      await settle(new Date(Date.UTC(year, month, day, 2, 59)));
      await settle(new Date(Date.UTC(year, month, day, 3, 1)));
    }
    await settle(new Date(clock.getTime() + HOUR_MS));
    const days = (await calls()).map((call) => call.replace(/:\d\d\.000Z$/, ''));
    expect(days.filter((call) => call.startsWith('backup'))).toEqual([
      'backup 2026-03-01T12:00',
      ...Array.from({ length: 9 }, (_, index) => `backup 2026-03-${String(index + 2).padStart(2, '0')}T03:01`),
    ]);
    expect(days.filter((call) => call.startsWith('restore'))).toEqual([
      'restore 2026-03-01T12:00',
      'restore 2026-03-09T02:59',
    ]);
  });

  it('are tried again an hour after a failure, and not at all where the operator makes them', async () => {
    await vi.waitFor(async () => expect(await calls()).toHaveLength(2), WAIT);
    await vi.waitFor(() => expect(backups.isBusy()).toBe(false), WAIT);
    await writeFile(path('fails'), '');
    await setClock(new Date('2026-03-02T03:01:00.000Z'));
    await vi.waitFor(async () => expect(await calls()).toHaveLength(3), WAIT);
    await settle(new Date('2026-03-02T03:59:00.000Z'));
    expect(await calls()).toHaveLength(3);
    await setClock(new Date('2026-03-02T04:02:00.000Z'));
    await vi.waitFor(async () => expect(await calls()).toHaveLength(4), WAIT);
    await vi.waitFor(() => expect(backups.isBusy()).toBe(false), WAIT);
    source.BACKUP_SCHEDULE = 'off';
    await setClock(new Date('2026-03-04T04:00:00.000Z'));
    await sleep(100);
    expect(await calls()).toHaveLength(4);
    await expect(backups.create(() => {})).rejects.toThrow('the target does not answer');
  });

  it('are made one at a time, and end with the supervisor', async () => {
    await vi.waitFor(async () => expect(await calls()).toHaveLength(2), WAIT);
    await vi.waitFor(() => expect(backups.isBusy()).toBe(false), WAIT);
    await writeFile(path('hangs'), '');
    const made = backups.create(() => {});
    await vi.waitFor(async () => expect(await calls()).toHaveLength(3), WAIT);
    await expect(backups.create(() => {})).rejects.toThrow('Make backup: a backup is under way');
    backups.stop();
    await expect(made).rejects.toThrow('Make backup: it ended with status null');
  });
});

describe.skipIf(!hasRestic)('backups by themselves', { timeout: 300_000 }, () => {
  it('are a base with the log after it, a drill of both, and each day another base, after which old ones are removed', async () => {
    const data = await platformData();
    const target = join(data.folder, 'backups');
    const { repository } = await data.placeAt(target);
    await repository.create();
    const source = { ...commandEnvironment, BACKUP_TO: target, BACKUP_PASSPHRASE: PASSPHRASE };
    const live = { source, reread: async () => [] };
    const root = join(import.meta.dirname, '../../..');
    const { home, server } = data;
    const state = () => readBackupState(home);
    let clock = new Date();
    const postgres = { service: server } as Parameters<typeof startDatabaseLog>[0]['postgres'];
    const pace = { firstMs: 10, roundMs: 2_000 };
    const kept = startDatabaseLog({ home, live, composition: { variables: [] }, log, postgres, pace });
    await vi.waitFor(async () => expect((await state()).log?.from).toBeDefined(), WAIT);
    const backups = startBackups({ root, home, live, log, now: () => clock, lookMs: 100 });
    try {
      await vi.waitFor(async () => expect((await state()).newest).toBeDefined(), WAIT);
      const first = (await state()).newest?.id;
      await data.owner`insert into organizations (name, tier) values ('After the base', 'basic')`;
      const written = Date.now();
      await vi.waitFor(
        async () => expect(Date.parse((await state()).walArchivedAt ?? '')).toBeGreaterThan(written),
        WAIT,
      );
      await vi.waitFor(async () => expect((await state()).drill).toMatchObject({ id: first, isPassed: true }), WAIT);

      const bases = [first];
      while (bases.length < 3) {
        clock = new Date(clock.getTime() + DAY_MS);
        await vi.waitFor(async () => expect(bases).not.toContain((await state()).newest?.id), WAIT);
        await vi.waitFor(() => expect(backups.isBusy()).toBe(false), WAIT);
        bases.push((await state()).newest?.id);
      }
      const { newest, failure, drill, log: record } = await state();
      expect([failure, drill?.id, newest?.stream]).toEqual([undefined, first, record?.stream]);
      // The host's clock has not moved: of three on one day the newest stays, and the one that the log begins with.
      expect((await listBackups(repository)).map(({ id }) => id)).toEqual([first, bases[2]]);
    } finally {
      backups.stop();
      await kept.stop();
      await data.close();
    }
  });
});
