import { slotPath } from '../../platform/supervisor/traffic/socket-path.ts';
import { rowsOf } from '../../tests/support/control.ts';
import { createAccount } from '../../tests/support/http/client.ts';
import { processesIn } from '../../tests/support/processes.ts';
import { startLiteLlm } from '../peers/litellm.ts';
import type { MockUpstream } from '../peers/mock-upstream.ts';
import { type PeerGateway, startPortkey } from '../peers/portkey.ts';
import type { BenchPlatform } from './platform.ts';
import { withChildren } from './process-figures.ts';

/** A way to the mock. */
export interface Way {
  name: string;
  origin: string;
  socketPath?: string;
  headers: Record<string, string>;
  model: string;
  /** Processes of the gateway alone; none for the way without one. */
  gateway(): Promise<number[]>;
  /** With the edge, the database and the rest, where there are any. */
  everything(): Promise<number[]>;
}

export interface Ways {
  direct: Way;
  pandect: Way;
  /** One process of the function, without the edge in front of it. */
  alone: Way;
  peers: Way[];
  /** What is missing, and why. */
  missing: string[];
  organizationId: string;
}

/** The keys that the mock counts by. */
export const apiKeys = { direct: 'sk-direct', pandect: 'sk-pandect', peers: 'sk-peers' };

/** Settings of a platform in front of the mock, with limits that are never met. */
export const pandectSettings = (mock: MockUpstream): Record<string, string> => ({
  OPENAI_API_KEY: apiKeys.pandect,
  OPENAI_BASE_URL: `${mock.origin}/v1`,
  OUTBOUND_WHITELIST: mock.host,
  GATEWAY_MAX_CONCURRENCY: '10000',
  RATE_LIMIT_EXTERNAL_RPM: '1000000',
  RATE_LIMIT_EXTERNAL_TPM: '1000000000',
});

export async function openWays(platform: BenchPlatform, mock: MockUpstream): Promise<Ways> {
  const { key, organizationId } = await gatewayKey(platform);
  const gateway = async () => (await rowsOf(platform, 'gateway')).flatMap(({ pid }) => (pid ? [pid] : []));
  const pandect: Way = {
    ...{
      name: 'Pandect',
      origin: platform.url,
      model: 'default',
      headers: { authorization: `Bearer ${key}` },
      gateway,
    },
    everything: async () => [platform.pid, ...(await processesIn(platform.folders)).map(({ pid }) => pid)],
  };
  const alone = { ...pandect, name: 'Pandect, one process without edge' };
  const none = async () => [];
  const { started, missing } = await startPeers(platform, mock);
  return {
    direct: {
      ...{ name: 'direct', origin: mock.origin, model: 'mock', gateway: none, everything: none },
      headers: { authorization: `Bearer ${apiKeys.direct}` },
    },
    pandect,
    alone: { ...alone, socketPath: slotPath(platform.folders.run, 'gateway', 0) },
    peers: started.map((peer) => {
      const pids = () => withChildren(peer.pid);
      return { ...peer, gateway: pids, everything: pids };
    }),
    missing,
    organizationId,
  };
}

/** One that does not start is left out: the others are worth measuring without it. */
async function startPeers(
  platform: BenchPlatform,
  mock: MockUpstream,
): Promise<{ started: PeerGateway[]; missing: string[] }> {
  const started: PeerGateway[] = [];
  const missing: string[] = [];
  for (const start of [startPortkey, startLiteLlm]) {
    try {
      const peer = await start(mock, apiKeys.peers);
      started.push(peer);
      platform.onEnd(() => peer.stop());
    } catch (error) {
      missing.push((error as Error).message);
    }
  }
  return { started, missing };
}

async function gatewayKey(platform: BenchPlatform): Promise<{ key: string; organizationId: string }> {
  const account = await createAccount(platform);
  const [user] = await platform.owner<{ organizationId: string }[]>`
    update users set email_confirmed_at = now() where email = ${account.email}
    returning organization_id as "organizationId"`;
  const json = { name: 'Bench', scopes: ['gateway'] };
  const { key } = await account.get<{ key: string }>('POST /api/keys', { json });
  return { key, organizationId: user?.organizationId ?? '' };
}
