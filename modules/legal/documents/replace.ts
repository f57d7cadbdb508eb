import { and, eq, inArray, ne } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { documents } from '../../../db/schema/legal/documents.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { notFound } from '../../../platform/kernel/problems.ts';
import { versionPending, wrongState } from '../problems.ts';
import { changeDocument, type DocumentRow } from './change.ts';

/**
 * In the transaction that makes a document ready: the one that it replaces, if that is still the current one, is
 * `replaced` from the same moment on, so that a search finds exactly one of the two. Its passages and vectors are
 * removed afterwards by the worker `maintenance`.
 * @returns the id of the document that was replaced
 */
export async function replaceDocument(
  tx: Transaction,
  { replaces }: Pick<DocumentRow, 'replaces'>,
): Promise<string | undefined> {
  if (replaces === null) return undefined;
  return (await changeDocument(tx, replaces, ['ready'], { status: 'replaced' }))?.id;
}

/**
 * The document that a new version shall replace. The organization's row must be locked (`lockPlan`), so that of two new
 * versions at once one sees the other.
 * @param except the new version itself, when it is tried again
 * @throws Problem not-found, wrong-state for one that is not ready, version-pending while another new version is being read
 */
export async function requireReplaceable(tx: Transaction, id: string, except?: string): Promise<DocumentRow> {
  const [row] = await tx.select().from(documents).where(eq(documents.id, id));
  if (!row) throw new Problem(notFound);
  if (row.status !== 'ready') throw new Problem(wrongState, { parameters: { current: row.status, needed: 'ready' } });
  const [pending] = await tx
    .select({ id: documents.id })
    .from(documents)
    .where(
      and(
        eq(documents.replaces, id),
        inArray(documents.status, ['queued', 'processing']),
        except === undefined ? undefined : ne(documents.id, except),
      ),
    );
  if (pending) throw new Problem(versionPending, { parameters: { documentId: pending.id } });
  return row;
}
