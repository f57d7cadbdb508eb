import type { Composition } from '../kernel/composition.ts';
import type { Log } from '../kernel/log.ts';
import type { Home } from '../services/home.ts';
import { checkpoint } from '../services/postgres.ts';
import type { Alerts } from './alerts/running/alerts.ts';
import { startAlerts } from './alerts/running/start-alerts.ts';
import { startBacking } from './backing.ts';
import { type Backups, startBackups } from './backups/start-backups.ts';
import { type KeptLog, startDatabaseLog } from './backups/start-database-log.ts';
import type { ChangeEvent } from './control/contract.ts';
import { connectionsAccepted } from './database-connections.ts';
import { openErrors } from './errors/open-errors.ts';
import type { ErrorLog } from './errors/start-errors.ts';
import type { HomeLock } from './home/home-lock.ts';
import { openHome } from './home/open-home.ts';
import { openRecords, recordLost } from './home/records.ts';
import { assertDatabasePresent, placesOf } from './home/whole-home.ts';
import { createKeyRotation, type KeyRotation } from './keys/key-rotation.ts';
import { dropEarlierKeys } from './keys/rotate-signing-key.ts';
import { logLimits, startLogKeeping } from './logs/keep-logs.ts';
import { printLogs } from './logs/print-logs.ts';
import type { Counters } from './metrics/counters.ts';
import { startFigures } from './metrics/start-figures.ts';
import { createPlatformEdge } from './platform-edge.ts';
import { createSites } from './platform-sites.ts';
import { createUnits, isServing } from './platform-units.ts';
import { prepareData } from './prepare-data.ts';
import { openCgroups } from './process/cgroup.ts';
import type { Kills } from './process/kills.ts';
import { hostMemory } from './process/memory.ts';
import { createWarmProcess } from './process/warm-process.ts';
import { type QueueDepths, queueDepths } from './queues/queue-depths.ts';
import { createTurns } from './release/give-way.ts';
import { startScaler } from './scaling/scaler.ts';
import type { LiveSettings } from './settings.ts';
import { readSites } from './sites/site.ts';
import type { Sites } from './sites/sites.ts';
import { openSources, type Sources } from './source/sources.ts';
import { readUnits } from './unit.ts';
import type { Units } from './units/units.ts';
import { startUpkeep, type WatchedService } from './upkeep.ts';
import { watchProcesses } from './watch-processes.ts';

