import { createHash } from 'node:crypto';
import type { Caller } from '../../../platform/runtime/http/caller.ts';

/**
 * The id under which a request is metered. The same `Idempotency-Key` of the same person gives the same one, so that a retry
 * continues with what the first try reserved; without a key it is random.
 */
export function requestIdOf(
  { organizationId, userId }: Pick<Caller, 'organizationId' | 'userId'>,
  idempotencyKey: string | undefined,
): string {
  if (idempotencyKey === undefined) return crypto.randomUUID();
  return toUuid(
    createHash('sha256')
      .update(JSON.stringify([organizationId, userId, idempotencyKey]))
      .digest(),
  );
}

/** A UUID of the first bytes of a hash, version 8 of RFC 9562: bits of one's own choice. */
export function toUuid(hash: Buffer): string {
  const bytes = Buffer.from(hash);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
