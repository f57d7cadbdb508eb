import { eq, sql } from 'drizzle-orm';
import { afterAll, expect, it } from 'vitest';
import { testOrganization } from '../../modules/testing/organization.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { organizations } from '../schema/people/organizations.ts';
import { users } from '../schema/people/users.ts';
import { preparedByConditions, prepareSelect } from './prepared-statement.ts';

const database = await testDatabase();
afterAll(() => database.close());

it("gives what Drizzle's own select gives, of one organization", async () => {
  const [mine, other] = [await testOrganization(database), await testOrganization(database)];
  await mine.addMember('member');
  const fields = {
    ...{ id: users.id, email: users.email, role: users.role },
    organization: organizations.name,
    since: sql`${organizations.createdAt}`.mapWith(organizations.createdAt),
    used: organizations.storageUsed,
  };
  const select = prepareSelect(
    fields,
    sql`from ${users} join ${organizations} on ${eq(organizations.id, users.organizationId)}
      where ${eq(users.role, sql.placeholder('role'))} order by ${users.id}`,
  );
  for (const { id } of [mine, other, mine, mine]) {
    const expected = await database.tenant.tenant(id, (tx) =>
      tx
        .select(fields)
        .from(users)
        .innerJoin(organizations, eq(organizations.id, users.organizationId))
        .where(eq(users.role, 'owner'))
        .orderBy(users.id),
    );
    expect(expected).toHaveLength(1);
    expect(await select(database.tenant, id, { role: 'owner' })).toEqual(expected);
  }
});

it('makes one statement for each set of conditions', () => {
  const made: string[][] = [];
  const selectBy = preparedByConditions((given: ReadonlySet<'a' | 'b'>) => {
    made.push([...given]);
    return async () => [];
  });
  expect(selectBy(['b', 'a'])).toBe(selectBy(['a', 'b']));
  expect(selectBy([])).not.toBe(selectBy(['a']));
  expect(made).toHaveLength(3);
});
