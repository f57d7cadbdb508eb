import type { Client, Schemas } from '@pandect/client';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { useClient } from '../../app/client.tsx';
import { type Asking, createAsking, type Turn } from './asking.ts';
import { createKept, type Kept, NEW } from './kept.ts';

export const conversationKey = (id: string) => ['getConversation', id];

export const readConversation = (client: Client, id: string) => ({
  queryKey: conversationKey(id),
  queryFn: async ({ signal }: { signal: AbortSignal }) =>
    (await client.api.GET('/api/conversations/{id}', { params: { path: { id } }, signal })).data,
});

/** An answer that has just come, for those who listen. */
export interface Spoken {
  conversationId: string;
  text: string;
  at: number;
}

interface Own {
  asking: Asking;
  kept: Kept;
  /** Called with the conversation that the first question has begun; true: somebody looks at it. */
  onBegun: Set<(id: string) => void>;
  spoken: Spoken | undefined;
  /** Whether the field of the next screen takes the focus that the one before it had. */
  hadFocus: boolean;
  /** By the id of a stored message, the name that its element had while it came: so the page keeps it. */
  names: Map<string, string>;
}

const owns = new WeakMap<Client, Own>();

/** One for a page: answers go on whatever screen is shown. */
function ownOf(client: Client, queries: QueryClient): Own {
  const known = owns.get(client);
  if (known) return known;
  const kept = createKept(sessionStorage);
  const own: Own = {
    ...{ kept, onBegun: new Set(), spoken: undefined, hadFocus: false, names: new Map() },
    asking: createAsking({
      client,
      kept,
      onDone: (turn) => settle(client, queries, own, turn),
      onEnd: () => void queries.invalidateQueries({ queryKey: ['getLimits'] }),
    }),
  };
  owns.set(client, own);
  client.session.subscribe(() => {
    if (client.session.state !== 'signed-out') return;
    own.asking.close();
    owns.delete(client);
  });
  return own;
}

/** The conversation as the server has it now takes the place of the turn. */
async function settle(
  client: Client,
  queries: QueryClient,
  own: Own,
  { slot, key, answer }: Turn & { answer: Schemas['Answer'] },
): Promise<void> {
  const id = answer.conversationId;
  own.spoken = { conversationId: id, text: answer.answer, at: performance.now() };
  await queries.invalidateQueries({ queryKey: conversationKey(id), refetchType: 'none' });
  const { messages } = await queries.fetchQuery(readConversation(client, id));
  const [question, last] = messages.slice(-2);
  if (question) own.names.set(question.id, `${key}-question`);
  if (last) own.names.set(last.id, `${key}-answer`);
  void queries.invalidateQueries({ queryKey: ['listConversations'] });
  if (slot !== NEW) return;
  own.kept.begin(id);
  for (const listener of own.onBegun) listener(id);
}

/** What is asked in a conversation, or to begin one. */
export function useAsking(slot: string) {
  const own = ownOf(useClient(), useQueryClient());
  const turn = useSyncExternalStore(own.asking.subscribe, () => own.asking.get(slot));
  return { ...own, turn, own };
}
