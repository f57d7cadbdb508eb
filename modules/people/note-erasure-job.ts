import { z } from 'zod';
import type { Transaction } from '../../db/client.ts';
import { defineJob, type Queue } from '../../platform/capabilities/queue/index.ts';

/** Notes outside of the database that a person was erased, so that a restore does it again. */
export const noteErasureJob = defineJob({
  queue: 'maintenance',
  schema: z.strictObject({
    kind: z.literal('note-erasure'),
    person: z.enum(['user', 'bot-user']),
    id: z.uuid(),
    at: z.iso.datetime(),
  }),
});

/** In the transaction that erases the person. */
export async function noteErasure(
  tx: Transaction,
  queue: Queue,
  erased: { person: 'user' | 'bot-user'; id: string },
): Promise<void> {
  await queue.send(tx, noteErasureJob, { kind: 'note-erasure', ...erased, at: new Date().toISOString() });
}
