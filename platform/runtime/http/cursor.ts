import { z } from '@hono/zod-openapi';
import type { Position } from '../../../db/newest-first.ts';
import { Problem } from '../../kernel/problem.ts';
import { invalidRequest } from '../../kernel/problems.ts';

export const pageQuery = z.strictObject({
  cursor: z.string().max(200).optional().openapi({ description: '`nextCursor` of the page before' }),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

/** The database knows no year 0. */
const position = z.tuple([z.iso.datetime().refine((at) => !at.startsWith('0000')), z.uuid()]);

/** A position is opaque to clients. @throws Problem invalid-request for what we did not make */
export function readCursor(cursor: string | undefined): Position | undefined {
  if (cursor === undefined) return undefined;
  try {
    const [at, id] = position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return { at, id };
  } catch (cause) {
    throw new Problem(invalidRequest, {
      cause,
      errors: [{ path: 'query.cursor', message: 'not a cursor of ours' }],
    });
  }
}

export function nextCursor(items: readonly { createdAt: string; id: string }[], more: boolean): string | null {
  const last = items.at(-1);
  if (!more || !last) return null;
  return Buffer.from(JSON.stringify([last.createdAt, last.id])).toString('base64url');
}
