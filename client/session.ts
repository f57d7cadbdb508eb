import { ProblemError } from './problem.ts';

type State = 'unknown' | 'signed-out' | 'signed-in';

export interface Session {
  readonly state: State;
  subscribe(change: () => void): () => void;
  /** Tries the cookie of the device; true when it holds a session. */
  restore(): Promise<boolean>;
  signIn(credentials: { email: string; password: string }): Promise<void>;
  signOut(): Promise<void>;
  accessToken(): Promise<string | undefined>;
}

interface Tokens {
  accessToken: string;
  expiresIn: number;
}

const MARGIN_MS = 30_000;
const LOCK = 'pandect-session';

/** The access token stays in memory; what renews it is a cookie that no script can read. */
export function createSession({ baseUrl, send }: { baseUrl: string; send: typeof fetch }): Session {
  let state: State = 'unknown';
  let held: { token: string; until: number } | undefined;
  const followers = new Set<() => void>();
  const become = (next: State) => {
    state = next;
    for (const follower of followers) follower();
  };
  const call = (path: string, body: object = {}) =>
    send(`${baseUrl}/api/auth/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Pandect-Session': 'cookie' },
      body: JSON.stringify(body),
    });
  const keep = ({ accessToken, expiresIn }: Tokens) => {
    held = { token: accessToken, until: performance.now() + expiresIn * 1000 - MARGIN_MS };
    become('signed-in');
  };
  const refresh = () =>
    navigator.locks.request(LOCK, async () => {
      const response = await call('refresh');
      if (response.ok) keep(await response.json());
      else if (response.status === 401) {
        held = undefined;
        become('signed-out');
      } else throw new ProblemError(await response.json());
    });
  return {
    get state() {
      return state;
    },
    subscribe(change) {
      followers.add(change);
      return () => followers.delete(change);
    },
    async restore() {
      if (state === 'unknown') await refresh();
      return state === 'signed-in';
    },
    async signIn(credentials) {
      const response = await call('login', credentials);
      if (!response.ok) throw new ProblemError(await response.json());
      keep(await response.json());
    },
    async signOut() {
      await call('logout');
      held = undefined;
      become('signed-out');
    },
    async accessToken() {
      if (held && performance.now() > held.until) await refresh();
      return held?.token;
    },
  };
}
