import { afterAll, expect, it } from 'vitest';
import { testDatabase } from '../../platform/testing/database.ts';
import { testOrganization } from '../testing/organization.ts';
import { sweepPeople } from './sweep.ts';

const database = await testDatabase();
afterAll(() => database.close());

it('removes what has run out about people, and nothing that still counts', async () => {
  const { owner } = await testOrganization(database);
  for (const [name, hours] of [
    ['old', -25],
    ['new', 0.5],
  ] as const) {
    const at = new Date(Date.now() + hours * 3_600_000);
    await database.owner`insert into revocations values (gen_random_uuid(), ${at})`;
    await database.owner`insert into sign_in_failures (email_hash, failures, last_at) values (${name}, 5, ${at})`;
    await database.owner`
      insert into email_tokens (user_id, purpose, token_hash, expires_at)
      values (${owner.userId}, 'reset-password', ${name}, ${at})`;
  }
  const sweep = async () => (await sweepPeople(database.platform, undefined, new Date())).people;
  expect(await sweep()).toBe(3);
  expect(await sweep()).toBe(0);
  const [left] = await database.owner`
    select (select count(*) from revocations)::int as revocations,
           (select string_agg(email_hash, ',') from sign_in_failures) as failures,
           (select string_agg(token_hash, ',') from email_tokens) as tokens`;
  expect(left).toEqual({ revocations: 1, failures: 'new', tokens: 'new' });
});
