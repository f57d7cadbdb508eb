import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { connect } from '../../../db/connect.ts';
import type { Ledger } from './chaos-traffic.ts';

/** What the database and the index hold of one organization, next to what its client knows. */
export interface Audit {
  documents: { id: string; status: string; text: string | null; chunks: string[]; ordinals: number[] }[];
  /** Ids of the chunks in the database and in the vector index, sorted. */
  chunkIds: string[];
  indexedIds: string[];
  jobs: { documentId: string; state: string }[];
  /** How often each question was settled. */
  settled: Map<string, number>;
  /** Rows in `usage_logs` of what produced something. */
  usage: { ai_query: number; document_upload: number };
  /** The sum that the organization carries, and the counters its plan is held against. */
  questionsUsed: number;
  counters: { day: number; month: number };
  /** Keys whose first attempt was cut off and holds them. */
  heldKeys: string[];
}

/** Reads with the owner's connection, which sees all organizations. @param vectors folder of the index, or what it holds of an organization */
export async function auditOrganization(
  databaseUrl: string,
  vectors: string | ((organizationId: string) => string[]),
  { account }: Pick<Ledger, 'account'>,
): Promise<Audit> {
  const sql = connect(databaseUrl, { applicationName: 'pandect chaos test' });
  try {
    const { id } = await account.get<{ id: string }>('GET /api/organization');
    const [live] = await sql<{ generation: number }[]>`select generation from index_generations where state = 'live'`;
    const generation = live?.generation ?? 0;
    const documents = await sql<Audit['documents']>`
      select documents.id, status, document_texts.content as text,
        coalesce(array_agg(chunks.content order by ordinal) filter (where ordinal is not null), '{}') as chunks,
        coalesce(array_agg(ordinal order by ordinal) filter (where ordinal is not null), '{}') as ordinals
      from documents left join document_texts on document_texts.document_id = documents.id
        left join chunks on chunks.document_id = documents.id and chunks.generation = ${generation}
      where documents.organization_id = ${id} group by documents.id, document_texts.content`;
    const chunks = await sql<{ id: string }[]>`
      select id from chunks where organization_id = ${id} and generation = ${generation} order by id`;
    const jobs = await sql<Audit['jobs']>`
      select data->>'documentId' as "documentId", state::text from pgboss.job
      where name in ('ingest', 'ingest-dead') and data->>'organizationId' = ${id}`;
    const questions = await sql<{ content: string; times: number }[]>`
      select content, count(*)::int as times from messages
      where organization_id = ${id} and role = 'user' group by content`;
    const usage = await sql<{ action: string; times: number }[]>`
      select action, count(*)::int as times from usage_logs
      where organization_id = ${id} and outcome in ('done', 'cached') group by action`;
    const counters = await sql<{ period: 'day' | 'month'; used: number }[]>`
      select period, sum(used)::int as used from question_counters where organization_id = ${id} group by period`;
    const [organization] = await sql<{ used: number }[]>`
      select questions_used::int as used from organizations where id = ${id}`;
    const keys = await sql<{ key: string }[]>`
      select key from idempotency_keys where organization_id = ${id} and result is null`;
    const times = (action: string) => usage.find((row) => row.action === action)?.times ?? 0;
    const used = (period: string) => counters.find((row) => row.period === period)?.used ?? 0;
    return {
      documents: [...documents],
      chunkIds: chunks.map((chunk) => chunk.id),
      indexedIds:
        typeof vectors === 'string' ? indexedChunks(join(vectors, String(generation), `${id}.sqlite`)) : vectors(id),
      jobs: [...jobs],
      settled: new Map(questions.map((row) => [row.content, row.times])),
      usage: { ai_query: times('ai_query'), document_upload: times('document_upload') },
      questionsUsed: organization?.used ?? 0,
      counters: { day: used('day'), month: used('month') },
      heldKeys: keys.map(({ key }) => key),
    };
  } finally {
    await sql.end();
  }
}

function indexedChunks(file: string): string[] {
  const index = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  try {
    return index
      .prepare('SELECT chunk_id FROM chunks ORDER BY chunk_id')
      .all()
      .map((row) => String(row.chunk_id));
  } finally {
    index.close();
  }
}
