import type { Wire } from '../dialects/contract.ts';
import type { Adapter, ProviderKind } from './adapter.ts';
import type { TokenStore } from './tokens/token-store.ts';

/** The adapter of a kind, loaded when it is first asked for. */
export type AdapterOf = (kind: ProviderKind) => Promise<Adapter>;

/** @param tokens of keys that are exchanged first, best shared by all processes */
export interface AdapterDeps {
  tokens: TokenStore;
}

/** Adapters of all kinds; a process loads only those of the kinds that it calls. */
export function createAdapters(deps: AdapterDeps): AdapterOf {
  const loaded = new Map<ProviderKind, Promise<Adapter>>();
  return (kind) => {
    const adapter = loaded.get(kind) ?? load(kind, deps);
    loaded.set(kind, adapter);
    return adapter;
  };
}

async function load(kind: ProviderKind, { tokens }: AdapterDeps): Promise<Adapter> {
  switch (kind) {
    case 'openai':
      return (await import('./openai/adapter.ts')).createOpenAiAdapter(await openAiWires());
    case 'azure':
      return (await import('./azure/adapter.ts')).createAzureAdapter(await openAiWires());
    case 'yandex':
      return (await import('./yandex/adapter.ts')).createYandexAdapter(await openAiWires());
    case 'cohere':
      return (await import('./cohere/adapter.ts')).createCohereAdapter(await chatWire());
    case 'anthropic': {
      const { messagesDialect } = await import('../dialects/messages/messages-dialect.ts');
      return (await import('./anthropic/adapter.ts')).createAnthropicAdapter(messagesDialect);
    }
    case 'gigachat':
      return (await import('./gigachat/adapter.ts')).createGigaChatAdapter(tokens);
    case 'local':
      return (await import('./local/adapter.ts')).createLocalAdapter(await chatWire());
  }
}

const chatWire = async (): Promise<Wire> => (await import('../dialects/chat/chat-dialect.ts')).chatDialect;

async function openAiWires(): Promise<Wire[]> {
  const { responsesDialect } = await import('../dialects/responses/responses-dialect.ts');
  return [await chatWire(), responsesDialect];
}
