import type { Places } from '../../../platform/capabilities/outbound/places.ts';
import type { Provider, ProviderKey } from '../providers/adapter.ts';
import type { AdapterOf } from '../providers/adapters.ts';
import { createLocalChat } from '../providers/local/chat.ts';
import { admitAlways } from '../upstream/admission.ts';
import type { Transport } from '../upstream/transport.ts';
import type { ChatModel } from './chat-model.ts';

export interface ProviderChatDeps {
  adapterOf: AdapterOf;
  transport: Transport;
  /** Hosts that may be called, and those of them that may have internal addresses. */
  allowedHosts: readonly string[];
  internalHosts?: readonly string[];
  places?: Places | undefined;
  /** Calls of a provider at the same time, from this process; default: as many as there are places. */
  concurrencyOf?(provider: Provider): number | undefined;
}

/**
 * The models of a provider of any kind, asked with one key; whether it may be asked now is for the caller to find out. Those that speak
 * OpenAI's protocol are asked by its client library, which is loaded for them alone.
 * @throws Error when the host of the provider is not among those that may be called
 */
export async function createProviderChat(
  provider: Provider,
  key: ProviderKey,
  deps: ProviderChatDeps,
): Promise<ChatModel> {
  switch (provider.kind) {
    case 'local':
      return createLocalChat();
    case 'openai':
    case 'azure':
    case 'yandex':
      return askByLibrary(provider, key, deps);
    default: {
      const { createAdapterChat } = await import('../providers/adapter-chat.ts');
      return createAdapterChat({
        adapter: await deps.adapterOf(provider.kind),
        provider,
        key,
        transport: deps.transport,
      });
    }
  }
}

async function askByLibrary(provider: Provider, key: ProviderKey, deps: ProviderChatDeps): Promise<ChatModel> {
  const { connectOpenAi } = await import('../providers/openai/client.ts');
  const { createOpenAiChat } = await import('../providers/openai/chat.ts');
  const { chatDialect } = await import('../dialects/chat/chat-dialect.ts');
  const adapter = await deps.adapterOf(provider.kind);
  const { connectMs, firstMs: timeoutMs, idleMs: idleTimeoutMs, totalMs } = provider.timeouts;
  const client = connectOpenAi({
    ...{ allowedHosts: deps.allowedHosts, internalHosts: deps.internalHosts, admit: admitAlways, connectMs, timeoutMs },
    ...{ baseUrl: provider.baseUrl, caPath: provider.caPath, concurrency: deps.concurrencyOf?.(provider) },
    places: deps.places,
    apiKey: key.secret === '' ? undefined : key.secret,
    rewrite: (body, signal) =>
      adapter.chat(chatDialect, body, {
        ...{ provider, key, signal, model: String(body.model), drop: () => {} },
        send: (request) => deps.transport.send(provider, request, signal),
      }),
  });
  return createOpenAiChat(client, { timeoutMs, idleTimeoutMs, totalMs });
}
