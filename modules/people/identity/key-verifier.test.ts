import { afterAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../db/client.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import { type TestMember, testOrganization } from '../../testing/organization.ts';
import { newApiKey } from './api-key.ts';
import { createKeyVerifier } from './key-verifier.ts';
import { digest } from './secret.ts';

const database = await testDatabase();
afterAll(() => database.close());
const mine = await testOrganization(database);

let time = 0;
const verifier = createKeyVerifier(database.tenant, () => time);
const later = () => {
  time += 1_000;
};

async function keyOf({ userId, organizationId }: TestMember, { scopes = ['ask'], channel = 'external' } = {}) {
  const { key, prefix } = newApiKey(organizationId);
  const [row] = await database.owner<{ id: string }[]>`
    insert into api_keys (organization_id, user_id, name, prefix, key_hash, scopes, channel)
    values (${organizationId}, ${userId}, 'Key', ${prefix}, ${digest(key)}, ${scopes}, ${channel}) returning id`;
  return { key, id: row?.id as string };
}
const refusal = async (key: string) => {
  const error = await verifier.verify(key).catch((thrown: unknown) => thrown);
  const { type, headers } = error as { type: string; headers: Record<string, string> };
  return { type, headers };
};
const unauthenticated = { type: 'unauthenticated', headers: { 'www-authenticate': 'Bearer error="invalid_token"' } };

describe('a key', () => {
  it('acts as its person with the role of this moment, and notes its use to the minute', async () => {
    const member = await mine.addMember('member');
    const { key, id } = await keyOf(member, { scopes: ['ask', 'documents:write'], channel: 'internal' });
    const caller = { userId: member.userId, organizationId: mine.id, keyId: id, channel: 'internal', gateway: {} };
    expect(await verifier.verify(key)).toEqual({
      ...caller,
      role: 'member',
      scopes: ['ask', 'documents:write'],
    });
    const [row] = await database.owner`select last_used_at as at from api_keys where id = ${id}`;
    expect(row?.at.getTime() % 60_000).toBe(0);
    await database.owner`update users set role = 'viewer', administrator = true where id = ${member.userId}`;
    later();
    expect(await verifier.verify(key)).toEqual({ ...caller, role: 'viewer', scopes: ['ask'] });
  });

  it('is looked up once a second by however many show it', async () => {
    const { key, id } = await keyOf(mine.owner);
    await Promise.all(Array.from({ length: 10 }, () => verifier.verify(key)));
    await database.owner`update api_keys set revoked_at = now() where id = ${id}`;
    expect(await verifier.verify(key)).toMatchObject({ keyId: id });
    later();
    expect(await refusal(key)).toEqual(unauthenticated);
  });

  it('is refused alike when it expired, was revoked, its person or organization is gone, or it never was one', async () => {
    const gone = await mine.addMember('member');
    const other = await testOrganization(database);
    const [expired, revoked, orphan, erased] = await Promise.all([
      keyOf(mine.owner),
      keyOf(mine.owner),
      keyOf(gone),
      keyOf(other.owner),
    ]);
    await database.owner`update api_keys set expires_at = now() where id = ${expired.id}`;
    await database.owner`update api_keys set revoked_at = now() where id = ${revoked.id}`;
    await database.owner`delete from users where id = ${gone.userId}`;
    await database.owner`update organizations set erasure_requested_at = now() where id = ${other.id}`;
    const { key } = await keyOf(mine.owner);
    const changed = `${key.slice(0, -2)}${key.endsWith('AA') ? 'BB' : 'AA'}`;
    const moved = key.replace(/_.{22}_/, newApiKey(other.id).key.slice(7, 31));
    for (const bad of [expired.key, revoked.key, orphan.key, erased.key, changed, moved, 'pandect_', 'pandect_x_y']) {
      expect(await refusal(bad)).toEqual(unauthenticated);
    }
  });

  it('says of a suspended organization that it is', async () => {
    const other = await testOrganization(database);
    const { key } = await keyOf(other.owner);
    await database.owner`update organizations set suspended_at = now() where id = ${other.id}`;
    expect((await refusal(key)).type).toBe('organization-suspended');
  });

  it('is asked for again at once when the database was away', async () => {
    const { key } = await keyOf(mine.owner);
    const flaky = createDatabase({ url: database.url('tenant'), connections: 1 });
    await flaky.close();
    const away = createKeyVerifier(flaky, () => 0);
    await expect(away.verify(key)).rejects.not.toMatchObject({ type: 'unauthenticated' });
    await expect(away.verify(key)).rejects.toThrow();
  });
});
