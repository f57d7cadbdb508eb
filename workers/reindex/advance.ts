import { sql } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import {
  clearRemoved,
  forgetProgress,
  type Generation,
  indexOrganizationJob,
  isBuilding,
  isShort,
  organizationsBehind,
  readGenerations,
  writtenChunks,
} from '../../modules/legal/index/index.ts';
import { hasPendingJob } from '../../platform/capabilities/queue/pgboss/has-job.ts';
import type { Log } from '../../platform/kernel/log.ts';
import type { Delivery } from '../../platform/runtime/work-on-job.ts';
import { finishBuild } from './finish-build.ts';
import type { ReindexDeps } from './reindex-deps.ts';

/** Organizations begun at a time; the next look finds the others. */
const ORGANIZATIONS = 500;
/** Organizations whose records are counted at each look. */
const COUNTED = 20;

/**
 * Looks at what there is to do: documents that a generation lacks, a build that is complete, records that a store has
 * lost, removed generations. Doing it twice does nothing twice.
 */
export async function advance({ log, signal }: Pick<Delivery, 'log' | 'signal'>, deps: ReindexDeps): Promise<void> {
  const generations = await readGenerations(deps.database);
  const live = generations.find(({ state }) => state === 'live');
  if (live) {
    const lost = await findLost(deps, live, log);
    if (lost > 0)
      log.warn({ generation: live.generation, organizations: lost }, 'Index: records are lost; they are added again');
  }
  const build = generations.find(isBuilding);
  for (const generation of [live, build]) {
    if (!generation) continue;
    await restoreDamaged(deps, generation, log);
    await enqueueMissing(deps, generation);
  }
  if (build) await finishBuild({ log, signal }, deps, build);
  const cleared = await clearRemoved(deps.database, deps.indexStores, signal);
  if (cleared > 0) log.info({ organizations: cleared }, 'Index: removed generations are cleared away');
}

/** One job for each organization that has none yet. */
async function enqueueMissing({ database, queue }: ReindexDeps, { generation }: Generation): Promise<void> {
  await database.transaction(async (tx) => {
    for (const organizationId of await organizationsBehind(tx, generation, ORGANIZATIONS)) {
      if (await isEnqueued(tx, generation, organizationId)) continue;
      await queue.send(tx, indexOrganizationJob, { kind: 'organization', generation, organizationId });
    }
  });
}

async function isEnqueued(tx: Transaction, generation: number, organizationId: string): Promise<boolean> {
  const pending = hasPendingJob(indexOrganizationJob, { organizationId, generation: String(generation) });
  const [found] = await tx.execute<{ pending: boolean }>(sql`select ${pending} as pending`);
  return found?.pending === true;
}

/** An index that was damaged is put aside by the process that met it; its records are added again from the database. */
async function restoreDamaged({ database, indexes }: ReindexDeps, generation: Generation, log: Log): Promise<void> {
  const { store } = await indexes.of(generation);
  for (const organizationId of await store.damaged()) {
    log.error(
      { organization: organizationId, generation: generation.generation },
      'Index: damaged; it is built again from the database',
    );
    await database.transaction((tx) => forgetProgress(tx, generation.generation, organizationId));
    await store.forgetDamaged(organizationId);
  }
}

/** Counts the records of some organizations; those whose store has fewer than it was given get all of them again. */
async function findLost({ database, indexes }: ReindexDeps, live: Generation, log: Log): Promise<number> {
  const { generation } = live;
  const index = await indexes.of(live);
  const written = await database.transaction((tx) => writtenChunks(tx, generation, { sample: COUNTED }));
  let lost = 0;
  for (const organizationId of written.keys()) {
    try {
      if (!(await isShort(database, index, organizationId))) continue;
      await database.transaction((tx) => forgetProgress(tx, generation, organizationId));
      lost += 1;
    } catch (error) {
      // One organization must not keep the upkeep from the others.
      log.error({ error, organization: organizationId, generation }, 'Index: cannot be counted');
    }
  }
  return lost;
}
