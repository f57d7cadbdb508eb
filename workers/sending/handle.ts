import { pollJob, sendJob, telegram } from '../../modules/messages/telegram/index.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import type { Delivery } from '../../platform/runtime/work-on-job.ts';

export const provide = { database, telegram };

/** Sends what bots have to say. */
export async function handle({ queue, payload }: Delivery): Promise<void> {
  if (queue === pollJob.queue) pollJob.schema.parse(payload);
  else sendJob.schema.parse(payload);
}
