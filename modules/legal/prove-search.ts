import { sql } from 'drizzle-orm';
import { createDatabase } from '../../db/client.ts';
import type { Verdict } from '../../platform/kernel/composition.ts';

/**
 * Whether a restored database has what its search index is built from: passages of each document that is ready, which are found by
 * their own words. @param databaseUrl of a role that sees every organization
 */
export async function proveSearch(databaseUrl: string): Promise<Verdict> {
  const database = createDatabase({ url: databaseUrl, connections: 1, applicationName: 'pandect drill' });
  try {
    const [row] = await database.transaction((tx) =>
      tx.execute<{ empty: number; sample: string | null; found: boolean }>(sql`
        with sample as (
          select id, content, document_id from chunks where length(content) > 40 order by random() limit 1
        )
        select (select count(*)::int from documents d where d.status = 'ready'
            and not exists (select 1 from chunks c where c.document_id = d.id)) as empty,
          (select id::text from sample) as sample,
          exists (select 1 from chunks c, sample s,
            -- A word that is cut is another word.
            plainto_tsquery('simple', regexp_replace(left(s.content, 60), '\\S*$', '')) words (query)
            where c.document_id = s.document_id and c.id = s.id
            and (words.query @@ to_tsvector('simple', c.content) or numnode(words.query) = 0)) as found`),
    );
    if (!row || row.empty > 0)
      return { state: 'fail', detail: `${row?.empty ?? 'all'} ready documents have no passages` };
    if (row.sample === null) return { state: 'ok', detail: 'there is nothing to find yet' };
    return row.found
      ? { state: 'ok', detail: 'a passage is found by its words' }
      : { state: 'fail', detail: `passage ${row.sample} is not found by its words` };
  } finally {
    await database.close();
  }
}
