import { type SQL, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import { keptSince, type Retention, type RetentionKind, retentionKinds } from './provide-retention.ts';

/** What would be removed now. */
export interface RetentionPreview {
  kind: RetentionKind;
  /** Days that it is kept; null keeps all. */
  days: number | null;
  /** What is older is removed. */
  keptSince: string | null;
  /** Entries, conversations with all of their messages, documents, or records of usage. */
  rows: number;
  /** That the rows take in their tables, and the files of documents; indexes are not counted. */
  bytes: number;
  /** Of what would be removed. */
  oldest: string | null;
  /** How many there are in all. */
  of: number;
}

/** Looks at what a sweep would remove, and removes nothing. @param database as the platform's role, which sees all organizations */
export const previewRetention = (database: Database, days: Retention, now: Date): Promise<RetentionPreview[]> =>
  database.transaction(async (tx) => {
    const since = keptSince(days, now);
    const previews: RetentionPreview[] = [];
    for (const kind of retentionKinds) {
      const before = since[kind];
      previews.push({
        ...{ kind, days: days[kind] ?? null, keptSince: before?.toISOString() ?? null },
        ...(await measure(tx, measures[kind], before)),
      });
    }
    return previews;
  });

interface Measure {
  from: SQL;
  at: SQL;
  bytes: SQL;
}

const measures: Record<RetentionKind, Measure> = {
  audit: { from: sql`audit_log r`, at: sql`r.created_at`, bytes: sql`pg_column_size(r.*)` },
  usage: { from: sql`usage_logs r`, at: sql`r.created_at`, bytes: sql`pg_column_size(r.*)` },
  conversations: {
    from: sql`conversations r`,
    at: sql`r.updated_at`,
    bytes: sql`pg_column_size(r.*) + (
      select coalesce(sum(pg_column_size(m.*)), 0) from messages m where m.conversation_id = r.id)`,
  },
  replaced: {
    from: sql`(select * from documents where status = 'replaced') r`,
    at: sql`r.updated_at`,
    bytes: sql`r.bytes + coalesce((select pg_column_size(t.content) from document_texts t where t.document_id = r.id), 0)`,
  },
};

async function measure(tx: Transaction, { from, at, bytes }: Measure, before: Date | undefined) {
  const isOld = sql`${at} < ${before?.toISOString() ?? '-infinity'}::timestamptz`;
  const [row] = await tx.execute<{ rows: string; bytes: string; oldest: Date | string | null; of: string }>(sql`
    select count(*) filter (where ${isOld}) as rows, coalesce(sum(case when ${isOld} then ${bytes} end), 0)::text as bytes,
      min(${at}) filter (where ${isOld}) as oldest, count(*) as of
    from ${from}`);
  const oldest = row?.oldest ? new Date(row.oldest).toISOString() : null;
  return { rows: Number(row?.rows), bytes: Number(row?.bytes), oldest, of: Number(row?.of) };
}
