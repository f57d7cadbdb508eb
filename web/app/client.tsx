import { type Client, createClient, type SessionState } from '@pandect/client';
import { createContext, type ReactNode, use, useState, useSyncExternalStore } from 'react';
import { createPrompt, type Prompt } from './session/prompt.ts';

interface Connection {
  client: Client;
  /** Asks to sign in again when the session ends while the page is used. */
  prompt: Prompt;
}

const Current = createContext<Connection | undefined>(undefined);

type Fetch = (request: Request) => Promise<Response>;

function connect(fetch: Fetch | undefined): Connection {
  const prompt = createPrompt();
  const client = createClient({
    baseUrl: window.location.origin,
    language: () => document.documentElement.lang,
    onSignedOut: () => prompt.ask(),
    ...(fetch && { fetch: fetch as typeof globalThis.fetch }),
  });
  return { client, prompt };
}

/** @param props.fetch in place of the browser's; the first one counts */
export function ClientProvider({ children, fetch }: { children: ReactNode; fetch?: Fetch }) {
  const [own] = useState(() => connect(fetch));
  return <Current value={own}>{children}</Current>;
}

function useConnection(): Connection {
  const connection = use(Current);
  if (!connection) throw new Error('Use client: the component is outside of ClientProvider');
  return connection;
}

export const useClient = (): Client => useConnection().client;

/** `unknown` until the cookie of the device was tried once. */
export function useSessionState(): SessionState {
  const { session } = useClient();
  return useSyncExternalStore(session.subscribe, () => session.state);
}

export function useSignInPrompt(): { prompt: Prompt; open: boolean } {
  const { prompt } = useConnection();
  return { prompt, open: useSyncExternalStore(prompt.subscribe, () => prompt.open) };
}
