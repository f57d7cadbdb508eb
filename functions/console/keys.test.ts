import { describe, expect, it } from 'vitest';
import { createRefusedCalls } from '../../modules/models/upstream/refused-calls.ts';
import { digest, newApiKey } from '../../modules/people/identity/index.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { testRedis } from '../../platform/testing/redis.ts';
import { consoleScene, problem } from './console.fixture.ts';
import { serveOperator } from './operator.fixture.ts';

const { database, root, ask, acts, signedIn } = await consoleScene();
await serveOperator(database, root);
const member = await testOrganization(database, { name: 'Programs' });
const insert = database.owner;

async function addKey(columns: object = {}) {
  const { key, prefix } = newApiKey(member.id);
  const row = {
    ...{ organization_id: member.id, user_id: member.owner.userId, name: 'CRM', prefix, key_hash: digest(key) },
    ...{ scopes: ['gateway'], rpm: 60, ...columns },
  };
  const [added] = await insert<{ id: string }[]>`insert into api_keys ${insert(row)} returning id`;
  return { id: added?.id as string, key, prefix };
}

describe('keys of the gateway', () => {
  it('tell what is left of their budgets, and what they were refused', async () => {
    const { id, key, prefix } = await addKey();
    await addKey({ scopes: ['search'] });
    await addKey({ revoked_at: new Date() });
    const budget = async (window: string, more: object) => {
      const row = { organization_id: member.id, scope: 'key', scope_id: id, window, ...more };
      const [added] = await insert<{ id: string }[]>`insert into budgets ${insert(row)} returning id`;
      return added?.id as string;
    };
    const daily = await budget('day', { limit_cost: '100', hard: true });
    await budget('total', { limit_tokens: 5_000, hard: false });
    await insert`
      insert into budget_counters (organization_id, budget_id, start, spent_cost, held_cost, spent_tokens)
      values (${member.id}, ${daily}, budget_start('day', now()), 12.5, 0.25, 900)`;
    const { redis } = await testRedis();
    const refused = createRefusedCalls(redis, database.name);
    refused.note(id);
    await refused.close();
    const { status, body } = await ask(`GET /api/operator/gateway/keys?organization=${member.id}`);
    const none = { spentCost: '0', heldCost: '0', spentTokens: 0, heldTokens: 0 };
    const shown = {
      ...{ id, organizationId: member.id, organization: 'Programs', name: 'CRM', prefix, channel: 'external' },
      ...{ routes: null, rpm: 60, tpm: null, concurrency: null, lastUsedAt: null, expiresAt: null },
      budgets: [
        {
          ...{ window: 'day', hard: true, limitCost: '100', spentCost: '12.5', heldCost: '0.25' },
          ...{ limitTokens: null, spentTokens: 900, heldTokens: 0 },
        },
        { window: 'total', hard: false, limitCost: null, limitTokens: 5_000, ...none },
      ],
      refused: { today: 1, yesterday: 0 },
    };
    expect([status, body]).toEqual([200, [shown]]);
    expect((await ask(`GET /api/operator/gateway/keys/${id}`)).body).toMatchObject(shown);
    expect(JSON.stringify(body)).not.toContain(key);
  });
});

describe('one key', () => {
  it('tells who made it, which secrets still work, and what it was used for this month', async () => {
    const { id, key } = await addKey({ routes: ['team/*'] });
    const grace = { replaced_by: id, grace_until: new Date(Date.now() + 60_000) };
    const earlier = await addKey(grace);
    await addKey({ ...grace, grace_until: new Date(Date.now() - 60_000) });
    const use = async (target: string, cost: string, more: object = {}) => {
      const row = {
        ...{
          organization_id: member.id,
          action: 'gateway',
          key_id: id,
          prompt_tokens: 100,
          completion_tokens: 20,
          cost,
        },
        ...{ metadata: { target, route: 'default' }, ...more },
      };
      await insert`insert into usage_logs ${insert(row)}`;
    };
    await use('small', '1.50000000');
    await use('small', '0.25000000', { outcome: 'failed' });
    await use('large', '7');
    const other = { key_id: crypto.randomUUID() };
    await use('large', '900', other);
    await use('large', '900', { created_at: new Date(Date.now() - 40 * 86_400_000) });
    const { status, body } = await ask(`GET /api/operator/gateway/keys/${id}`);
    const all = { calls: 3, failed: 1, tokens: 360, cost: '8.75' };
    expect([status, body]).toMatchObject([
      200,
      {
        ...{ id, userId: member.owner.userId, email: member.owner.email, role: 'owner', scopes: ['gateway'] },
        ...{ routes: ['team/*'], revokedAt: null, createdAt: expect.stringMatching(/Z$/) },
        earlier: [{ prefix: earlier.prefix, graceUntil: expect.stringMatching(/Z$/), lastUsedAt: null }],
        use: {
          ...{ today: all, month: all },
          byTarget: [
            { target: 'large', calls: 1, failed: 0, tokens: 120, cost: '7' },
            { target: 'small', calls: 2, failed: 1, tokens: 240, cost: '1.75' },
          ],
        },
      },
    ]);
    expect(JSON.stringify(body)).not.toContain(key);
    const calls = await ask(`GET /api/operator/gateway/calls?organization=${member.id}&key=${id}`);
    expect(calls.body.map(({ target }: { target: string }) => target).toSorted()).toEqual(['large', 'small', 'small']);
    const unused = (await addKey()).id;
    const none = { calls: 0, failed: 0, tokens: 0, cost: '0' };
    expect((await ask(`GET /api/operator/gateway/keys/${unused}`)).body.use).toEqual({
      ...{ today: none, month: none, byTarget: [] },
    });
    // An earlier secret is no key of its own.
    for (const missing of [earlier.id, crypto.randomUUID()]) {
      expect((await ask(`GET /api/operator/gateway/keys/${missing}`)).status).toBe(404);
    }
  });

  it('is revoked with its earlier secrets for a reason, once, and its organization reads it', async () => {
    const { id, prefix } = await addKey();
    const earlier = await addKey({ replaced_by: id, grace_until: new Date(Date.now() + 60_000) });
    const revoke = (json: object, more = {}) => ask(`POST /api/operator/gateway/keys/${id}/revoke`, json, more);
    expect((await revoke({ reason: ' ' })).body.type).toBe(problem('invalid-request'));
    const stale = await revoke({ reason: 'Found in a public repository' }, { as: await signedIn(601) });
    expect(stale.body.type).toBe(problem('fresh-sign-in-needed'));
    const key = crypto.randomUUID();
    const [first, again] = [
      await revoke({ reason: 'Found in a public repository' }, { key }),
      await revoke({ reason: 'Found in a public repository' }, { key }),
    ];
    expect([first.status, again.body]).toEqual([200, first.body]);
    expect(
      await insert`select id from api_keys where id in ${insert([id, earlier.id])} and revoked_at is null`,
    ).toEqual([]);
    const { revokedAt } = (await ask(`GET /api/operator/gateway/keys/${id}`)).body;
    expect(Date.parse(revokedAt)).toBe(Date.parse(first.body.revokedAt));
    const details = { reason: 'Found in a public repository' };
    expect((await acts()).at(-1)).toEqual({ action: 'revoke-key', target: id, details });
    const [theirs] = await insert`
      select actor, target, details from audit_log where organization_id = ${member.id} and action = 'revoke-key'`;
    expect(theirs).toMatchObject({ actor: 'operator', target: id, details: { ...details, name: 'CRM', prefix } });
    expect(await revoke(details)).toMatchObject({
      ...{ status: 409, body: { detail: expect.stringContaining('it was revoked before') } },
    });
  });
});
