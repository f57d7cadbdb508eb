import { pollAll } from '../../modules/bots/records/bot-access.ts';
import { botAccess } from '../../modules/bots/records/provide-bot-access.ts';
import {
  createOutage,
  createPace,
  pollBot,
  pollJob,
  sendChat,
  sendJob,
  wakeChats,
} from '../../modules/messages/telegram/index.ts';
import type { Provided } from '../../platform/runtime/boot.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { queue } from '../../platform/runtime/providers/queue.ts';
import { storage } from '../../platform/runtime/providers/storage.ts';
import type { Delivery } from '../../platform/runtime/work-on-job.ts';

const busy = () => new Set<string>();

export const provide = {
  ...{ database, queue, storage, access: botAccess, pace: createPace, outage: createOutage, busy },
};

/** Sends what bots have to say, and asks for updates of those that have no webhook. */
export async function handle(delivery: Delivery, deps: Provided<typeof provide>): Promise<void> {
  const { payload, signal, log } = delivery;
  if (delivery.queue === pollJob.queue) return pollBot(deps, pollJob.schema.parse(payload), { signal, log });
  if (payload !== null) return sendChat(deps, sendJob.schema.parse(payload), { signal, log });
  await deps.database.transaction(async (tx) => {
    await wakeChats(tx, deps.queue);
    await pollAll(tx, deps.queue);
  });
}
