import { AsyncLocalStorage } from 'node:async_hooks';

/** The client's address while its request is handled, for what is written about it; unset in jobs and commands. */
export const requestAddress = new AsyncLocalStorage<string>();
