import { text } from 'node:stream/consumers';
import { afterAll, expect, it } from 'vitest';
import { testOrganization } from '../../modules/testing/organization.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { testWorker } from '../../platform/testing/worker.ts';
import * as module from './handle.ts';
import manifest from './worker.ts';

const database = await testDatabase();
const worker = await testWorker(database, { name: 'maintenance', manifest, module });
afterAll(async () => {
  await worker.close();
  await database.close();
});

it('a report of the usage of a day is a file of each organization, written once', async () => {
  const [one, two] = [await testOrganization(database), await testOrganization(database)];
  const use = (id: string, at: string, action: string, cost: string) => database.owner`
    insert into usage_logs (organization_id, action, model, prompt_tokens, completion_tokens, cost, created_at)
    values (${id}, ${action}, 'small', 10, 5, ${cost}, ${at}::timestamptz)`;
  const yesterday = `${new Date(Date.now() - 24 * 3_600_000).toISOString().slice(0, 10)}T12:00:00Z`;
  for (let n = 0; n < 2; n++) await use(one.id, yesterday, 'gateway', '0.5');
  await use(one.id, yesterday, '=1+1', '0');
  await use(one.id, new Date().toISOString(), 'gateway', '9');
  for (let times = 0; times < 2; times++) await worker.deliver(null, { queue: 'internal' });
  const rows = await database.owner<{ organization_id: string; storage_key: string; file_name: string }[]>`
    select organization_id, storage_key, file_name from gateway_files where purpose = 'report'`;
  const day = yesterday.slice(0, 10);
  expect(rows.map((row) => [row.organization_id, row.file_name])).toEqual([[one.id, `usage-${day}.csv`]]);
  expect(two.id).not.toBe(one.id);
  const { stream } = await worker.deps.storage.read(rows[0]?.storage_key ?? '');
  expect((await text(stream)).split('\r\n')).toEqual([
    'day,action,model,requests,prompt_tokens,completion_tokens,cost_rub',
    `${day},'=1+1,small,1,10,5,0.00000000`,
    `${day},gateway,small,2,20,10,1.00000000`,
    '',
  ]);
});

it('a check of the books says what does not agree', async () => {
  await worker.deliver(null, { queue: 'billing' });
  const said = worker.log.filter(({ message }) => message === 'Usage and its sums differ: pandect reconcile');
  expect(said).toHaveLength(1);
  expect(worker.log.at(-1)).toMatchObject({ message: 'Checked billing', unbalanced: 0 });
});
