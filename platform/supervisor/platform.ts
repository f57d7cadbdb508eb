import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { migrateDatabase, type QueueDefinition } from '../../db/migrate.ts';
import { ensureKeyPair } from '../capabilities/identity/index.ts';
import { type Edge, startCaddy, writeRoutes } from '../edge/caddy.ts';
import { writeDocsPage } from '../edge/docs-page.ts';
import type { Mount } from '../edge/routes.ts';
import type { Log } from '../kernel/log.ts';
import { findBinaries } from '../services/binaries.ts';
import { type Home, prepareHome } from '../services/home.ts';
import { nodeFor } from '../services/node-binary.ts';
import { giveTo } from '../services/service-user.ts';
import { createApiDescription } from './api-description.ts';
import { startBacking } from './backing.ts';
import { type Claim, claimHome } from './claim.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { openJournal } from './journal.ts';
import { endLeftovers } from './leftovers.ts';
import { loginPasswords } from './passwords.ts';
import { assertFree } from './preconditions.ts';
import { type PlatformSettings, processEnvironment } from './process/process-environment.ts';
import { createBuilder } from './release/builder.ts';
import type { Runner } from './runner.ts';
import { slotPath } from './traffic/socket-path.ts';
import { readUnits, type Unit } from './unit.ts';
import { startUpkeep, type WatchedService } from './upkeep.ts';

export interface PlatformOptions {
  /** The checkout. */
  root: string;
  settings: {
    PANDECT_HOME: string;
    PANDECT_PORT: number;
    PANDECT_DOMAIN: string | undefined;
    PANDECT_EDGE: 'embedded' | 'external';
    DATABASE_URL: string | undefined;
    REDIS_URL: string | undefined;
  };
  /** The operator's whole environment; processes get from it what their manifests name. */
  source: Record<string, string | undefined>;
  log: Log;
  /** Told what takes time, a line each. */
  progress: (line: string) => void;
  /** Ends the start at the next step, with everything taken down again. */
  signal: AbortSignal;
}

export interface Platform {
  readonly url: string;
  readonly home: Home;
  readonly claim: Claim;
  readonly fleet: Fleet;
  /** The owner's connection, for the operator's commands. */
  readonly databaseUrl: string;
  readonly services: Record<string, WatchedService>;
  stop(): Promise<void>;
  /** Ends what still runs without waiting. */
  kill(): void;
}

/** Brings everything up, in the order in which one part needs the other; what failed half-way is taken down again. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { root, settings, source, log, signal } = options;
  const progress = (line: string) => {
    signal.throwIfAborted();
    options.progress(line);
  };
  const home = await prepareHome(settings.PANDECT_HOME);
  const claim = await claimHome(home);
  const journal = await openJournal(join(home.root, 'journal.json'));
  await endLeftovers(journal, progress);
  // Only now: an edge that a killed supervisor left would still be listening.
  if (settings.PANDECT_EDGE === 'embedded' && !settings.PANDECT_DOMAIN) await assertFree(settings.PANDECT_PORT);
  const describeApi = createApiDescription(join(home.run, 'public'), log);
  // From here on something runs, and whatever fails takes it down again.
  const { databaseUrl, redisUrl, services } = await startBacking(home, settings, progress);
  let fleet: Fleet | undefined;
  let edge: Edge | undefined;
  let upkeep: ReturnType<typeof startUpkeep> | undefined;
  const stop = async () => {
    await upkeep?.stop();
    await services.caddy?.service.stop();
    await fleet?.stop();
    await Promise.all([services.postgres?.service.stop(), services.redis?.service.stop()]);
    claim.release();
  };
  try {
    const units = await readUnits(root);
    const passwords = await loginPasswords(join(home.keys, 'database-logins.json'));
    progress('Migrating the database');
    await migrateDatabase(databaseUrl, { queues: queuesOf(units), passwords });
    const keys = await prepareKeys(home, source);
    const environment: PlatformSettings = { source, databaseUrl, redisUrl, passwords, folders: home, keys };
    fleet = createFleet(units, journal, {
      root,
      folders: { run: home.run, releases: home.releases, logs: home.logs, cache: home.cache },
      node: await nodeFor(home),
      user: home.user,
      log,
      build: createBuilder(signal),
      environmentOf: (unit) => processEnvironment(unit, environment),
      prepare: async (unit) => {
        for (const folder of [join(home.run, unit.name), join(home.cache, unit.name)]) {
          await mkdir(folder, { recursive: true });
          await giveTo(home.user, folder);
        }
      },
      onDeployed: async ({ runners }) => {
        await describeApi(runners);
        if (await writeRoutes(home.run, mountsOf(runners, home.run))) await edge?.reload();
      },
    });
    progress(`Starting ${units.length} functions and workers`);
    await fleet.start(options.progress);
    signal.throwIfAborted();
    await writeRoutes(home.run, mountsOf(fleet.runners, home.run));
    await writeDocsPage(join(home.run, 'public', 'docs'));
    await describeApi(fleet.runners);
    if (settings.PANDECT_EDGE === 'embedded') {
      progress('Starting Caddy');
      const program = (await findBinaries(['caddy'])).caddy;
      const start = async () => {
        edge = await startCaddy({
          program,
          config: join(root, 'Caddyfile'),
          run: home.run,
          storage: home.caddy,
          log: join(home.logs, 'caddy.log'),
          site: settings.PANDECT_DOMAIN ?? `:${settings.PANDECT_PORT}`,
          port: settings.PANDECT_PORT,
          user: home.user,
        });
        journal.state.processes.push({ pid: edge.pid, marker: join(home.run, 'Caddyfile') });
        await journal.save();
        return edge;
      };
      services.caddy = { service: await start(), restarts: 0, start };
    }
    upkeep = startUpkeep(services, home.logs, log);
    const url = services.caddy?.service.url ?? `unix:${home.run}`;
    return { url, home, claim, fleet, databaseUrl, services, stop, kill: fleet.kill };
  } catch (error) {
    await stop();
    throw signal.aborted ? new Error('Start platform: interrupted') : error;
  }
}

async function prepareKeys(home: Home, source: Record<string, string | undefined>): Promise<PlatformSettings['keys']> {
  const keys = {
    privatePath: resolve(source.JWT_PRIVATE_KEY_PATH || join(home.keys, 'jwt-private.pem')),
    publicPath: resolve(source.JWT_PUBLIC_KEY_PATH || join(home.keys, 'jwt-public.pem')),
  };
  await ensureKeyPair(keys.privatePath, keys.publicPath);
  for (const path of Object.values(keys)) await giveTo(home.user, path);
  return keys;
}

/** The job queues that the workers' manifests describe. */
export const queuesOf = (units: readonly Unit[]): QueueDefinition[] =>
  units.flatMap((unit) => (unit.kind === 'worker' ? [{ name: unit.name, ...unit.manifest }] : []));

const mountsOf = (runners: readonly Runner[], run: string): Mount[] =>
  runners.flatMap(({ unit: { kind, name, manifest } }) =>
    kind === 'function'
      ? [
          {
            name,
            paths: manifest.mount,
            timeout: manifest.timeout,
            sockets: Array.from({ length: manifest.instances.max }, (_, slot) => slotPath(run, name, slot)),
          },
        ]
      : [],
  );
