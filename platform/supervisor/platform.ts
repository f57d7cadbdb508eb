import { existsSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import { join } from 'node:path';
import { migrateDatabase } from '../../db/migrate.ts';
import type { QueueDefinition } from '../../db/queues.ts';
import type { IndexSettings } from '../../modules/legal/index/generation.ts';
import { indexSettings } from '../../modules/legal/index/index-settings.ts';
import { ensureKeyPair } from '../capabilities/signing-keys/key-pair.ts';
import { assertCaddyCanListen, type Edge, startCaddy, writeRoutes } from '../edge/caddy.ts';
import { writeDocsPage } from '../edge/docs-page.ts';
import type { Mount } from '../edge/routes.ts';
import { figuresPath } from '../kernel/figures-path.ts';
import type { Log } from '../kernel/log.ts';
import { findBinaries } from '../services/binaries.ts';
import { carryOver, runsAsOneUser } from '../services/carry-over.ts';
import { giveToSigners } from '../services/give-to-signers.ts';
import { type Home, prepareHome } from '../services/home.ts';
import { nodeFor } from '../services/node-binary.ts';
import { serverUser, unitUser } from '../services/process-user.ts';
import { prepareUnitFolders } from '../services/unit-folders.ts';
import { userIds } from '../services/user-ids.ts';
import { createApiDescription } from './api-description.ts';
import { startBacking } from './backing.ts';
import { openCounters } from './counters.ts';
import { openEdgeAnswers } from './edge-answers.ts';
import { type HomeLock, lockHome } from './home-lock.ts';
import { openJournal } from './journal.ts';
import { createKeyRotation, type KeyRotation } from './key-rotation.ts';
import { endLeftovers, endStrays } from './leftovers.ts';
import { databaseLogins, redisLogins } from './logins.ts';
import { openCgroups } from './process/cgroup.ts';
import { bootId, isSame } from './process/identity.ts';
import { type Kills, openKills } from './process/kills.ts';
import { hostMemory } from './process/memory.ts';
import { type PlatformSettings, processEnvironment } from './process/process-environment.ts';
import { createWarmProcess } from './process/warm-process.ts';
import { type QueueDepths, queueDepths } from './queues/queue-depths.ts';
import { recoverJobs } from './queues/recover-jobs.ts';
import { createBuilder } from './release/builder.ts';
import { dropEarlierKeys } from './rotate-signing-key.ts';
import type { Runner } from './runner.ts';
import { startScaler } from './scaling/scaler.ts';
import type { LiveSettings } from './settings.ts';
import { canaryPaths } from './traffic/canary-links.ts';
import { slotPath } from './traffic/socket-path.ts';
import { readUnits, type Unit } from './unit.ts';
import { createFleet, type Fleet } from './units/units.ts';
import { startUpkeep, type WatchedService } from './upkeep.ts';
import { watchProcesses } from './watch-processes.ts';
import { assertDatabasePresent, assertWhole, placesOf, recordHome } from './whole-home.ts';

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
    CACHE_PREFIX: string;
    TRUSTED_PROXIES: string[];
  };
  /** All of the operator's settings; processes get from them what their manifests name. */
  live: LiveSettings;
  log: Log;
  /** Told what takes time, a line each. */
  progress: (line: string) => void;
  /** Ends the start at the next step, with everything taken down again. */
  signal: AbortSignal;
  /** Start what ran last, whatever the checkout holds now. */
  restore: boolean;
}

export interface Platform {
  readonly url: string;
  readonly home: Home;
  /** Whom the edge runs as. */
  readonly edgeUser: { uid: number; gid: number } | undefined;
  readonly lock: HomeLock;
  readonly fleet: Fleet;
  /** The owner's connection, for the operator's commands. */
  readonly databaseUrl: string;
  readonly settings: LiveSettings;
  readonly keyRotation: KeyRotation;
  /** What an index that is built now is made by. */
  readonly index: IndexSettings;
  readonly services: Record<string, WatchedService>;
  readonly queues: QueueDepths;
  readonly kills: Kills;
  stop(): Promise<void>;
  /** Ends nothing that serves, so that the next supervisor takes it over. */
  detach(): Promise<void>;
  /** Ends what still runs without waiting. */
  kill(): void;
}

