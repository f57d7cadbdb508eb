import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Script, startOpenAiServer } from '../../../modules/testing/openai-server.ts';
import { type QdrantServer, startQdrantServer } from '../../../modules/testing/qdrant-server.ts';
import { findBinaries } from '../../../platform/services/binaries.ts';
import { startPostgres } from '../../../platform/services/postgres.ts';
import { startRedis } from '../../../platform/services/redis.ts';
import { type TemporaryHome, temporaryHome } from '../../../platform/services/temporary-home.ts';
import { freePort } from '../../../platform/testing/free-port.ts';
import { memoryFolder } from '../../../platform/testing/memory-folder.ts';
import { type S3Server, startS3Server } from '../../../platform/testing/s3-server.ts';
import { type PlatformAccess, pandect, startTestPlatform, type TestPlatform } from '../platform.ts';
import { processesIn } from '../processes.ts';
import { type Balancer, startBalancer } from './balancer.ts';
import { type Networks, openNetworks } from './networks.ts';

export interface TestHost {
  platform: TestPlatform;
  home: TemporaryHome;
  readonly isRunning: boolean;
  /** Ends everything of it at once, as the loss of the machine does. */
  kill(): Promise<void>;
  /** Starts it again where it was. */
  start(): Promise<void>;
}

export interface TwoHosts {
  /** Through the balancer, with every request to the other host; commands go to the first one. */
  access: PlatformAccess;
  hosts: [TestHost, TestHost];
  balancer: Balancer;
  /** Settings that all hosts have. */
  env: Record<string, string>;
  databaseUrl: string;
  bucket: S3Server;
  qdrant: QdrantServer;
  stop(): Promise<void>;
}

/** PostgreSQL and Redis that no host has started, and which any may reach who has the password. */
async function startServers() {
  const servers = await temporaryHome({ within: await memoryFolder() });
  const binaries = await findBinaries(['postgres', 'redis']);
  const settings = { fsync: 'off', unix_socket_permissions: '0777', max_connections: '600' };
  const [postgres, redis] = await Promise.all([
    startPostgres({ home: servers.home, binaries, settings }),
    startRedis({ home: servers.home, binaries }),
  ]);
  const { root, run, sockets } = servers.home;
  for (const folder of [root, run, join(sockets, 'postgres'), join(sockets, 'redis')]) await chmod(folder, 0o755);
  await chmod(join(sockets, 'redis', 'redis.sock'), 0o777);
  return {
    databaseUrl: postgres.url,
    redisUrl: redis.url,
    async stop() {
      await Promise.all([postgres.stop(), redis.stop()]);
      await servers.remove();
    },
  };
}

/** Two supervisors with a home and a network each, on the same servers, and a balancer before them. @param options.env more settings of both */
export async function startTwoHosts({
  root,
  env: more = {},
  chat,
  networks: given,
}: {
  root?: string;
  env?: Record<string, string>;
  /** What the model writes; default: no model, which quotes passages. */
  chat?: Script;
  /** Where servers of the test listen already; removed at the end. */
  networks?: Networks;
}): Promise<TwoHosts> {
  const ends: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  };
  try {
    const networks = given ?? (await openNetworks());
    ends.push(networks.remove);
    const servers = await startServers();
    ends.push(servers.stop);
    const [bucket, qdrant] = [
      await startS3Server(undefined, networks.shared),
      await startQdrantServer(networks.shared),
    ];
    ends.push(bucket.close, qdrant.close);
    const models = chat && (await startOpenAiServer({ chat }, networks.shared));
    if (models) ends.push(models.close);
    const { OUTBOUND_WHITELIST, OUTBOUND_INTERNAL_HOSTS, ...others } = more;
    const joined = (...names: (string | undefined)[]) => names.filter((name) => name !== undefined).join(',');
    const env = {
      ...{ PANDECT_HOSTS: '2', DATABASE_URL: servers.databaseUrl, REDIS_URL: servers.redisUrl, QDRANT_URL: qdrant.url },
      ...{ STORAGE: 's3', S3_ENDPOINT: bucket.endpoint, S3_REGION: bucket.region, S3_BUCKET: bucket.bucket },
      ...{ S3_ACCESS_KEY_ID: bucket.accessKeyId, S3_SECRET_ACCESS_KEY: bucket.secretAccessKey },
      OUTBOUND_WHITELIST: joined(networks.shared, OUTBOUND_WHITELIST),
      OUTBOUND_INTERNAL_HOSTS: joined(networks.shared, OUTBOUND_INTERNAL_HOSTS),
      ...(models && { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: models.baseUrl, AI_EMBEDDING_MODEL: 'local' }),
      ...{ TRUSTED_PROXIES: `${networks.shared}/32`, DATABASE_CONNECTIONS: '400', ...others },
    };
    const homes = [
      await temporaryHome({ within: await memoryFolder() }),
      await temporaryHome({ within: await memoryFolder() }),
    ];
    const hosts: TestHost[] = [];
    for (const [index, home] of homes.entries()) {
      const { within, address } = networks.hosts[index] as (typeof networks.hosts)[number];
      ends.push(home.remove);
      if (index > 0) await joinHost(hosts[0] as TestHost, home, root);
      const port = within.length > 0 ? 8080 : await freePort();
      const up = async () => {
        const started = await startTestPlatform({ ...(root && { root }), home, env, port, within });
        return { ...started, url: `http://${address}:${port}` };
      };
      const host = createHost(home, await up(), up);
      hosts.push(host);
      ends.push(host.stop);
    }
    const balancer = await startBalancer(hosts.map(({ platform }) => new URL(platform.url).host));
    ends.push(balancer.stop);
    const { home, pid, root: place } = (hosts[0] as TestHost).platform;
    return {
      access: { url: balancer.url, home, pid, root: place },
      hosts: hosts as [TestHost, TestHost],
      balancer,
      ...{ env, databaseUrl: servers.databaseUrl, bucket, qdrant, stop },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param up starts it again */
function createHost(
  home: TemporaryHome,
  platform: TestPlatform,
  up: () => Promise<TestPlatform>,
): TestHost & { stop(): Promise<void> } {
  let isRunning = true;
  const host = {
    ...{ platform, home },
    get isRunning() {
      return isRunning;
    },
    async kill() {
      isRunning = false;
      const { pid: supervisor } = host.platform;
      // The supervisor first, which would start again what is killed after it.
      process.kill(supervisor, 'SIGKILL');
      for (let left = await processesIn(home.home); left.length > 0; left = await processesIn(home.home)) {
        for (const { pid } of left) if (pid !== supervisor) tryKill(pid);
      }
    },
    async start() {
      host.platform = await up();
      isRunning = true;
    },
    async stop() {
      if (isRunning) await host.platform.stop();
    },
  };
  return host;
}

/** Brings the keys of a host to a new home, as `docs/production/several-hosts.md` says. */
async function joinHost({ platform }: TestHost, home: TemporaryHome, root = platform.root): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pandect-keys-'));
  const file = join(folder, 'keys.json');
  for (const [place, command] of [
    [platform.home, 'export'],
    [home.path, 'join'],
  ] as const) {
    const { status, stderr } = await pandect({ url: '', pid: 0, root, home: place }, 'hosts', command, file);
    if (status !== 0) throw new Error(`Join hosts: ${command}: ${stderr}`);
  }
  await rm(folder, { recursive: true });
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
