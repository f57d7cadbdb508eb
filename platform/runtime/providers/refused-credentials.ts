import { createLocalBucket } from '../../capabilities/rates/index.ts';
import { RATE_LIMIT_AUTH_RPS } from '../../kernel/variables.ts';
import { defineProvider } from '../boot.ts';

/** For each client address, in each process. */
export const refusedCredentials = defineProvider([RATE_LIMIT_AUTH_RPS], (_, { RATE_LIMIT_AUTH_RPS: rate }) =>
  createLocalBucket(rate, rate),
);
