import { advanceBatch } from '../../modules/models/batches/advance-batch.ts';
import { batchLimits } from '../../modules/models/batches/batch-limits.ts';
import { callbackFetch, callbackHosts, webhookSeal } from '../../modules/models/callbacks/provide-callbacks.ts';
import { sendCallback } from '../../modules/models/callbacks/send-callback.ts';
import { type BackgroundWork, backgroundSchema, retryJob } from '../../modules/models/calls/jobs.ts';
import { callMaker, share } from '../../modules/models/calls/provide-calls.ts';
import { type RunEnd, runCall } from '../../modules/models/calls/run-call.ts';
import type { Provided } from '../../platform/runtime/boot.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { feed } from '../../platform/runtime/providers/feed.ts';
import { queue } from '../../platform/runtime/providers/queue.ts';
import { storage } from '../../platform/runtime/providers/storage.ts';
import type { Delivery } from '../../platform/runtime/work-on-job.ts';

export const provide = {
  ...{ database, queue, feed, storage, maker: callMaker, share },
  ...{ seal: webhookSeal, allowedHosts: callbackHosts, outbound: callbackFetch, limits: batchLimits },
};
type Deps = Provided<typeof provide>;

/**
 * Makes asynchronous calls and those of batches, and calls back. What is to be done again does so on the queue `retry`, which the same
 * process serves: both count against one share.
 */
export async function handle({ payload, signal, log, refused }: Delivery, deps: Deps): Promise<void> {
  const work = backgroundSchema.parse(payload);
  const end = await run(deps, work, { signal, log, refused });
  if (end.kind === 'over') return;
  const { database, queue } = deps;
  await database.tenant(work.organizationId, (tx) =>
    queue.send(tx, retryJob, work, { startAfter: new Date(Date.now() + end.waitMs) }),
  );
}

function run(deps: Deps, work: BackgroundWork, attempt: Pick<Delivery, 'signal' | 'log' | 'refused'>): Promise<RunEnd> {
  switch (work.kind) {
    case 'call':
      return runCall(deps, work, { ...attempt, priority: 'call' });
    case 'batch':
      return advanceBatch(deps, work, attempt);
    case 'callback':
      return sendCallback(deps, work, attempt);
  }
}
