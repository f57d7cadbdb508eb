import { setTimeout as sleep } from 'node:timers/promises';
import type { AccessToken, TokenKey, TokenStore } from './token-store.ts';

/** A token is replaced so long before it expires, as a call may take a while to arrive. */
const EARLY_MS = 60_000;
/** One who asks for a token and dies keeps the others waiting no longer. */
const LOCK_MS = 10_000;
const POLL_MS = 50;

/** Tokens that are current, of which each is asked for once over all processes that share a store. */
export interface CurrentTokens {
  /**
   * @param ask for the next token; only called by the one that has the right to
   * @throws what `ask` throws, whose `reason` is `cancelled` where only its caller left; the reason of `signal`
   */
  of(key: TokenKey, ask: () => Promise<AccessToken>, signal: AbortSignal): Promise<AccessToken>;
  /** A provider has refused the token: the next call asks for another, unless one is there already. */
  refused(key: TokenKey, value: string): Promise<void>;
}

export function createCurrentTokens(store: TokenStore): CurrentTokens {
  /** Spares a look at the store while a token is current, and its second request within this process. */
  const known = new Map<string, AccessToken>();
  const asking = new Map<string, Promise<AccessToken>>();
  const isCurrent = (token: AccessToken | undefined): token is AccessToken =>
    token !== undefined && token.expiresAt - EARLY_MS > Date.now();

  async function askOnce(key: TokenKey, ask: () => Promise<AccessToken>): Promise<AccessToken> {
    for (;;) {
      const stored = await store.get(key);
      if (isCurrent(stored)) return stored;
      const lock = await store.lock(key, LOCK_MS);
      if (!lock) {
        await sleep(POLL_MS);
        continue;
      }
      try {
        // The one that had the lock before may have put it there.
        const put = await store.get(key);
        if (isCurrent(put)) return put;
        const token = await ask();
        await store.put(key, token);
        return token;
      } finally {
        await lock.release();
      }
    }
  }

  return {
    async of(key, ask, signal) {
      for (;;) {
        const token = known.get(key.name);
        if (isCurrent(token)) return token;
        let asked = asking.get(key.name);
        const isOurs = asked === undefined;
        asked ??= askOnce(key, ask).finally(() => asking.delete(key.name));
        asking.set(key.name, asked);
        try {
          const next = await abortable(asked, signal);
          known.set(key.name, next);
          return next;
        } catch (error) {
          // The caller that was asking for all of us left.
          const isNext = !isOurs && !signal.aborted && (error as { reason?: unknown }).reason === 'cancelled';
          if (!isNext) throw error;
        }
      }
    },
    async refused(key, value) {
      if (known.get(key.name)?.value === value) known.delete(key.name);
      await store.remove(key, value);
    },
  };
}

/** Waits for something that others wait for as well, only as long as the signal lets it. */
async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
