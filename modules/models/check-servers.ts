import { AiFailure } from './ai-failure.ts';
import { findAliasRoute } from './catalogue.ts';
import type { Configurations } from './configuration/contract.ts';
import type { Reachable } from './embedding/embedder.ts';
import type { Endpoint } from './embedding/embedding-settings.ts';
import type { Provider } from './providers/adapter.ts';
import type { OpenAiClient, OpenAiEndpoint } from './providers/openai/client.ts';
import type { Transport } from './upstream/transport.ts';
import { TransportFailure } from './upstream/transport-failure.ts';

interface CheckDeps {
  configurations: Pick<Configurations, 'platform'>;
  transport: Transport;
  /** Servers that embed. */
  endpoints: readonly Endpoint[];
  /** For those that speak OpenAI's protocol. */
  settings: Omit<OpenAiEndpoint, keyof Endpoint>;
}

/** Servers to which connections are kept between checks. */
const MOST_KEPT = 32;

/** Every server that answers questions by the configuration in effect, or embeds. Of OpenAI's protocol the key is checked as well. */
export function checkServers({ configurations, transport, endpoints, settings }: CheckDeps): Reachable {
  const clients = new Map<string, OpenAiClient>();
  const clientOf = async (endpoint: Endpoint): Promise<OpenAiClient> => {
    const name = JSON.stringify(endpoint);
    const known = clients.get(name);
    if (known) return known;
    const { connectOpenAi } = await import('./providers/openai/client.ts');
    const client = connectOpenAi({ ...settings, ...endpoint });
    if (clients.size >= MOST_KEPT) clients.clear();
    clients.set(name, client);
    return client;
  };
  return {
    async check(signal = new AbortController().signal) {
      const configuration = await configurations.platform();
      const routes = (['standard', 'advanced'] as const).map((alias) => findAliasRoute(configuration, alias));
      const targets = routes.flatMap((route) => route?.targets ?? []);
      const providers = [...new Set(targets.map(({ target }) => target.provider))];
      const compatible = providers.filter(({ kind }) => kind === 'openai').map(endpointOf);
      const others = providers.filter(({ kind }) => kind !== 'openai' && kind !== 'local');
      const servers = [...endpoints, ...compatible].filter(
        (endpoint, index, all) => all.findIndex((one) => isSame(one, endpoint)) === index,
      );
      await Promise.all([
        ...servers.map(async (endpoint) => (await clientOf(endpoint)).check(signal)),
        ...others.map((provider) => reach(provider, transport, signal)),
      ]);
    },
  };
}

const endpointOf = ({ baseUrl, caPath, keys: [key] }: Provider): Endpoint => ({
  ...{ baseUrl, caPath, apiKey: key?.secret || undefined, concurrency: 1 },
});

const isSame = (one: Endpoint, other: Endpoint): boolean =>
  one.baseUrl.replace(/\/+$/, '') === other.baseUrl.replace(/\/+$/, '') && one.apiKey === other.apiKey;

/** Any answer but one of 5xx shows that the server is there. */
async function reach(provider: Provider, transport: Transport, signal: AbortSignal): Promise<void> {
  const action = `Check provider "${provider.name}"`;
  try {
    const request = { method: 'GET', url: `${provider.baseUrl}/models`, headers: {} } as const;
    const { status, body } = await transport.send(provider, request, signal);
    body.destroy();
    if (status >= 500) throw new AiFailure('broken', `${action}: status ${status}`, { upstream: { status } });
  } catch (error) {
    if (error instanceof TransportFailure) throw new AiFailure(error.reason, `${action}: ${error.code}`);
    throw error;
  }
}
