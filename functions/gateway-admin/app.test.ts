import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type TestMember, testOrganization } from '../../modules/testing/organization.ts';
import { testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import * as module from './app.ts';
import manifest from './function.ts';

const database = await testDatabase();
const app = await testApp(database, { name: 'gateway-admin', manifest, module });
afterEach(async () => {
  await database.owner`delete from gateway_versions`;
});
afterAll(async () => {
  await app.close();
  await database.close();
});
const mine = await testOrganization(database);
const theirs = await testOrganization(database);
const key = 'sk-own-0123456789-abcd-very-secret-wxyz';

const path = '/api/gateway/provider-keys/openai' as const;
const put = (as: TestMember, json: unknown = { key }, to = 'openai') =>
  app.json(`PUT /api/gateway/provider-keys/${to}`, { as, json });
const get = (as: TestMember) => app.json(`GET ${path}`, { as });

describe('keys of an organization at providers', () => {
  it('are kept, shown by their end alone, replaced and deleted', async () => {
    const { owner } = mine;
    const kept = await put(owner);
    expect(kept).toEqual({
      status: 200,
      body: { provider: 'openai', last4: 'wxyz', createdAt: expect.stringMatching(/Z$/) },
    });
    expect(await get(owner)).toEqual(kept);
    const list = await app.json('GET /api/gateway/provider-keys', { as: owner });
    expect(list.body).toEqual({ items: [kept.body] });

    const replaced = await put(await mine.addMember('admin'), { key: 'another-key-of-theirs-1234' });
    expect(replaced.body.last4).toBe('1234');
    expect(await get(owner)).toEqual(replaced);
    expect((await app.request(`DELETE ${path}`, { as: owner })).status).toBe(204);
    expect((await get(owner)).status).toBe(404);
    expect((await app.request(`DELETE ${path}`, { as: owner })).status).toBe(404);

    const acts = await database.owner`
      select action, target, details from audit_log where organization_id = ${mine.id} order by created_at, id`;
    expect(acts.map((row) => ({ ...row }))).toEqual([
      { action: 'set-provider-key', target: 'openai', details: { last4: 'wxyz' } },
      { action: 'set-provider-key', target: 'openai', details: { last4: '1234' } },
      { action: 'remove-provider-key', target: 'openai', details: {} },
    ]);
  });

  it('stand nowhere in the clear', async () => {
    await put(mine.owner);
    const rows = await database.owner`select * from gateway_secrets`;
    const seen = [
      JSON.stringify(rows),
      JSON.stringify(app.log),
      JSON.stringify(await database.owner`select * from audit_log`),
    ];
    for (const text of seen) expect(text).not.toContain(key.slice(0, 12));
  });

  it('belong to one organization', async () => {
    await put(mine.owner);
    expect((await get(theirs.owner)).status).toBe(404);
    expect((await app.request(`DELETE ${path}`, { as: theirs.owner })).status).toBe(404);
    await put(theirs.owner, { key: 'their-own-key-of-openai-9876' });
    expect((await get(mine.owner)).body.last4).toBe('wxyz');
    for (const role of ['member', 'viewer'] as const) {
      const member = await mine.addMember(role);
      expect([(await get(member)).status, (await put(member)).status]).toEqual([404, 404]);
    }
  });

  it.each([
    [{}, 'json.key'],
    [{ key: 'short' }, 'json.key'],
    [{ key: 'with spaces in it' }, 'json.key'],
    [{ key: 'ключ-по-русски' }, 'json.key'],
    [{ key, more: 1 }, 'json'],
  ])('are refused when they are none: %j', async (json, place) => {
    const { status, body } = await put(mine.owner, json);
    expect(status).toBe(400);
    expect(body.errors[0].path).toContain(place.split('.').at(-1) === 'json' ? '' : 'key');
  });

  it('are for providers that the platform has', async () => {
    expect((await put(mine.owner, { key }, 'none')).status).toBe(404);
    const document = { version: 1, providers: { own: { kind: 'openai' } }, models: {}, routes: {} };
    await database.owner`
      insert into gateway_versions (number, document, created_by) values (1, ${JSON.stringify(document)}::text::json, 'op')`;
    expect((await put(mine.owner, { key }, 'own')).status).toBe(200);
    expect((await put(mine.owner, { key }, 'openai')).status).toBe(404);
  });
});

describe('the log of prompts', () => {
  const setting = '/api/gateway/prompt-log' as const;
  const set = (as: TestMember, json: unknown) => app.json(`PUT ${setting}`, { as, json });
  const off = { enabled: false, keepDays: null, mostDays: 7 };
  const addLog = (to: string, expiry = '1 day') => database.owner`
    insert into prompt_logs (organization_id, request_id, dialect, route, request, is_cut, expires_at)
    values (${to}, gen_random_uuid(), 'chat', 'default', '{"model":"default"}', false, now() + ${expiry}::interval)`;

  it('is off, is switched by administrators, and is deleted when it is switched off', async () => {
    expect((await app.json(`GET ${setting}`, { as: mine.owner })).body).toEqual(off);
    const on = { enabled: true, keepDays: 5, mostDays: 7 };
    expect(await set(await mine.addMember('admin'), { enabled: true, keepDays: 5 })).toEqual({ status: 200, body: on });
    expect((await app.json(`GET ${setting}`, { as: mine.owner })).body).toEqual(on);
    expect((await app.json(`GET ${setting}`, { as: theirs.owner })).body).toEqual(off);
    await addLog(mine.id);
    await addLog(theirs.id);
    expect((await set(mine.owner, { enabled: false })).body).toEqual(off);
    const left = await database.owner`select organization_id as id from prompt_logs`;
    expect([...left]).toEqual([{ id: theirs.id }]);
    const acts = await database.owner`
      select action, details from audit_log where organization_id = ${mine.id} and action like '%prompt-log' order by created_at`;
    expect(acts.map((row) => ({ ...row }))).toEqual([
      { action: 'enable-prompt-log', details: { keepDays: 5 } },
      { action: 'disable-prompt-log', details: {} },
    ]);
  });

  it('is kept no longer than the platform allows', async () => {
    expect((await set(mine.owner, { enabled: true, keepDays: 8 })).body.errors[0].path).toBe('json.keepDays');
    const document = { version: 1, providers: {}, models: {}, routes: {}, logging: { keep: '30d' } };
    await database.owner`
      insert into gateway_versions (number, document, created_by) values (1, ${JSON.stringify(document)}::text::json, 'op')`;
    expect((await set(mine.owner, { enabled: true, keepDays: 30 })).status).toBe(200);
    for (const json of [{ enabled: true }, { enabled: true, keepDays: 0 }, { enabled: false, keepDays: 1 }, {}])
      expect((await set(mine.owner, json)).status).toBe(400);
  });

  it('is read by administrators of the organization, page by page', async () => {
    await database.owner`delete from prompt_logs`;
    for (let index = 0; index < 3; index++) await addLog(mine.id);
    await addLog(mine.id, '-1 second');
    await addLog(theirs.id);
    const first = await app.json('GET /api/gateway/prompt-logs?limit=2', { as: mine.owner });
    expect(first.body.items).toHaveLength(2);
    const rest = await app.json(`GET /api/gateway/prompt-logs?limit=2&cursor=${first.body.nextCursor}`, {
      as: mine.owner,
    });
    expect([rest.body.items.length, rest.body.nextCursor]).toEqual([1, null]);
    for (const role of ['member', 'viewer'] as const) {
      const member = await mine.addMember(role);
      expect((await app.json('GET /api/gateway/prompt-logs', { as: member })).status).toBe(404);
      expect((await set(member, { enabled: true, keepDays: 1 })).status).toBe(404);
    }
  });
});
