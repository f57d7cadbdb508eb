import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { storedDocument } from '../../../../modules/testing/document.ts';
import { testOrganization } from '../../../../modules/testing/organization.ts';
import { newStorageKey } from '../../../capabilities/storage/index.ts';
import { commandEnvironment } from '../../../testing/command-environment.ts';
import { testDatabase } from '../../../testing/database.ts';
import { judgeFiles } from '../../doctor/files.ts';
import { operatorControl } from './operator-control.fixture.ts';

const database = await testDatabase();
const { id: organizationId } = await testOrganization(database);
const { path, close } = await operatorControl(database);
afterAll(async () => {
  await close();
  await database.close();
});

const main = join(import.meta.dirname, '../../../../pandect.ts');
function files(...args: string[]): Promise<{ code: number; output: string }> {
  const options = { env: { ...commandEnvironment, PANDECT_HOME: path, NO_COLOR: '1' } };
  return promisify(execFile)(process.execPath, [main, 'files', ...args], options).then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    ({ code, stdout, stderr }) => ({ code, output: stdout + stderr }),
  );
}

describe('pandect files', () => {
  it('lists documents without their file', { timeout: 120_000 }, async () => {
    expect(await files('missing')).toEqual({ code: 0, output: 'Every document has its file\n' });
    const documentId = await storedDocument({ database, folder: path, organizationId }, { content: 'Lost' });
    const [row] = await database.owner`
      update documents set file_missing_at = '2026-01-31T09:00Z' where id = ${documentId} returning storage_key`;
    const { code, output } = await files('missing', '--json');
    const since = '2026-01-31T09:00:00.000Z';
    expect([code, JSON.parse(output)]).toEqual([
      1,
      [{ documentId, organizationId, storageKey: row?.storage_key, since }],
    ]);
  });

  it('lists files without a document, and leaves to the next sweep those that the operator names', {
    timeout: 120_000,
  }, async () => {
    expect((await files('orphans', 'list')).output).toBe('No stored file is without a document\n');
    const [first, second] = [newStorageKey(), newStorageKey()];
    for (const key of [first, second])
      await database.owner`
      insert into orphaned_files values (${key}, 2048, '2026-01-31T09:00Z', now())`;
    expect(JSON.parse((await files('orphans', 'list', '--json')).output)).toContainEqual({
      ...{ storageKey: first, bytes: 2048, storedAt: '2026-01-31T09:00:00.000Z' },
    });
    const unknown = newStorageKey();
    const refused = await files('orphans', 'delete', first, unknown);
    expect([refused.code, refused.output]).toEqual([1, `Delete orphan "${unknown}": it is not listed\n`]);
    expect((await files('orphans', 'delete')).code).toBe(1);
    const { output } = await files('orphans', 'delete', first, '--json');
    expect(JSON.parse(output)).toEqual({ deleted: [first] });
    expect((await files('orphans', 'delete', '--all')).output).toBe('1 files will be deleted within ten minutes\n');
    const marks = await database.owner`select storage_key from deleted_files where deleted_at = 'epoch'`;
    expect(marks.map(({ storage_key }) => storage_key).toSorted()).toEqual([first, second].toSorted());
  });
});

it.each([
  [{ missing: 0, orphans: 0 }, 'ok'],
  [{ missing: 0, orphans: 3 }, 'warn'],
  [{ missing: 2, orphans: 3 }, 'fail'],
])('the doctor judges %j as %s', (counts, state) => {
  expect(judgeFiles(counts).state).toBe(state);
});
