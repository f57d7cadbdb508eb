import { problemErrorOfResponse } from '../problem.ts';
import type { Schemas } from '../schemas.ts';

export interface Credentials {
  email: string;
  password: string;
}

/** What the operations that sign somebody in answer; without a refresh token where a cookie holds it. */
export type Tokens = Schemas['Session'];

/** Where a program keeps its refresh token. Each token works once, so a stored one is replaced at every refresh. */
export interface TokenStore {
  read(): string | undefined | Promise<string | undefined>;
  write(refreshToken: string | undefined): void | Promise<void>;
}

export interface SignInCalls {
  logIn(credentials: Credentials): Promise<Tokens>;
  /** Undefined when there is no session, or no longer one. @throws ProblemError, NetworkError when that is unknown */
  refresh(): Promise<Tokens | undefined>;
  logOut(): Promise<void>;
  /** Keeps the refresh token of another answer. */
  keep(tokens: Tokens): Promise<void>;
}

type Send = (path: string, body: object) => Promise<Response>;

/** In a browser: the refresh token is in a cookie that no script can read. */
export const cookieCalls = (send: Send): SignInCalls => ({
  logIn: async (credentials) => tokensOf(await send('/api/auth/login', credentials)),
  refresh: async () => refreshedBy(await send('/api/auth/refresh', {})),
  logOut: async () => expectDone(await send('/api/auth/logout', {})),
  keep: async () => {},
});

/** Elsewhere: in a store of the program. */
export function storeCalls(send: Send, store: TokenStore): SignInCalls {
  const keep = async ({ refreshToken }: Tokens) => store.write(refreshToken);
  return {
    async logIn(credentials) {
      const tokens = await tokensOf(await send('/api/auth/login', credentials));
      await keep(tokens);
      return tokens;
    },
    async refresh() {
      const refreshToken = await store.read();
      const tokens = refreshToken && (await refreshedBy(await send('/api/auth/refresh', { refreshToken })));
      if (tokens) await keep(tokens);
      else if (refreshToken) await store.write(undefined);
      return tokens || undefined;
    },
    async logOut() {
      const refreshToken = await store.read();
      if (refreshToken) await expectDone(await send('/api/auth/logout', { refreshToken }));
      await store.write(undefined);
    },
    keep,
  };
}

async function tokensOf(response: Response): Promise<Tokens> {
  if (!response.ok) throw await problemErrorOfResponse(response);
  return response.json();
}

/** A session ends when its refresh token is not valid, or its organization is suspended; not by any other refusal. */
async function refreshedBy(response: Response): Promise<Tokens | undefined> {
  if (response.ok) return response.json();
  const error = await problemErrorOfResponse(response);
  if (error.is('invalid-refresh-token') || error.is('organization-suspended')) return undefined;
  throw error;
}

async function expectDone(response: Response): Promise<void> {
  if (!response.ok) throw await problemErrorOfResponse(response);
}
