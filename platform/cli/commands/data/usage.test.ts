import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { recordUsage } from '../../../../modules/commerce/metering/index.ts';
import { testOrganization } from '../../../../modules/testing/organization.ts';
import type { Log } from '../../../kernel/log.ts';
import { tellRefusal } from '../../../runtime/refusals.ts';
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
const reconcile = (...args: string[]) => run('reconcile', ...args);
function run(...args: string[]): Promise<{ code: number; output: string }> {
  const options = { env: { ...commandEnvironment, PANDECT_HOME: path, NO_COLOR: '1' } };
  return promisify(execFile)(process.execPath, [main, 'usage', ...args], options).then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    ({ code, stdout }) => ({ code, output: stdout }),
  );
}

describe('pandect usage limits', () => {
  it('lists who reached which limit since then, of every log, as functions and workers write it', async () => {
    const lines = (unit: string, entries: [hoursAgo: number, type: string, organizationId: string | undefined][]) => {
      const written: string[] = [];
      for (const [hours, type, organizationId] of entries) {
        const time = new Date(Date.now() - hours * 3_600_000).toISOString();
        const metrics = { count: () => {} };
        const log = {
          info: (fields: object, message: string) =>
            void written.push(JSON.stringify({ level: 'info', time, ...fields, message })),
        };
        tellRefusal({ metrics, log: log as Pick<Log, 'info'> }, { type, status: 429 }, organizationId);
      }
      return writeFile(join(path, 'logs', `${unit}.log`), `${written.join('\n')}\n`);
    };
    expect((await run('limits')).output).toBe('No organization reached a limit\n');
    await lines('ask', [
      [30, 'daily-questions-used', id],
      [2, 'daily-questions-used', id],
      [1, 'daily-questions-used', id],
      [1, 'rate-limited', id],
    ]);
    await lines('external', [[0.1, 'budget-exceeded', owner.userId]]);
    expect(JSON.parse((await run('limits', '--json')).output)).toMatchObject([
      { organizationId: id, reason: 'daily-questions-used', unit: 'ask', count: 2 },
      { organizationId: owner.userId, reason: 'budget-exceeded', unit: 'external', count: 1 },
    ]);
    const { output } = await run('limits', '--since', '30m');
    expect(output).toMatch(/^ORGANIZATION +LIMIT +TIMES +LAST +UNIT\n/);
    expect(output).toContain('budget-exceeded');
    expect(output).not.toContain('daily-questions-used');
  });

  it('says that other hosts have logs of their own, apart from what a program reads', async () => {
    const told = async (PANDECT_HOSTS: string) => {
      const env = { ...commandEnvironment, PANDECT_HOME: path, PANDECT_HOSTS };
      const args = [main, 'usage', 'limits', '--json'];
      const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env });
      return { rows: JSON.parse(stdout), stderr };
    };
    const { rows, stderr } = await told('3');
    expect(rows).toBeInstanceOf(Array);
    expect(stderr).toContain(`from the logs of host "${hostname()}", one of 3: run it on each of the others too`);
    expect((await told('1')).stderr).not.toContain('the logs of host');
  });
});

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
