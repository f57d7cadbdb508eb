import { chown } from 'node:fs/promises';
import { migrateDatabase } from '../../db/migrate.ts';
import { ensureKeyPair } from '../capabilities/signing-keys/key-pair.ts';
import type { Composition } from '../kernel/composition.ts';
import { giveKey } from '../services/give-key.ts';
import type { Home } from '../services/home.ts';
import { ensureSecretKeys } from '../services/secret-keys.ts';
import { assertWhole, type Places, recordHome } from './home/whole-home.ts';
import { describeLeftovers } from './hosts/local-leftovers.ts';
import { type Hosts, openHosts } from './hosts/open-hosts.ts';
import { databaseLogins, type PlatformLogins, redisLogins } from './keys/logins.ts';
import type { PlatformSettings } from './process/process-environment.ts';
import { queuesOf, type Unit } from './unit.ts';

export interface DataOptions {
  composition: Pick<Composition, 'variables'>;
  settings: { PANDECT_HOSTS: number; CACHE_PREFIX: string };
  /** All of the operator's settings. */
  live: { source: Record<string, string | undefined> };
  /** Ends a wait for another host. */
  signal: AbortSignal;
}

export interface DataParts {
  home: Home;
  places: Places;
  databaseUrl: string;
  /** A Redis of this home runs. */
  hasRedis: boolean;
  declared: readonly Unit[];
}

/**
 * Brings the database and the keys to what this version needs, and makes this host known to the others.
 * @returns the logins of the servers
 * @throws when this host may not serve the database, as when another one made its keys at the same moment
 */
export async function prepareData(
  { composition, settings, live: { source }, signal }: DataOptions,
  { home, places, databaseUrl, hasRedis, declared }: DataParts,
  progress: (line: string) => void,
): Promise<{ logins: PlatformLogins; hosts: Hosts }> {
  const { variables } = composition;
  const hosts = openHosts({ places, variables, source, hosts: settings.PANDECT_HOSTS, databaseUrl });
  const logins = await hosts.inTurn({ onWait: progress, signal }, async () => {
    await hosts.assertMayServe();
    const id = await assertWhole(places, databaseUrl);
    const made = {
      database: await databaseLogins(home, databaseUrl),
      redis: hasRedis ? await redisLogins(home, settings.CACHE_PREFIX) : undefined,
    };
    progress('Migrating the database');
    await migrateDatabase(databaseUrl, { queues: queuesOf(declared), ...made.database.now, onWait: progress });
    await recordHome(places, databaseUrl, id);
    await prepareKeys(home, places.keys);
    await ensureSecretKeys(home, variables, source);
    for (const line of await describeLeftovers(home, source, settings.PANDECT_HOSTS)) progress(line);
    await hosts.enter();
    return made;
  });
  return { logins, hosts };
}

async function prepareKeys(home: Home, { privatePath, publicPath }: PlatformSettings['keys']): Promise<void> {
  await ensureKeyPair(privatePath, publicPath);
  await giveKey(home, privatePath, 'signing');
  // The public ones may be read by everybody who enters the home.
  if (home.user) await chown(publicPath, 0, 0);
}
