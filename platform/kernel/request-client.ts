import { AsyncLocalStorage } from 'node:async_hooks';

export interface RequestClient {
  address: string;
  /** What the client calls itself in `User-Agent`. */
  userAgent: string | undefined;
}

/** The client while its request is handled, for what is written about it; unset in jobs and commands. */
export const requestClient = new AsyncLocalStorage<RequestClient>();
