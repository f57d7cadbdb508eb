import { sql } from 'drizzle-orm';
import { documents } from '../../../db/schema/legal/documents.ts';

/** Seconds without a page read or a batch of passages indexed after which a document that is being read counts as stalled. */
const STALLED_SECONDS = 60;

const moved = sql`greatest("documents"."updated_at", (
  select max(updated_at) from indexed_documents where document_id = "documents"."id"))`;

/**
 * When a document that is being read moved for the last time, if that was more than a minute ago; otherwise null. A column of a
 * query on `documents`, found when somebody looks: no clock of ours has to mark it.
 */
export const stalledSince = sql`
  case when "documents"."status" = 'processing' and ${moved} < now() - make_interval(secs => ${STALLED_SECONDS}) then ${moved} end`.mapWith(
  (value: string | null) => (value === null ? null : documents.updatedAt.mapFromDriverValue(value)),
) as ReturnType<typeof sql<Date | null>>;
