import { type Client, createClient } from '@pandect/client';
import { createContext, type ReactNode, use, useState, useSyncExternalStore } from 'react';
import { createPageFetch, type PageFetch } from './page-fetch.ts';

interface Connection {
  client: Client;
  page: PageFetch;
}

const Current = createContext<Connection | undefined>(undefined);

export function ClientProvider({ children }: { children: ReactNode }) {
  const [connection] = useState(() => {
    const page = createPageFetch();
    return { page, client: createClient({ baseUrl: window.location.origin, fetch: page.fetch }) };
  });
  return <Current value={connection}>{children}</Current>;
}

function useConnection(): Connection {
  const connection = use(Current);
  if (!connection) throw new Error('Use client: the component is outside of ClientProvider');
  return connection;
}

export const useClient = (): Client => useConnection().client;

/** `unknown` until the cookie of the device was tried once. */
export function useSessionState(): Client['session']['state'] {
  const { session } = useClient();
  return useSyncExternalStore(session.subscribe, () => session.state);
}

/** Whether the API has changed since the page was loaded. */
export function useHasNewVersion(): boolean {
  const { page } = useConnection();
  return useSyncExternalStore(page.subscribe, page.hasNewVersion);
}
