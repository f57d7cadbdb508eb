import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestOrganization, testOrganization } from '../../../modules/testing/organization.ts';
import { testApp } from '../../../platform/testing/app.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import * as module from '../app.ts';
import manifest from '../function.ts';

const database = await testDatabase();
const app = await testApp(database, { name: 'organization', manifest, module });
afterAll(async () => {
  await app.close();
  await database.close();
});

let mine: TestOrganization;
beforeAll(async () => {
  mine = await testOrganization(database);
  const colleague = await mine.addMember('admin');
  for (const [actor, action, at] of [
    [mine.owner.userId, 'create-key', '2026-03-01T10:00:00.000Z'],
    [colleague.userId, 'create-key', '2026-03-02T10:00:00.000Z'],
    [mine.owner.userId, 'change-role', '2026-03-03T10:00:00.000Z'],
  ] as const) {
    await database.owner`
      insert into audit_log (organization_id, actor_id, actor, action, created_at)
      values (${mine.id}, ${actor}, 'someone@example.org', ${action}, ${at})`;
  }
});

const listed = async (query: string) => {
  const { status, body } = await app.json(`GET /api/organization/audit?${query}`, { as: mine.owner });
  expect(status).toBe(200);
  return body.items.map((act: { action: string; createdAt: string }) => `${act.createdAt.slice(0, 10)} ${act.action}`);
};

describe('the audit log', () => {
  it('is filtered by person, act and day, all at once', async () => {
    const actorId = mine.owner.userId;
    expect(await listed(`actorId=${actorId}`)).toEqual(['2026-03-03 change-role', '2026-03-01 create-key']);
    expect(await listed('action=create-key')).toEqual(['2026-03-02 create-key', '2026-03-01 create-key']);
    expect(await listed(`actorId=${actorId}&action=create-key&to=2026-03-02T00:00:00Z`)).toEqual([
      '2026-03-01 create-key',
    ]);
    expect(await listed('action=erase')).toEqual([]);
  });

  it('begins with the first moment of a span and ends before its last', async () => {
    const span = 'from=2026-03-01T10:00:00Z&to=2026-03-03T10:00:00Z';
    expect(await listed(span)).toEqual(['2026-03-02 create-key', '2026-03-01 create-key']);
    expect(await listed('from=2026-03-03T13:00:00%2B03:00')).toEqual(['2026-03-03 change-role']);
  });

  it.each(['from=yesterday', 'to=0000-01-01T00:00:00Z', 'actorId=me', 'action='])('refuses %s', async (query) => {
    const { status, body } = await app.json(`GET /api/organization/audit?${query}`, { as: mine.owner });
    expect([status, body.type]).toEqual([400, 'urn:pandect:problem:invalid-request']);
  });

  it('pages through what the filter leaves', async () => {
    const first = await app.json('GET /api/organization/audit?action=create-key&limit=1', { as: mine.owner });
    const cursor = first.body.nextCursor;
    const second = await app.json(`GET /api/organization/audit?action=create-key&limit=1&cursor=${cursor}`, {
      as: mine.owner,
    });
    expect([first.body.items[0].createdAt, second.body.items[0].createdAt]).toEqual([
      '2026-03-02T10:00:00.000Z',
      '2026-03-01T10:00:00.000Z',
    ]);
    expect(second.body.nextCursor).toBeNull();
  });
});
