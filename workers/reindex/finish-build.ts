import {
  advanceJob,
  forgetProgress,
  type Generation,
  holds,
  indexDocument,
  lockGenerations,
  markVerified,
  missingDocuments,
  switchTo,
  verifyIndex,
} from '../../modules/legal/index/index.ts';
import type { Delivery } from '../../platform/runtime/work-on-job.ts';
import { cutSomehow } from './cut-somehow.ts';
import type { ReindexDeps } from './reindex-deps.ts';

/** Documents that may have become ready while the index was verified. Those of the very last moment go in while others wait with becoming ready. */
const LATE = 5;

/** Verifies a build that holds every ready document, and makes it the live index. @returns whether it is that now */
export async function finishBuild(
  { log, signal }: Pick<Delivery, 'log' | 'signal'>,
  deps: ReindexDeps,
  generation: Generation,
): Promise<boolean> {
  const { database, indexes, queue } = deps;
  const cut = cutSomehow(deps.textCutter, log);
  const { generation: number } = generation;
  const isBehind = await database.transaction(
    async (tx) => (await missingDocuments(tx, number, { limit: LATE + 1 })).length > LATE,
  );
  if (isBehind) return false;
  const index = await indexes.of(generation);
  const found = await verifyIndex(database, index, signal);
  if (!holds(found)) {
    log.error({ generation: number, ...found }, 'Verify index: it does not hold what was written to it');
    await database.transaction(async (tx) => {
      for (const organizationId of found.short) await forgetProgress(tx, number, organizationId);
    });
    return false;
  }
  // Before the lock, as cutting a text may take a minute: whatever becomes ready waits for the lock.
  for (const document of await database.transaction((tx) => missingDocuments(tx, number, { limit: LATE })))
    await indexDocument(database, index, { ...document, cut, signal });
  const isLive = await database.transaction(async (tx) => {
    await lockGenerations(tx);
    const late = await missingDocuments(tx, number, { limit: LATE + 1 });
    if (late.length > LATE) {
      await queue.send(tx, advanceJob, { kind: 'advance' });
      return false;
    }
    for (const document of late) await indexDocument(database, index, { ...document, cut, signal });
    await markVerified(tx, number);
    await switchTo(tx, number);
    // Clears what is kept no longer.
    await queue.send(tx, advanceJob, { kind: 'advance' });
    return true;
  });
  if (isLive) log.info({ generation: number, ...found }, 'Index: live');
  return isLive;
}
