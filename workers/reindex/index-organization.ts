import {
  advanceJob,
  type Index,
  type IndexOrganization,
  indexDocument,
  indexOrganizationJob,
  isBuilding,
  missingDocuments,
  readGenerations,
} from '../../modules/legal/index/index.ts';
import type { Delivery } from '../../platform/runtime/work-on-job.ts';
import { cutSomehow } from './cut-somehow.ts';
import type { ReindexDeps } from './reindex-deps.ts';

/** Then another organization's turn comes. */
const SLICE_MS = 30_000;
const BATCH = 50;
/** So many documents in a row that fail mean that it is not theirs. */
const FAILURES = 3;

/**
 * Indexes what an organization lacks of a generation, one document after the other, for half a minute; what is left then is
 * another job's. A document that fails does not hold those behind it up, and has the job tried again.
 */
export async function indexOrganization(
  { signal, log }: Pick<Delivery, 'signal' | 'log'>,
  { database, queue, indexes, textCutter }: Pick<ReindexDeps, 'database' | 'queue' | 'indexes' | 'textCutter'>,
  { generation: number, organizationId }: Omit<IndexOrganization, 'kind'>,
): Promise<void> {
  const ends = performance.now() + SLICE_MS;
  const find = async () => (await readGenerations(database)).find(({ generation }) => generation === number);
  const generation = await find();
  if (!generation) return;
  const index = await indexes.of(generation);
  const cut = cutSomehow(textCutter, log);
  assertModel(index);

  let after: string | undefined;
  let failure: unknown;
  let inARow = 0;
  for (;;) {
    const batch = await database.transaction((tx) =>
      missingDocuments(tx, number, { organizationId, after, limit: BATCH }),
    );
    if (batch.length === 0 || performance.now() > ends) break;
    // It may have been given up in the meantime.
    if (!(await find())) return;
    for (const { documentId } of batch) {
      signal.throwIfAborted();
      after = documentId;
      try {
        const isThere = await indexDocument(database, index, { organizationId, documentId, cut, signal });
        // Deleted in the meantime: what was added of it after it was removed has no one else who removes it.
        if (!isThere) await index.store.removeDocument(organizationId, documentId);
        inARow = 0;
      } catch (error) {
        signal.throwIfAborted();
        log.warn({ error, document: documentId, generation: number }, 'Index document: not done');
        failure ??= error;
        inARow += 1;
        if (inARow === FAILURES) throw error;
      }
      if (performance.now() > ends) break;
    }
  }
  if (failure) throw failure;
  await database.transaction(async (tx) => {
    const [rest] = await missingDocuments(tx, number, { organizationId, limit: 1 });
    if (rest) await queue.send(tx, indexOrganizationJob, { kind: 'organization', generation: number, organizationId });
    else await queue.send(tx, advanceJob, { kind: 'advance' });
  });
}

/** The live index continues without its model, by the words; one that is being built must not begin like that. */
function assertModel({ generation, hasModel }: Index): void {
  if (hasModel || !isBuilding(generation)) return;
  const { generation: number, embeddingModel } = generation;
  throw new Error(`Build index ${number}: its embedding model "${embeddingModel}" is unavailable with these settings`);
}
