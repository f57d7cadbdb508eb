import { createHash } from 'node:crypto';
import { AiFailure } from '../ai-failure.ts';
import type { Provider, ProviderKey } from '../providers/adapter.ts';
import type { Target } from '../routing/route.ts';
import { TurnEnds } from '../routing/turn-end.ts';
import type { TurnEnd, UpstreamState } from '../upstream/upstream-state.ts';
import type { ChatModel } from './chat-model.ts';
import { createProviderChat, type ProviderChatDeps } from './create-provider-chat.ts';

export interface TargetChats {
  of(target: Target): ChatModel;
  /** Loads what its calls need, so that the first does not wait for it. */
  prepare(target: Target): Promise<void>;
}

/** Models of providers that are kept open, each with its connections. */
const MOST_KEPT = 256;

/**
 * The chat models of targets. A provider is opened once for each of its keys and kept as long as the configuration says the same of it.
 * Each call takes a turn among those of all processes, and ends it.
 */
export function createTargetChats(deps: ProviderChatDeps & { state: UpstreamState }): TargetChats {
  const kept = new Map<string, Promise<ChatModel>>();
  const turnEnds = new TurnEnds();

  const open = (provider: Provider, key: ProviderKey): Promise<ChatModel> => {
    const name = createHash('sha256')
      .update(JSON.stringify({ ...provider, keys: [key] }))
      .digest('base64');
    const chat = kept.get(name) ?? createProviderChat(provider, key, deps);
    kept.delete(name);
    kept.set(name, chat);
    chat.catch(() => kept.delete(name));
    const [oldest] = kept.size > MOST_KEPT ? kept.keys() : [];
    if (oldest !== undefined) kept.delete(oldest);
    return chat;
  };

  const of = ({ name, provider }: Target): ChatModel => ({
    begin: (options) => deps.state.begin({ target: name, provider: provider.name, keys: provider.keys }, options),
    async *stream(request, { signal, turn }) {
      if (!turn) throw new Error(`Ask target "${name}": it has no turn`);
      let end: TurnEnd = { outcome: 'abandoned' };
      try {
        const chat = await open(provider, turn.key).catch((cause: unknown) => {
          throw new AiFailure('unreachable', `Open target "${name}": failed`, { cause, upstream: 'not-asked' });
        });
        yield* chat.stream(request, { signal });
        end = turnEnds.success(name, turn.key.id);
      } catch (error) {
        const failure = error instanceof AiFailure ? error.upstream : undefined;
        if (failure) end = turnEnds.failure(name, turn.key.id, { failure });
        throw error;
      } finally {
        turn.end(end);
      }
    },
  });

  return {
    of,
    async prepare({ provider }) {
      const [key] = provider.keys;
      if (key) await open(provider, key);
    },
  };
}