/** Brings everything up, in the order in which one part needs the other; what failed half-way is taken down again. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { root, settings, live, log, signal } = options;
  const progress = (line: string) => {
    signal.throwIfAborted();
    options.progress(line);
  };
  const home = await prepareHome(settings.PANDECT_HOME);
  const lock = await lockHome(home);
  const journal = await openJournal(join(home.root, 'journal.json'));
  if (await runsAsOneUser(home)) {
    progress('Ending processes of an earlier version, which ran as one user');
    await endLeftovers(home, progress);
  }
  const known = journal.state.processes;
  const isRebooted = journal.state.boot !== bootId();
  const found = isRebooted ? [] : known.filter(isSame);
  journal.state.boot = bootId();
  await endStrays(
    home,
    found.map(({ pid }) => pid),
    progress,
  );
  await carryOver(home);
  const cgroups = await openCgroups(home.root);
  if (cgroups.reason) log.debug({ reason: cgroups.reason }, 'Processes have no control groups');
  const warm = createWarmProcess();
  const kills = await openKills(join(home.root, 'kills.jsonl'), log);
  const counters = await openCounters(join(home.root, 'counters.json'), log);
  const edgeAnswers = await openEdgeAnswers(join(home.caddy, 'answers.log'), join(home.root, 'edge-answers.json'), log);
  const describeApi = createApiDescription(join(home.run, 'public'), log);
  const caddy = {
    config: join(root, 'Caddyfile'),
    run: home.run,
    storage: home.caddy,
    log: join(home.logs, 'caddy.log'),
    site: settings.PANDECT_DOMAIN ?? `:${settings.PANDECT_PORT}`,
    port: settings.PANDECT_PORT,
    user: serverUser(home, 'edge'),
  };
  // One that is not ours enters as the group of the home does.
  const edgeUser = settings.PANDECT_EDGE === 'embedded' ? caddy.user : home.user;
  if (settings.PANDECT_EDGE === 'embedded') await assertCaddyCanListen(caddy);
  const places = placesOf(home, live.source);
  await assertDatabasePresent(places);
  // From here on something runs, and whatever fails takes it down again, but for what served before.
  const { databaseUrl, redisUrl, services } = await startBacking(home, settings, progress);
  let fleet: Fleet | undefined;
  let edge: Edge | undefined;
  const upkeep: { stop(): unknown }[] = [];
  const endUpkeep = () => Promise.all(upkeep.map((each) => each.stop()));
  const stop = async () => {
    await endUpkeep();
    await services.caddy?.service.stop();
    await fleet?.stop();
    await counters.close();
    await Promise.all([services.postgres?.service.stop(), services.redis?.service.stop()]);
    lock.release();
  };
  const detach = async () => {
    await endUpkeep();
    await fleet?.detach();
    await counters.close();
    lock.release();
  };
  try {
    const units = await readUnits(root);
    const logins = {
      database: await databaseLogins(home, databaseUrl),
      redis: services.redis && (await redisLogins(home, settings.CACHE_PREFIX)),
    };
    const id = await assertWhole(places, databaseUrl);
    progress('Migrating the database');
    const index = indexSettings(live.source);
    await migrateDatabase(databaseUrl, { queues: queuesOf(units), ...logins.database.now, index, onWait: progress });
    await recordHome(places, databaseUrl, id);
    await prepareKeys(home, places.keys);
    const idsOf = async (names: string[]) => Object.entries(home.ids ? await userIds(home.root, names) : {});
    const unitIds = new Map(await idsOf(units.map(({ name }) => name)));
    const environmentOf = (unit: Unit) =>
      processEnvironment(unit, {
        ...{ source: live.source, databaseUrl, redisUrl, folders: home, keys: places.keys },
        passwords: logins.database.now.passwords,
        redisPasswords: logins.redis?.now.passwords,
        rotations: { database: logins.database.now.rotation, redis: logins.redis?.now.rotation ?? 0 },
      });
    fleet = createFleet(units, journal, {
      root,
      folders: { run: home.run, releases: home.releases, logs: home.logs, cache: home.cache },
      node: await nodeFor(home),
      userOf: ({ name, manifest }) => unitUser(home, manifest.env, unitIds.get(name) ?? 0),
      edgeUser,
      log,
      groups: cgroups.groups,
      warm,
      counters,
      edgeAnswers,
      build: createBuilder(signal),
      environmentOf,
      prepare: async (unit) => {
        // A function that is deployed for the first time.
        if (!unitIds.has(unit.name)) for (const entry of await idsOf([unit.name])) unitIds.set(...entry);
        await prepareUnitFolders(home, unit.name, { id: unitIds.get(unit.name), edge: edgeUser?.gid });
      },
      onDeployed: async ({ runners }) => {
        await describeApi(runners);
        if (await writeRoutes(home.run, mountsOf(runners, home.run), settings.TRUSTED_PROXIES)) await edge?.reload();
      },
      async onEnded(unit, { pid, release, socket }, { reason, detail }) {
        if (reason) kills.record({ at: new Date().toISOString(), unit: unit.name, release, pid, reason, detail });
        if (unit.kind === 'worker') await recoverJobs(databaseUrl, unit.name, socket, reason === 'unresponsive');
      },
    });
    // What died while nobody looked may have left jobs.
    for (const { id, unit, socket, release, pid, role } of known.filter((entry) => !found.includes(entry))) {
      await recoverJobs(databaseUrl, unit, socket);
      // One that ends in good order leaves its figures; a reboot ends all, which is not worth a line each.
      const wasOrderly = existsSync(figuresPath(socket));
      await counters.end(id, socket);
      if (role === 'replaced' || isRebooted || wasOrderly) continue;
      const at = new Date().toISOString();
      kills.record({ at, unit, release, pid, reason: 'crash', detail: 'ended while no supervisor ran' });
    }
    progress(`Starting ${units.length} functions and workers`);
    await fleet.start({ restore: options.restore, found }, options.progress);
    signal.throwIfAborted();
    await writeRoutes(home.run, mountsOf(fleet.runners, home.run), settings.TRUSTED_PROXIES);
    await writeDocsPage(join(home.run, 'public', 'docs'));
    await describeApi(fleet.runners);
    if (settings.PANDECT_EDGE === 'embedded') {
      progress('Starting Caddy');
      const program = (await findBinaries(['caddy'])).caddy;
      const start = async () => {
        edge = await startCaddy({ program, ...caddy });
        return edge;
      };
      services.caddy = { service: await start(), restarts: 0, start };
    }
    const all = fleet;
    const queues = queueDepths(databaseUrl, (error) =>
      log.warn({ error }, 'Read queues: the database does not answer'),
    );
    const keyRotation = createKeyRotation({ places, logins, fleet, environmentOf, live, log });
    upkeep.push(
      keyRotation,
      startUpkeep(services, home.logs, log),
      startScaler({ runners: () => all.runners, queues, hostMemory, log }),
      watchProcesses(all, log),
      countEdgeAnswers(all),
      dropEarlierKeys(places, log),
      { stop: queues.close },
      { stop: kills.close },
      { stop: warm.close },
    );
    const url = services.caddy?.service.url ?? `unix:${home.run}`;
    return {
      ...{
        url,
        home,
        edgeUser,
        lock,
        fleet,
        databaseUrl,
        settings: live,
        keyRotation,
        services,
        queues,
        kills,
        stop,
        detach,
      },
      get index() {
        return indexSettings(live.source);
      },
      kill: fleet.kill,
    };
  } catch (error) {
    // What an earlier supervisor left goes on serving.
    await (found.length > 0 && !signal.aborted ? detach() : stop());
    throw signal.aborted ? new Error('Start platform: interrupted') : error;
  }
}

/** Often enough for a flood of errors to be counted before Caddy rolls their file twice. */
const EDGE_ANSWERS_MS = 10_000;

function countEdgeAnswers(fleet: Fleet) {
  const timer = setInterval(() => void fleet.edgeFigures(), EDGE_ANSWERS_MS).unref();
  return { stop: () => clearInterval(timer) };
}

async function prepareKeys(home: Home, { privatePath, publicPath }: PlatformSettings['keys']): Promise<void> {
  await ensureKeyPair(privatePath, publicPath);
  await giveToSigners(home, privatePath);
  // The public ones may be read by everybody who enters the home.
  if (home.user) await chown(publicPath, 0, 0);
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
            canary: canaryPaths(run, name),
          },
        ]
      : [],
  );
