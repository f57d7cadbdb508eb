import { createHash } from 'node:crypto';
import type { IdempotentRequest } from '../../platform/capabilities/idempotency/index.ts';

/** A key is the caller's own over all operations, so the operation is part of what is asked for. */
export const idempotentRequest = (key: string | undefined, ...asked: unknown[]): IdempotentRequest => ({
  key,
  fingerprint: createHash('sha256').update(JSON.stringify(asked)).digest('hex'),
});
