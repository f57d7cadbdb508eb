import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { openWallet } from '../../../../modules/commerce/wallets/index.ts';
import { testOrganization } from '../../../../modules/testing/organization.ts';
import { testDatabase } from '../../../testing/database.ts';
import { operatorControl } from './operator-control.fixture.ts';

const database = await testDatabase();
const { id: organizationId } = await testOrganization(database);
const { path, close } = await operatorControl(database);
afterAll(async () => {
  await close();
  await database.close();
});

const main = join(import.meta.dirname, '../../../../pandect.ts');
function wallets(...args: string[]): Promise<{ code: number; output: string }> {
  const options = { env: { PATH: process.env.PATH, PANDECT_HOME: path, NO_COLOR: '1' } };
  return promisify(execFile)(process.execPath, [main, 'wallets', ...args], options).then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    ({ code, stdout, stderr }) => ({ code, output: stdout + stderr }),
  );
}

describe('pandect wallets', () => {
  it('shows a wallet, gives it units once for a reference, and proves its balance', { timeout: 120_000 }, async () => {
    const id = await database.tenant.tenant(organizationId, (tx) =>
      openWallet(tx, { organizationId, kind: 'bot-user', reference: 'one', timeZone: 'UTC', free: { reading: 1 } }),
    );
    const give = (amount: string, unit = 'reading') =>
      wallets('grant', id, unit, amount, '--reason', 'An outage', '--reference', 'ticket 17');
    expect(await give('5')).toEqual({ code: 0, output: '5 reading given\n' });
    expect((await give('5')).output).toBe('"ticket 17" was given before; nothing changed\n');
    expect((await give('0')).code).toBe(1);
    expect((await give('5', 'wish')).output).toMatch(/^Grant units of "wish": there are none\n$/);
    const shown = JSON.parse((await wallets('show', id, '--json')).output);
    expect(shown).toMatchObject({
      ...{ organizationId, timeZone: 'UTC' },
      units: [{ unit: 'image' }, { unit: 'reading', freeLeft: 1, bought: 5, held: 0, owed: 0 }],
      entries: [{ unit: 'reading', reason: 'grant', amount: 5, reference: 'ticket 17', actor: 'operator: An outage' }],
    });
    expect((await wallets('show', id)).output).toContain('1 of 1');
    const acts = await database.owner`select action, target from audit_log where organization_id = ${organizationId}`;
    expect([...acts]).toEqual([{ action: 'grant-units', target: id }]);
    expect((await wallets('show', crypto.randomUUID())).output).toMatch(/^Find wallet ".+": there is none\n$/);
    expect(await wallets('check')).toEqual({ code: 0, output: 'The wallets agree\n' });
    await database.owner`update unit_credits set amount = 6 where owner_id = ${id}`;
    const broken = await wallets('check');
    expect([broken.code, broken.output]).toEqual([1, expect.stringContaining('its entries sum to 5, and it has 6')]);
  });
});
