import { type AccessToken, accessToken, isFresh, userIdOf } from './access-token.ts';
import type { Lock } from './lock.ts';
import { type News, type NewsChannel, noNews, tokenNews } from './news.ts';
import type { Credentials, SignInCalls, Tokens } from './sign-in-calls.ts';

/**
 * `unknown` until `restore` was called; `expired` when the session ended by itself while it was used, so that the page can ask for the
 * password without losing what is on it.
 */
export type SessionState = 'unknown' | 'signed-in' | 'signed-out' | 'expired';

export interface Session {
  readonly state: SessionState;
  /** Whose session it is. It changes without a sign-out when another page signs in somebody else. */
  readonly userId: string | undefined;
  /** Calls `changed` after each change of the state or the person. @returns what ends that */
  subscribe(changed: () => void): () => void;
  /** Continues the session that the device has, if any. @returns whether there is one */
  restore(): Promise<boolean>;
  /** @throws ProblemError invalid-credentials, too-many-sign-ins, organization-suspended */
  signIn(credentials: Credentials): Promise<void>;
  /** Takes over what `register`, `acceptInvitation` and other operations that sign in answer. */
  adopt(tokens: Tokens): Promise<void>;
  /** Ends it for all pages of the device. @throws NetworkError when the server did not hear of it: the session continues */
  signOut(): Promise<void>;
}

/** What only the rest of the client uses. */
export interface OwnSession extends Session {
  /** One that is valid for a while; undefined without a session. */
  accessToken(): Promise<string | undefined>;
  /** Another one in place of one that the server refused. */
  renew(refused: string): Promise<string | undefined>;
  close(): void;
}

interface Deps {
  calls: SignInCalls;
  lock: Lock;
  openNews?: (hear: (news: News) => void) => NewsChannel;
}

/** The news of the page that had the lock may arrive after the lock. */
const NEWS_MS = 250;

export function createSession({ calls, lock, openNews }: Deps): OwnSession {
  let state: SessionState = 'unknown';
  let held: AccessToken | undefined;
  let refreshing: Promise<void> | undefined;
  const followers = new Set<() => void>();

  const become = (next: SessionState, token?: AccessToken) => {
    const hasChanged = next !== state || (token && userIdOf(token)) !== (held && userIdOf(held));
    state = next;
    held = token;
    if (hasChanged) for (const follower of [...followers]) follower();
  };
  const news =
    openNews?.((heard) => {
      if (heard.kind === 'signed-out') become('signed-out');
      else become('signed-in', accessToken(heard.token, heard.leftMs));
    }) ?? noNews;
  const take = (tokens: Tokens) => {
    const token = accessToken(tokens.accessToken, tokens.expiresIn * 1000);
    become('signed-in', token);
    news.tell(tokenNews(token));
  };

  /** One request for all pages that want a token other than `refused` at the same time. */
  const refresh = (refused?: string) => {
    const isDone = () => held !== undefined && held.token !== refused && isFresh(held);
    refreshing ??= lock
      .run(async (waited) => {
        if (waited && !isDone()) await news.next(NEWS_MS);
        if (isDone()) return;
        const tokens = await calls.refresh();
        if (tokens) take(tokens);
        else become(held ? 'expired' : state === 'expired' ? 'expired' : 'signed-out');
      })
      .finally(() => {
        refreshing = undefined;
      });
    return refreshing;
  };

  return {
    get state() {
      return state;
    },
    get userId() {
      return held && userIdOf(held);
    },
    subscribe(changed) {
      followers.add(changed);
      return () => followers.delete(changed);
    },
    async restore() {
      if (state === 'unknown') await refresh();
      return state === 'signed-in';
    },
    signIn: (credentials) => lock.run(async () => take(await calls.logIn(credentials))),
    adopt: (tokens) =>
      lock.run(async () => {
        await calls.keep(tokens);
        take(tokens);
      }),
    signOut: () =>
      lock.run(async () => {
        await calls.logOut();
        become('signed-out');
        news.tell({ kind: 'signed-out' });
      }),
    async accessToken() {
      const mayHaveOne = state === 'unknown' || state === 'signed-in';
      if (mayHaveOne && !(held && isFresh(held))) await refresh(held?.token);
      return held?.token;
    },
    async renew(refused) {
      if (held?.token === refused) await refresh(refused);
      return held?.token;
    },
    close: () => news.close(),
  };
}
