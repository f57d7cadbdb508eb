import { and, eq, inArray } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { documents } from '../../../db/schema/legal/documents.ts';
import type { ReplacedDocument } from './refusal-reasons.ts';

/** Versions between a replaced one and the one in use that are followed. */
const mostVersions = 100;

/** Which of these documents were replaced, each with the version now in use; one whose successor was deleted is left out. */
export const replacedAmong = (
  database: Database,
  organizationId: string,
  ids: readonly string[],
): Promise<ReplacedDocument[]> =>
  database.tenant(organizationId, async (tx) => {
    const fields = { id: documents.id, title: documents.title, version: documents.version, status: documents.status };
    const former = await tx
      .select(fields)
      .from(documents)
      .where(and(inArray(documents.id, [...ids]), eq(documents.status, 'replaced')));
    const found: ReplacedDocument[] = [];
    for (const { id, title, version } of former) {
      let current: { id: string; title: string; version: number; status: string } | undefined;
      for (let [next, steps] = [id, 0]; steps < mostVersions; steps += 1) {
        [current] = await tx
          .select(fields)
          .from(documents)
          .where(and(eq(documents.replaces, next), inArray(documents.status, ['ready', 'replaced'])));
        if (!current || current.status === 'ready') break;
        next = current.id;
      }
      if (current) found.push({ title, version, current });
    }
    return found;
  });
