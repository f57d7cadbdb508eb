import { resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { migrateDatabase } from '../../../db/migrate.ts';
import type { BackupPlace } from '../../backup/backup-place.ts';
import { withDatabase } from '../../backup/content/database-source.ts';
import { createBackup } from '../../backup/create-backup.ts';
import { verifyBackup } from '../../backup/verify-backup.ts';
import { readEnvironment } from '../../kernel/environment.ts';
import { homePath } from '../../kernel/paths/home-path.ts';
import { waitUntil } from '../../services/processes.ts';
import type { ChangeEvent, ChangeOptions, Status } from '../../supervisor/control/contract.ts';
import type { Places } from '../../supervisor/home/whole-home.ts';
import { queuesOf, readUnits } from '../../supervisor/unit.ts';
import { checkout } from '../checkout.ts';
import { ask, follow } from '../control-client.ts';
import { boundSettings } from '../install/connection-bound.ts';
import { writableFolders, writeInstallation } from '../install/installation.ts';
import { systemctl } from '../install/systemctl.ts';
import { isManaged } from './read-jump.ts';
import { writeRecord } from './record.ts';
import type { UpgradeSteps } from './run-upgrade.ts';

/** For as long as a change may take. */
const BUSY_ATTEMPTS = 600;
const BUSY_PAUSE_MS = 1_000;
const RESTART_SECONDS = 300;

interface Host {
  places: Places;
  databaseUrl: string | undefined;
  /** Undefined when no platform runs. */
  status: Status | undefined;
  /** Opens where backups go. */
  openPlace(): Promise<BackupPlace>;
  options: ChangeOptions;
}

/** The steps of an upgrade on this host. */
export function stepsOn({ places, databaseUrl, status, openPlace, options }: Host): UpgradeSteps {
  const { home } = places;
  return {
    save: (record) => writeRecord(home, record),
    async backUp() {
      const { manifest } = await createBackup(await openPlace(), { root: checkout, progress: () => {} });
      return manifest.id;
    },
    async verify(id) {
      const { differences } = await verifyBackup(await openPlace(), id);
      if (differences.length > 0) throw new Error(`Verify backup "${id}": ${differences.join('; ')}`);
    },
    migrate: () =>
      linesOf<string>(async (tell) => {
        const queues = queuesOf(await readUnits(checkout));
        await withDatabase(places, databaseUrl, ({ url }) => migrateDatabase(url, { queues, onWait: tell }));
      }),
    async renewSupervisor() {
      if (!status || !(await isManaged(status))) {
        return 'The supervisor stays the one of the version before until the platform is started again';
      }
      const written = await writeInstallation({
        ...{ project: checkout, home: resolve(homePath()) },
        settings: readEnvironment(boundSettings),
        writable: writableFolders(process.env),
      });
      if (written.length > 0) await systemctl('daemon-reload');
      await systemctl('restart', '--no-block', 'pandect.service');
      const isBack = () =>
        ask<Status>('GET', '/status').then(
          ({ pid }) => pid !== status.pid,
          () => false,
        );
      if (await waitUntil(isBack, RESTART_SECONDS)) return 'The supervisor runs the new version';
      throw new Error(
        `Restart supervisor: it does not answer after ${RESTART_SECONDS} s; pandect logs supervisor tells why; functions and workers serve on`,
      );
    },
    deploy: (unit) => onceFree(() => changesOf('/deploy', { units: [unit], ...options })),
  };
}

/** A change of an upgrade that was killed continues in the platform; this one comes after it. */
export async function* onceFree(
  begin: () => AsyncGenerator<ChangeEvent, boolean>,
  { attempts = BUSY_ATTEMPTS, pauseMs = BUSY_PAUSE_MS } = {},
): AsyncGenerator<ChangeEvent, boolean> {
  for (let attempt = 1; ; attempt++) {
    let isBusy = false;
    const changes = begin();
    for (;;) {
      const next = await changes.next();
      if (next.done && !isBusy) return next.value;
      if (next.done) break;
      isBusy = next.value.isBusy === true && attempt < attempts;
      if (!isBusy) yield next.value;
    }
    await sleep(pauseMs);
  }
}

/** The events of a change, and at the end whether it succeeded. */
export async function* changesOf(path: string, body: object): AsyncGenerator<ChangeEvent, boolean> {
  let ok = false;
  yield* linesOf<ChangeEvent>(async (tell) => {
    ok = await follow<ChangeEvent>(path, body, tell);
  });
  return ok;
}

/** What work tells of itself, as it comes. @throws what the work throws, behind that */
async function* linesOf<T>(work: (tell: (line: T) => void) => Promise<void>): AsyncGenerator<T> {
  const lines = new PassThrough({ objectMode: true });
  let failure: { error: unknown } | undefined;
  void work((line) => void lines.write(line))
    .catch((error: unknown) => {
      failure = { error };
    })
    .finally(() => lines.end());
  yield* lines as AsyncIterable<T>;
  if (failure) throw failure.error;
}
