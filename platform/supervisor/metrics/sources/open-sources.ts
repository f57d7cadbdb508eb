import type { Log } from '../../../kernel/log.ts';
import { version } from '../../../kernel/version.ts';
import type { Home } from '../../../services/home.ts';
import { redisOperatorUrl } from '../../../services/redis.ts';
import type { PlatformLogins } from '../../keys/logins.ts';
import { capsOf } from '../../scaling/scaler.ts';
import type { LiveSettings } from '../../settings.ts';
import { sourceRevision } from '../../source/source-revision.ts';
import type { ManagedUnit } from '../../units/managed-unit.ts';
import type { Family } from '../family.ts';
import { createSource, type Source } from '../source.ts';
import { readBackupFigures } from './backup-figures.ts';
import { readCertificateFigures } from './certificate-figures.ts';
import { openDatabaseFigures } from './database-figures.ts';
import { createDiskFigures, placesThatGrow } from './disk-figures.ts';
import { createHostFigures } from './host-figures.ts';
import { readRedisFigures } from './redis-figures.ts';

export interface SourcesOptions {
  /** The checkout. */
  root: string;
  home: Home;
  /** The owner's connection string. */
  databaseUrl: string;
  servers: { redisUrl: string; logins: Pick<PlatformLogins, 'redis'> };
  settings: { PANDECT_DOMAIN: string | undefined; PANDECT_EDGE: 'embedded' | 'external' };
  live: Pick<LiveSettings, 'source'>;
  units: { readonly all: readonly ManagedUnit[] };
  log: Log;
}

export interface Sources {
  all: readonly Source[];
  close(): Promise<void>;
}

/** Readers come every 15 s: each finds what is at most a little older than that. */
const OFTEN_MS = 12_000;
const SELDOM_MS = 60_000;

/** What stands around the processes: servers, host, certificate and backups, each read by itself. */
export function openSources(options: SourcesOptions): Sources {
  const { root, home, databaseUrl, servers, settings, live, units, log } = options;
  const database = openDatabaseFigures(databaseUrl);
  const source = (name: string, everyMs: number, read: () => Promise<readonly Family[]>) =>
    createSource({ name, everyMs, read, log });
  const { redis } = servers.logins;
  // Passwords rotate.
  const redisUrl = () => (redis ? redisOperatorUrl(home, redis.now) : servers.redisUrl);
  const caps = () => capsOf(units.all.map(({ unit }) => unit));
  return {
    all: [
      source('the release', Number.POSITIVE_INFINITY, () => describePlatform(root)),
      source('the host', OFTEN_MS, createHostFigures()),
      source('disks', OFTEN_MS, createDiskFigures({ places: () => placesThatGrow(home, live.source) })),
      source('connections', OFTEN_MS, database.activity),
      source('queues', OFTEN_MS, () => database.queues(caps())),
      source('table sizes', SELDOM_MS, database.sizes),
      source('cost', SELDOM_MS, database.cost),
      source('Redis', OFTEN_MS, () => readRedisFigures(redisUrl())),
      source('backups', OFTEN_MS, () => readBackupFigures(home, live.source)),
      source('the certificate', SELDOM_MS, () =>
        readCertificateFigures(home.caddy, settings.PANDECT_DOMAIN, settings.PANDECT_EDGE === 'embedded'),
      ),
    ],
    close: database.close,
  };
}

async function describePlatform(root: string): Promise<Family[]> {
  const labels = { version, revision: (await sourceRevision(root)) ?? '' };
  return [
    { name: 'pandect_info', type: 'gauge', help: 'What runs, in its labels; always 1', series: [{ labels, value: 1 }] },
  ];
}