export interface PlatformOptions {
  /** What the modules define together. */
  composition: Pick<Composition, 'variables'>;
  /** The checkout. */
  root: string;
  settings: {
    PANDECT_HOME: string;
    PANDECT_PORT: number;
    PANDECT_DOMAIN: string | undefined;
    PANDECT_HOSTS: number;
    PANDECT_EDGE: 'embedded' | 'external';
    DATABASE_URL: string | undefined;
    /** Of this host. */
    DATABASE_CONNECTIONS: number;
    DATABASE_POOL: number | undefined;
    REDIS_URL: string | undefined;
    CACHE_PREFIX: string;
    TRUSTED_PROXIES: string[];
    PROJECT_NAME: string;
    API_V1_STR: string;
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
  readonly units: Units;
  readonly sites: Sites;
  readonly sources: Sources;
  /** The figures of all processes as one Prometheus text. */
  metrics(): Promise<string>;
  /** Counts what became of a deploy or a rollback, where the event tells that. */
  noteRelease(event: ChangeEvent): void;
  /** The connection string of the login that the supervisor looks after queues with; passwords rotate. */
  queueUrl(): string;
  readonly settings: LiveSettings;
  readonly keyRotation: KeyRotation;
  readonly services: Record<string, WatchedService>;
  readonly queues: QueueDepths;
  readonly kills: Kills;
  readonly alerts: Alerts;
  readonly errors: ErrorLog;
  readonly backups: Backups;
  stop(): Promise<void>;
  /** Ends nothing that serves, so that the next supervisor takes it over. */
  detach(): Promise<void>;
  /** Ends what still runs without waiting. */
  kill(): void;
}

/** Brings everything up, in the order in which one part needs the other; what failed half-way is taken down again. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { root, settings, live, log, signal, restore } = options;
  const progress = (line: string) => {
    signal.throwIfAborted();
    options.progress(line);
  };
  const { home, lock, journal, found, lost, isRebooted } = await openHome(settings.PANDECT_HOME, progress);
  const cgroups = await openCgroups(home.root);
  if (cgroups.reason) log.debug({ reason: cgroups.reason }, 'Processes have no control groups');
  const records = await openRecords(home, log);
  const declaredSites = await readSites(root);
  const edge = createPlatformEdge({ root, home, settings, sites: declaredSites, log });
  await edge.assertCanListen();
  const places = placesOf(home, live.source);
  await assertDatabasePresent(places);
  const sources = await openSources(home.root, root, progress);
  const declared = await readUnits(sources.root);
  // From here on something runs, and whatever fails takes it down again, but for what served before.
  const accepted = connectionsAccepted(declared, settings);
  const { databaseUrl, redisUrl, services } = await startBacking(home, settings, accepted, progress);
  const inTurn = createTurns();
  const siteParts = { root, home, journal, edge, log, signal, inTurn, groups: cgroups.groups };
  const sites = await createSites(declaredSites, { ...siteParts, isServing: () => isServing(running.units) });
  const running: Running = { lock, services, counters: records.counters, units: undefined, sites, upkeep: [] };
  try {
    running.printing = await printLogs(home.logs, live, log);
    const data = { home, places, databaseUrl, hasRedis: Boolean(services.redis), declared };
    const { logins, hosts } = await prepareData(options, data, progress);
    const warm = createWarmProcess();
    const queueUrl = () => logins.database.urlOf('tenant-worker');
    // Builds may take minutes, and this host counts as gone after 30 s.
    running.upkeep.push(hosts.keep(queueUrl, log));
    const servers = { redisUrl, logins, queueUrl, keys: places.keys };
    const parts = { home, sources, journal, records, edge, servers, declared, warm, groups: cgroups.groups, inTurn };
    const units = await createUnits(options, parts);
    running.units = units;
    // What died while no supervisor ran may have left jobs.
    for (const entry of lost) await recordLost(records, queueUrl(), entry, isRebooted);
    progress(`Starting ${declared.length} functions and workers`);
    await units.start({ restore: restore || sources.damaged !== undefined, found }, options.progress);
    // A site that has to be built takes the processors from what serves people already.
    await sites.start({ restore }, options.progress);
    signal.throwIfAborted();
    await edge.publish(units.all);
    const caddy = await edge.start(progress);
    if (caddy) services.caddy = caddy;
    const queues = queueDepths(queueUrl, (error) => log.warn({ error }, 'Read queues: the database does not answer'));
    running.databaseLog = startDatabaseLog({ ...options, home, postgres: services.postgres });
    const keyRotation = createKeyRotation({ places, logins, units, live, log, hosts });
    const errors = await openErrors({ root, home, units, live, log });
    const figures = startFigures({ root, home, settings, live, databaseUrl, servers, units, records, log });
    const alerts = await startAlerts({ figures: figures.read, home, live, log });
    const backups = startBackups({ root, home, live, log });
    running.upkeep.push(
      ...[alerts, errors, keyRotation, figures, backups],
      startUpkeep(services, log),
      startLogKeeping(home.logs, () => logLimits(live.source), log),
      startScaler({ units: () => units.all, queues, hostMemory, log }),
      watchProcesses(units, log),
      dropEarlierKeys(places, log),
      ...[queues, records.kills, warm].map(({ close }) => ({ stop: close })),
    );
    return {
      url: services.caddy?.service.url ?? `unix:${home.run}`,
      ...{ home, lock, units, sites, edgeUser: edge.user },
      sources,
      metrics: figures.read,
      noteRelease: figures.noteRelease,
      queueUrl,
      settings: live,
      keyRotation,
      ...{ services, queues, kills: records.kills, errors, alerts, backups },
      stop: () => stop(running),
      detach: () => detach(running),
      kill: () => units.kill(),
    };
  } catch (error) {
    // What an earlier supervisor left keeps serving.
    await (found.length > 0 && !signal.aborted ? detach(running) : stop(running));
    throw signal.aborted ? new Error('Start platform: interrupted') : error;
  }
}

/** What was started and has to be ended, the last first. */
interface Running {
  lock: HomeLock;
  services: Record<string, WatchedService>;
  counters: Counters;
  units: Units | undefined;
  sites: Sites;
  upkeep: { stop(): unknown }[];
  databaseLog?: KeptLog;
  printing?: { stop(): Promise<void> } | undefined;
}

async function stop({ lock, services, counters, units, sites, upkeep, databaseLog, printing }: Running): Promise<void> {
  await Promise.all(upkeep.map((each) => each.stop()));
  // While workers finish their jobs, PostgreSQL writes what its own end would wait for. A failure costs no more than that time.
  const flushed = services.postgres && checkpoint(services.postgres.service.url).catch(() => {});
  await services.caddy?.service.stop();
  await Promise.all([units?.stop(), sites.stop()]);
  await counters.close();
  await flushed;
  await Promise.all([services.postgres?.service.stop(), services.redis?.service.stop()]);
  await databaseLog?.finish();
  await printing?.stop();
  lock.release();
}

async function detach({ lock, counters, units, sites, upkeep, databaseLog, printing }: Running): Promise<void> {
  await Promise.all([databaseLog?.stop(), printing?.stop(), ...upkeep.map((each) => each.stop())]);
  await Promise.all([units?.detach(), sites.stop()]);
  await counters.close();
  lock.release();
}
