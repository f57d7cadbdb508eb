import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { testDatabase } from '../platform/testing/database.ts';
import { applyFunctions, functionsFolder } from './apply-functions.ts';
import { connect } from './connect.ts';

const database = await testDatabase();
const sql = connect(database.ownerUrl);
afterAll(async () => {
  await sql.end();
  await database.close();
});

const files = (await readdir(functionsFolder, { recursive: true })).filter((file) => file.endsWith('.sql'));
const names = files.map((file) => basename(file, '.sql')).sort();

/** Every function of ours, with its rights. */
const functions = () => sql<{ name: string; text: string; rights: string | null }[]>`
  select proname as name, pg_get_functiondef(p.oid) as text, proacl::text as rights
  from pg_proc p left join pg_depend d on d.objid = p.oid and d.deptype = 'e'
  where pronamespace = 'public'::regnamespace and d.objid is null order by 1`;

/** A copy of the folder in which one file is different. */
async function changed(file: string, change: (text: string) => string): Promise<string> {
  const folder = join(inject('services').folder, crypto.randomUUID());
  await mkdir(folder, { recursive: true });
  await cp(functionsFolder, folder, { recursive: true });
  await writeFile(join(folder, file), change(await readFile(join(functionsFolder, file), 'utf8')));
  return folder;
}

describe('a migrated database', () => {
  it('has one function for each file, and no other', async () => {
    expect((await functions()).map(({ name }) => name)).toEqual(names);
  });

  it('holds exactly what the files say, whose bodies refer to nothing that is missing', async () => {
    const migrated = await functions();
    for (const file of files) await sql.unsafe(await readFile(join(functionsFolder, file), 'utf8'));
    expect(await functions()).toEqual(migrated);
  });
});

describe('applyFunctions', () => {
  it('applies nothing a second time', async () => {
    await applyFunctions(sql);
    expect(await applyFunctions(sql)).toEqual([]);
  });

  it('applies a file that changed, and keeps who may execute the function', async () => {
    const before = (await functions()).find(({ name }) => name === 'revoke_keys_of');
    const folder = await changed('people/revoke_keys_of.sql', (text) =>
      text.replace('SELECT count(*)', 'SELECT 2 * count(*)'),
    );
    expect(await applyFunctions(sql, folder)).toEqual(['revoke_keys_of']);
    const after = (await functions()).find(({ name }) => name === 'revoke_keys_of');
    expect(after?.text).toContain('SELECT 2 * count(*)');
    expect(after?.rights).toBe(before?.rights);
    expect(await applyFunctions(sql)).toEqual(['revoke_keys_of']);
  });

  it('mends a function that was dropped, replaced or given to others behind its back', async () => {
    const before = await functions();
    await sql`drop function expire_questions`;
    await sql`create or replace function keep_ledger() returns trigger language plpgsql as 'begin return new; end'`;
    await sql`grant execute on function has_index_gaps() to pandect_identity`;
    expect(await applyFunctions(sql)).toEqual(['expire_questions', 'has_index_gaps', 'keep_ledger']);
    expect((await functions()).map(({ name, text }) => [name, text])).toEqual(
      before.map(({ name, text }) => [name, text]),
    );
  });

  it('changes nothing when one of the files is wrong', async () => {
    const before = await functions();
    const folder = await changed('commerce/metering/write_usage.sql', (text) =>
      text.replace('RETURN true', 'RETURN THEN'),
    );
    await writeFile(
      join(folder, 'another.sql'),
      'create or replace function another() returns int language sql as $$ select 1 $$',
    );
    await expect(applyFunctions(sql, folder)).rejects.toThrow(/syntax error/);
    expect(await functions()).toEqual(before);
  });

  it('refuses a file that is not named after its function', async () => {
    const folder = await changed('commerce/metering/write_usage.sql', (text) => text);
    await writeFile(
      join(folder, 'another.sql'),
      'create or replace function other() returns int language sql as $$ select 1 $$',
    );
    await expect(applyFunctions(sql, folder)).rejects.toThrow(
      'Apply function "another": its file creates no function of that name',
    );
    expect((await functions()).map(({ name }) => name)).toEqual(names);
  });

  it('refuses two files of one name in different rooms', async () => {
    const folder = await changed('commerce/metering/write_usage.sql', (text) => text);
    await writeFile(join(folder, 'people/write_usage.sql'), 'select 1');
    await expect(applyFunctions(sql, folder)).rejects.toThrow('Apply function "write_usage": two files have its name');
  });
});
