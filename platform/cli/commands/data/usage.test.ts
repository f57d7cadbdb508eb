import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { recordUsage } from '../../../../modules/commerce/metering/index.ts';
import { testOrganization } from '../../../../modules/testing/organization.ts';
import { commandEnvironment } from '../../../testing/command-environment.ts';
import { testDatabase } from '../../../testing/database.ts';
import { operatorControl } from './operator-control.fixture.ts';

const database = await testDatabase();
const { id, owner } = await testOrganization(database);
const { path, close } = await operatorControl(database);
afterAll(async () => {
  await close();
  await database.close();
});

const main = join(import.meta.dirname, '../../../../pandect.ts');
function reconcile(...args: string[]): Promise<{ code: number; output: string }> {
  const options = { env: { ...commandEnvironment, PANDECT_HOME: path, NO_COLOR: '1' } };
  return promisify(execFile)(process.execPath, [main, 'usage', 'reconcile', ...args], options).then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    ({ code, stdout }) => ({ code, output: stdout }),
  );
}

describe('pandect usage reconcile', () => {
  it('finds no difference in what was metered, and tells every one that somebody made', async () => {
    for (const action of ['search', 'search', 'document_upload'] as const) {
      await database.tenant.tenant(id, (tx) => recordUsage(tx, owner, { action }));
    }
    expect(await reconcile()).toEqual({ code: 0, output: 'No difference: usage adds up\n' });

    await database.owner`update organizations set ai_cost = 0.00000001 where id = ${id}`;
    await database.owner`update usage_totals set count = 3 where action = 'search'`;
    await database.owner`delete from usage_totals where action = 'document_upload'`;
    const month = new Date().toISOString().slice(0, 7);
    const { code, output } = await reconcile('--json');
    expect([code, JSON.parse(output)]).toEqual([
      1,
      [
        { organizationId: id, place: `${month} document_upload count`, logged: '1', summed: '0' },
        { organizationId: id, place: `${month} search count`, logged: '2', summed: '3' },
        { organizationId: id, place: 'ai_cost', logged: '0.00000000', summed: '0.00000001' },
      ],
    ]);
    expect((await reconcile()).output).toMatch(/^ORGANIZATION +FIGURE +LOGGED +SUMMED\n/);
  });
});
