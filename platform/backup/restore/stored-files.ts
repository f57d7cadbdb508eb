import type { Sql } from 'postgres';
import { isStorageKey } from '../../capabilities/storage/storage-key.ts';

/** A row that has a file. */
export interface FileOfRow {
  key: string;
  /** Where the row says so. */
  sha256: string | null;
}

/**
 * Rows with a file in every table that has such, so that a table of the future is not forgotten.
 * @param organizations only theirs
 */
export async function storedFiles(sql: Sql, organizations?: readonly string[]): Promise<FileOfRow[]> {
  const tables = await sql<{ name: string; isHashed: boolean }[]>`
    select table_name as name, bool_or(column_name = 'sha256') as "isHashed"
    from information_schema.columns where table_schema = 'public'
    group by table_name having bool_or(column_name = 'storage_key') and bool_or(column_name = 'organization_id')`;
  const rows = await Promise.all(
    tables.map(
      ({ name, isHashed }) =>
        sql<FileOfRow[]>`
          select storage_key as key, ${isHashed ? sql`sha256` : sql`null`} as sha256 from ${sql(name)}
          where storage_key is not null
          ${organizations ? sql`and organization_id = any(${organizations as string[]}::uuid[])` : sql``}`,
    ),
  );
  return rows.flat().filter(({ key }) => isStorageKey(key));
}
