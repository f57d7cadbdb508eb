import { afterAll } from 'vitest';
import { fillEveryTable } from '../../modules/testing/every-table.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { testDatabase } from '../../platform/testing/database.ts';

/** Two organizations with rows in every table, the first of which attacks the second. */
export async function accessScene() {
  const database = await testDatabase();
  afterAll(() => database.close());
  const mine = await testOrganization(database);
  const theirs = await testOrganization(database);
  const own = await fillEveryTable(database, mine);
  const foreign = await fillEveryTable(database, theirs);
  /** Every table with rows of organizations, as the database itself lists them: a new one is attacked without being named here. */
  const tables = await database.owner<{ name: string; key: string }[]>`
    select c.relname as name, a.attname as key
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and a.attname = case c.relname when 'organizations' then 'id' else 'organization_id' end
    order by 1`;
  return { database, mine, theirs, own, foreign, tables };
}
