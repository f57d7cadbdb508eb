import type { Database } from '../../../db/client.ts';
import type { StoredNotice } from '../../../db/schema/legal/documents.ts';

/** What of a document's file could not be read. */
export interface Noticed {
  notices: StoredNotice[];
  noticesOmitted: number;
}

/** Documents as they are at this moment. */
export interface CurrentDocuments {
  /** The organization's `documents_version`. */
  version: number;
  /** Those of the ones that were asked for that are ready. */
  ready: ReadonlyMap<string, Noticed>;
}

const statement = `
  select o.documents_version as version, d.id, d.notices, d.notices_omitted as "noticesOmitted"
  from organizations o left join documents d on d.id = any($2::uuid[]) and d.status = 'ready'
  where o.id = $1`;

/** Looks whether what was found without the database is still so. */
export async function readCurrentDocuments(
  database: Pick<Database, 'tenantStatement'>,
  organizationId: string,
  documentIds: readonly string[],
): Promise<CurrentDocuments> {
  const rows = await database.tenantStatement<Noticed & { version: string; id: string | null }>(
    organizationId,
    statement,
    [organizationId, `{${documentIds.join(',')}}`],
  );
  const ready = rows.flatMap(({ id, notices, noticesOmitted }) =>
    id === null ? [] : [[id, { notices, noticesOmitted }] as const],
  );
  return { version: Number(rows[0]?.version ?? 0), ready: new Map(ready) };
}
