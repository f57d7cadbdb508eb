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
  const theirs = await testOrganization(database);
  // More than two pages, a page and more of them of one moment.
  await database.owner`
    insert into audit_log (organization_id, actor, action, target, details, created_at)
    select ${mine.id}, 'a@example.org', 'sign-in', n::text, '{"n": 1}', '2026-03-01'::timestamptz + least(n, 900) * interval '1 second'
    from generate_series(1, 2500) n`;
  await database.owner`
    insert into audit_log (organization_id, actor, action, target, details, address, created_at)
    values (${mine.id}, '=cmd', 'change-role', ${'one,\ntwo "three"'}, '{"from": "a,b"}', '203.0.113.7', '2026-01-01T00:00:00.500Z'),
      (${theirs.id}, 'foreign@example.org', 'sign-in', null, '{}', null, '2026-03-01')`;
});

async function exported(query = '', as = mine.owner) {
  const response = await app.request(`GET /api/organization/audit/export?${query}` as 'GET /', { as });
  return { response, text: await response.text() };
}

describe('the export of the audit log', () => {
  it('has each act once, oldest first, and none of others', async () => {
    const { response, text } = await exported('to=2026-03-02T00:00:00Z');
    expect(response.headers.get('content-type')).toBe('application/jsonl');
    expect(response.headers.get('content-disposition')).toMatch(
      /^attachment; filename="audit-\d{4}-\d\d-\d\d\.jsonl"$/,
    );
    const acts = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(acts).toHaveLength(2_501);
    expect(new Set(acts.map(({ id }) => id)).size).toBe(2_501);
    expect(acts.map(({ createdAt }) => createdAt)).toEqual(acts.map(({ createdAt }) => createdAt).toSorted());
    expect(acts[0]).toEqual({
      ...{ createdAt: '2026-01-01T00:00:00.500Z', organizationId: mine.id, actorId: null, actor: '=cmd' },
      ...{ action: 'change-role', target: 'one,\ntwo "three"', details: { from: 'a,b' }, address: '203.0.113.7' },
      id: expect.any(String),
    });
    expect(text).not.toContain('foreign');
  });

  it('is a table for spreadsheets, a line each, without formulas', async () => {
    const { response, text } = await exported('format=csv&action=change-role');
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    const [header, line, ...others] = text.split('\r\n');
    expect(header).toBe('createdAt,organizationId,actorId,actor,action,target,details,address,id');
    expect(line?.slice(0, line.lastIndexOf(','))).toBe(
      `2026-01-01T00:00:00.500Z,${mine.id},,'=cmd,change-role,"one, two ""three""","{""from"":""a,b""}",203.0.113.7`,
    );
    expect(others).toEqual(['']);
    expect((await exported('format=csv&from=2030-01-01T00:00:00Z')).text).toBe(`${header}\r\n`);
  });

  it('is written down with its filter, and is for administrators', async () => {
    await exported('action=change-role');
    const [act] = await database.owner`
      select actor_id, target, details from audit_log where action = 'export-audit' order by created_at desc limit 1`;
    expect(act).toEqual({ actor_id: mine.owner.userId, target: mine.id, details: { action: 'change-role' } });
    const { response } = await exported('', await mine.addMember('member'));
    expect(response.status).toBe(404);
    expect((await exported('format=xml')).response.status).toBe(400);
    expect((await exported('from=yesterday')).response.status).toBe(400);
  });

  it('ends with its reader, and gives its connection back', async () => {
    const response = await app.request('GET /api/organization/audit/export', { as: mine.owner });
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect((await exported('action=change-role')).response.status).toBe(200);
  });
});
