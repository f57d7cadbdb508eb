import { afterAll, describe, expect, it } from 'vitest';
import { testOrganization } from '../../modules/testing/organization.ts';
import { testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import * as module from './app.ts';
import manifest from './function.ts';

const database = await testDatabase();
const app = await testApp(database, { name: 'operator', manifest, module });
afterAll(async () => {
  await app.close();
  await database.close();
});
type Call = Parameters<typeof app.json>[0];
const ask = (call: Call, json?: unknown) => app.json(call, { json });
const acts = async (organizationId: string) =>
  (
    await database.owner`
      select actor, actor_id, action from audit_log where organization_id = ${organizationId} order by created_at, id`
  ).map((row) => ({ ...row }));

describe('the operator’s function', () => {
  it.each([
    ['admin/tier', { email: 'a@b.c' }, '"tier": Invalid input: expected string, received undefined'],
    ['admin/account', 'a@b.c', 'Invalid input: expected object, received string'],
    ['admin/confirm', { email: 'a@b.c', account: '1' }, '"newPassword": Invalid input: expected boolean'],
    ['admin/create', { email: 'a@b.c', unconfirmed: 'no' }, '"unconfirmed": Invalid input: expected boolean'],
    ['admin/remove', { email: { a: 1 } }, '"email": Invalid input: expected string, received object'],
    ['files/delete-orphans', { keys: 'all' }, '"keys": Invalid input: expected array, received string'],
    ['indexes/begin', {}, '"force": Invalid input: expected boolean, received undefined'],
    ['gateway/prices/import', { list: {}, rate: 92.5 }, '"rate": Invalid input: expected string, received number'],
    ['jobs/list', { limit: 0 }, '"limit": Too small'],
    ['jobs/list', { limit: 1, state: 'lost' }, '"state": Invalid option'],
    ['jobs/show', { id: 7 }, '"id": Invalid input: expected string, received number'],
    ['jobs/retry', {}, 'Invalid input'],
    ['jobs/discard', { ids: [1] }, '"ids": "0": Invalid input: expected string, received number'],
  ])('refuses what POST %s cannot read: %j', async (path, body, why) => {
    const { status, body: said } = await ask(`POST /operator/${path}`, body);
    expect(status).toBe(400);
    expect(said.message).toContain(`Read body of /operator/${path}: ${why}`);
  });

  it.each([
    ['admin/create', { email: 'none' }, 400, 'Create administrator "none": not an e-mail address'],
    ['admin/remove', { email: 'a@b.c' }, 404, 'Remove administrator "a@b.c": no account has this address'],
    ['files/delete-orphans', { keys: ['a'] }, 404, 'Delete orphan "a": it is not listed'],
    ['indexes/roll-back', undefined, 409, 'Roll index back: none is kept'],
    ['indexes/abort', undefined, 409, 'Give up index: none is being built'],
    ['gateway/prices/import', { list: {}, rate: '0' }, 400, 'Import prices at rate "0": not a number above zero'],
    ['jobs/show', { id: 'x' }, 400, 'Show job "x": not an id'],
    ['jobs/retry', { queue: 'x' }, 404, 'Find queue "x": known are billing, chats, default, external, ingest'],
  ])('refuses POST %s of %j with %d and the reason', async (path, body, status, message) => {
    const answer = await ask(`POST /operator/${path}`, body);
    expect(answer.status).toBe(status);
    expect(answer.body.message).toContain(message);
  });

  it('changes accounts with the rights of its login, and writes down who did what', async () => {
    const { id, owner } = await testOrganization(database, { name: 'Theirs', tier: 'demo' });
    const { email } = owner;
    const { body: shown } = await ask('POST /operator/admin/account', { email });
    expect(shown).toMatchObject({ id: owner.userId, organization: 'Theirs', administrator: false });
    const calls: [Call, object][] = [
      ['POST /operator/admin/tier', { email, tier: 'basic' }],
      ['POST /operator/admin/confirm', { email, account: shown.id, newPassword: true }],
      ['POST /operator/admin/create', { email, account: shown.id }],
    ];
    for (const [call, body] of calls) expect(await ask(call, body)).toMatchObject({ status: 200 });
    expect((await ask('GET /operator/admin/administrators')).body).toMatchObject([{ email }]);
    expect(await ask('POST /operator/admin/remove', { email })).toMatchObject({ status: 200, body: { email } });
    const operator = { actor: 'operator', actor_id: null };
    expect(await acts(id)).toEqual(
      ['change-tier', 'confirm-email', 'make-administrator', 'remove-administrator'].map((action) => ({
        ...operator,
        action,
      })),
    );
  });

  it('reads books, usage, files, indexes and jobs', async () => {
    expect((await ask('GET /operator/billing/discrepancies')).body).toEqual([]);
    expect((await ask('GET /operator/usage/differences')).body).toEqual([]);
    expect((await ask('GET /operator/files/missing')).body).toEqual([]);
    expect((await ask('GET /operator/files/orphans')).body).toEqual([]);
    expect((await ask('GET /operator/files/counts')).body).toEqual({ missing: 0, orphans: 0 });
    expect((await ask('GET /operator/storage')).body).toEqual({ storage: 'local', endpoint: null, bucket: null });
    expect((await ask('GET /operator/indexes')).body).toMatchObject([{ generation: 1, state: 'live', differs: [] }]);
    expect((await ask('POST /operator/indexes/begin', { force: false })).body).toEqual({ generation: null });
    expect((await ask('POST /operator/jobs/list', { limit: 5 })).body).toMatchObject([{ queue: 'reindex' }]);
  });

  it('tells how long everything is kept, and what other days would remove', async () => {
    expect((await ask('GET /operator/retention')).body).toEqual([
      { kind: 'audit', variable: 'AUDIT_RETENTION_DAYS', days: null },
      { kind: 'conversations', variable: 'CONVERSATION_RETENTION_DAYS', days: null },
      { kind: 'replaced', variable: 'REPLACED_RETENTION_DAYS', days: null },
      { kind: 'usage', variable: 'USAGE_RETENTION_DAYS', days: null },
    ]);
    const { id } = await testOrganization(database);
    await database.owner`
      insert into audit_log (organization_id, actor, action, created_at) values (${id}, 'a', 'b', now() - interval '9 days')`;
    const rows = async (days: object) =>
      (await ask('POST /operator/retention/preview', days)).body.map(({ rows }: { rows: number }) => rows);
    expect(await rows({})).toEqual([0, 0, 0, 0]);
    expect(await rows({ audit: 8 })).toEqual([1, 0, 0, 0]);
    expect(await rows({ audit: 10 })).toEqual([0, 0, 0, 0]);
    for (const days of [{ audit: 0 }, { audit: '8' }, { letters: 1 }]) {
      expect((await ask('POST /operator/retention/preview', days)).status).toBe(400);
    }
  });

  it('logs what it did not expect, and says it', async () => {
    await database.owner`alter table users rename to people`;
    const { status, body } = await ask('GET /operator/admin/administrators');
    await database.owner`alter table people rename to users`;
    expect([status, body.message]).toEqual([500, expect.stringContaining('users')]);
    expect(app.log.filter(({ level }) => level === 'error')).toMatchObject([{ message: 'Request failed' }]);
  });
});
