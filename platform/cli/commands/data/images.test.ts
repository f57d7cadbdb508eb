import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { testOrganization } from '../../../../modules/testing/organization.ts';
import { commandEnvironment } from '../../../testing/command-environment.ts';
import { testDatabase } from '../../../testing/database.ts';
import { operatorControl } from './operator-control.fixture.ts';

const database = await testDatabase();
const { id: organizationId, owner } = await testOrganization(database);
const { path, close, log } = await operatorControl(database);
afterAll(async () => {
  await close();
  await database.close();
});

const main = join(import.meta.dirname, '../../../../pandect.ts');
function images(...args: string[]): Promise<{ code: number; output: string }> {
  const options = { env: { ...commandEnvironment, PANDECT_HOME: path, NO_COLOR: '1' } };
  return promisify(execFile)(process.execPath, [main, 'images', ...args], options).then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    ({ code, stdout, stderr }) => ({ code, output: stdout + stderr }),
  );
}
const add = async (columns: object) => {
  const row = {
    ...{ organization_id: organizationId, user_id: owner.userId, request_id: crypto.randomUUID(), model: 'local' },
    ...{ provider: 'local', prompt: 'A secret wish', width: 512, height: 512, count: 1, seed: 1, units_each: 1 },
    ...{ held_until: new Date(Date.now() + 60_000), ...columns },
  };
  const [made] = await database.owner<
    { id: string }[]
  >`insert into images ${database.owner(row as never)} returning id`;
  return made?.id as string;
};

describe('pandect images', () => {
  it('lists, shows and cancels generations, and tells nothing of their prompts', { timeout: 120_000 }, async () => {
    expect((await images('list')).output).toBe('No generation is as asked for\n');
    const waiting = await add({ created_at: '2026-01-31T09:00Z' });
    const running = await add({
      status: 'running',
      created_at: '2026-01-31T09:01Z',
      submitted_at: '2026-01-31T09:02Z',
    });
    const listed = JSON.parse((await images('list', '--json')).output);
    expect(listed.map(({ id }: { id: string }) => id)).toEqual([running, waiting]);
    expect(JSON.parse((await images('list', '--status', 'queued', '--json')).output)).toMatchObject([
      { id: waiting, organizationId, status: 'queued', createdAt: '2026-01-31T09:00:00.000Z' },
    ]);
    expect((await images('list')).output).toContain(waiting);
    expect((await images('cancel', waiting)).output).toBe(`${waiting} is "cancelled"\n`);
    expect((await images('cancel', running)).output).toBe(`${running} is to be cancelled; its provider is asked\n`);
    const shown = await images('show', running, '--json');
    expect(JSON.parse(shown.output)).toMatchObject({ status: 'running', cancelAskedAt: expect.any(String) });
    expect(await images('show', crypto.randomUUID())).toMatchObject({
      ...{ code: 1, output: expect.stringMatching(/^Find generation ".+": there is none\n$/) },
    });
    expect(JSON.stringify(log()) + JSON.stringify(listed) + shown.output).not.toContain('A secret wish');
  });
});
