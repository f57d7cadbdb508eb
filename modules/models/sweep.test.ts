import { afterAll, expect, it } from 'vitest';
import { testDatabase } from '../../platform/testing/database.ts';
import { testOrganization } from '../testing/organization.ts';
import { sweepModels } from './sweep.ts';

const database = await testDatabase();
afterAll(() => database.close());

it('removes logged prompts whose time is over, and no others', async () => {
  const { id } = await testOrganization(database);
  await database.owner`
    insert into prompt_logs (organization_id, request_id, dialect, route, request, is_cut, expires_at)
    select ${id}, gen_random_uuid(), 'chat', route, '{}', false, expires
    from (values ('over', now() - interval '1 second'), ('kept', now() + interval '1 hour')) as logged (route, expires)`;
  const left = async () =>
    (await database.owner`select route from prompt_logs where organization_id = ${id}`).map(({ route }) => route);
  expect(await sweepModels(database.platform, new Date())).toMatchObject({ prompts: 1 });
  expect(await left()).toEqual(['kept']);
  expect(await sweepModels(database.platform, new Date(Date.now() + 2 * 3_600_000))).toMatchObject({ prompts: 1 });
  expect(await left()).toEqual([]);
});
