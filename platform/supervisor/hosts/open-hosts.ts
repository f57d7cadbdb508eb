import { hostname } from 'node:os';
import { migrationState, readMigrations } from '../../../db/apply-migrations.ts';
import { within } from '../../../db/within.ts';
import type { KnownVariable } from '../../kernel/environment.ts';
import type { Log } from '../../kernel/log.ts';
import { version } from '../../kernel/version.ts';
import type { Places } from '../home/whole-home.ts';
import { type EntryTurn, enterInTurn } from './enter-in-turn.ts';
import { HEARTBEAT_MS, type Host } from './host.ts';
import { hostIdOf } from './host-id.ts';
import { enterHost, liveHosts, withHosts } from './host-rows.ts';
import { refuseHost } from './refuse-host.ts';
import { digestOfKeys } from './shared-keys.ts';

export interface HostsOptions {
  places: Places;
  variables: readonly KnownVariable[];
  /** The operator's settings. */
  source: Record<string, string | undefined>;
  /** `PANDECT_HOSTS` */
  hosts: number;
  /** Of the owner. */
  databaseUrl: string;
}

/** This host among those that serve the same database. */
export interface Hosts {
  /** Runs what comes before `enter`, and that, while no other host does. */
  inTurn<T>(turn: EntryTurn, enter: () => Promise<T>): Promise<T>;
  /** Before anything is changed in the database. @throws Error that says why this host may not serve it now */
  assertMayServe(): Promise<void>;
  /** Makes this host known to the others, once its keys are there. */
  enter(): Promise<void>;
  /** Keeps it known while its supervisor runs; the others notice a clean end at once. @param queueUrl of a login that may read the queue */
  keep(queueUrl: () => string, log: Log): { stop(): Promise<void> };
  /** Before keys are rotated, which would leave the other hosts with refused ones. @throws while others run */
  assertAlone(): Promise<void>;
}

export function openHosts(options: HostsOptions): Hosts {
  const { places, databaseUrl } = options;
  if (places.isEmbedded) return alone;
  const others = async () => {
    const own = await hostIdOf(places.home);
    return withHosts(databaseUrl, async (sql) => (await liveHosts(sql)).filter(({ id }) => id !== own));
  };
  return {
    inTurn: (turn, enter) => enterInTurn(databaseUrl, turn, enter),
    async assertMayServe() {
      const running = await others();
      if (running.length === 0) return;
      const own = { ...(await describeHost(options)), hosts: options.hosts, isBehind: await isBehind(databaseUrl) };
      const reason = refuseHost(own, running);
      if (reason !== undefined) throw new Error(`Start platform in "${places.home.root}": ${reason}`);
    },
    async enter() {
      const { keys = '', ...host } = await describeHost(options);
      await withHosts(databaseUrl, (sql) => enterHost(sql, { ...host, keys }));
    },
    keep: (queueUrl, log) => keepKnown(hostIdOf(places.home), queueUrl, log),
    async assertAlone() {
      const running = await others();
      if (running.length === 0) return;
      const names = running.map(({ name }) => `"${name}"`).join(', ');
      throw new Error(
        `Rotate keys: ${names} would keep the earlier ones: stop the other hosts, rotate, and join them again with "pandect hosts export"`,
      );
    },
  };
}

/** Only this host reaches a database of its own. */
const alone: Hosts = {
  inTurn: (_, enter) => enter(),
  assertMayServe: async () => {},
  enter: async () => {},
  keep: () => ({ stop: async () => {} }),
  assertAlone: async () => {},
};

/** What the settings say of this host. */
async function describeHost({ places, variables, source }: HostsOptions): Promise<Host> {
  const { STORAGE, S3_ENDPOINT, S3_BUCKET, QDRANT_URL } = source;
  return {
    ...{ id: await hostIdOf(places.home), name: hostname(), version },
    keys: await digestOfKeys({ places, variables, source }),
    storage: STORAGE === 's3' ? `${S3_ENDPOINT}/${S3_BUCKET}` : 'local',
    vectors: QDRANT_URL || 'local',
  };
}

const isBehind = (databaseUrl: string): Promise<boolean> =>
  withHosts(databaseUrl, async (sql) => (await migrationState(sql, await readMigrations())).isAhead);

/** Longest that a beat waits for the database, which the end of the supervisor waits for too. */
const BEAT_SECONDS = 3;

function keepKnown(own: Promise<string>, queueUrl: () => string, log: Log): { stop(): Promise<void> } {
  const tell = async (isOver: boolean) => {
    const id = await own;
    await withHosts(queueUrl(), async (sql) => {
      const seenAt = isOver ? sql`'epoch'` : sql`now()`;
      await within(BEAT_SECONDS, sql`update hosts set seen_at = ${seenAt} where id = ${id}`);
    });
  };
  let telling: Promise<void> | undefined;
  const timer = setInterval(() => {
    telling ??= tell(false)
      .catch((error: unknown) => log.warn({ error }, 'Hosts: the database does not answer'))
      .finally(() => {
        telling = undefined;
      });
  }, HEARTBEAT_MS);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await telling;
      await tell(true).catch(() => {});
    },
  };
}
