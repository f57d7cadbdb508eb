import { type Client, createClient } from '@pandect/client';
import { createContext, type ReactNode, use, useState, useSyncExternalStore } from 'react';

const Current = createContext<Client | undefined>(undefined);

export function ClientProvider({ client, children }: { client?: Client; children: ReactNode }) {
  const [own] = useState(() => client ?? createClient({ language: () => document.documentElement.lang }));
  return <Current value={own}>{children}</Current>;
}

export function useClient(): Client {
  const client = use(Current);
  if (!client) throw new Error('Use client: the component is outside of ClientProvider');
  return client;
}

/** `unknown` until the cookie of the device was tried once. */
export function useSessionState(): Client['session']['state'] {
  const { session } = useClient();
  return useSyncExternalStore(session.subscribe, () => session.state);
}
