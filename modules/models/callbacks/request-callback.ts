import type { Transaction } from '../../../db/client.ts';
import { callbacks } from '../../../db/schema/models/callbacks.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import { externalJob } from '../calls/jobs.ts';

export interface NewCallback {
  organizationId: string;
  url: string;
  /** Such as `async.call.done`. */
  event: string;
  /** The call or batch, as callers know its id. */
  subject: string;
}

/** Has a caller's server told, in the transaction that gives the reason for it. */
export async function requestCallback(tx: Transaction, queue: Queue, callback: NewCallback): Promise<void> {
  const [row] = await tx.insert(callbacks).values(callback).returning({ id: callbacks.id });
  if (!row) throw new Error('Request callback: no row came back');
  const { organizationId } = callback;
  await queue.send(tx, externalJob, { kind: 'callback', organizationId, callbackId: row.id });
}
