import { afterAll, describe, expect, it } from 'vitest';
import { documents } from '../../../../db/schema/legal/documents.ts';
import { testDatabase } from '../../../../platform/testing/database.ts';
import { testOrganization } from '../../../testing/organization.ts';
import { documentUse, releaseDocument, reserveDocument } from './document-quota.ts';

const database = await testDatabase({ connections: 10 });
afterAll(() => database.close());

const add = (organizationId: string, bytes: number) =>
  database.tenant.tenant(organizationId, async (tx) => {
    await reserveDocument(tx, organizationId, { bytes });
    const unique = crypto.randomUUID();
    await tx.insert(documents).values({
      ...{ organizationId, bytes, sha256: unique, storageKey: unique },
      ...{ title: 'Lease', fileName: 'lease.txt', format: 'txt' },
    });
  });
const use = (id: string) => database.tenant.tenant(id, (tx) => documentUse(tx, id));

describe('reserveDocument', () => {
  it('admits exactly as many of many uploads at once as the plan has room for', async () => {
    const { id } = await testOrganization(database, { tier: 'demo' });
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => add(id, 10)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: {
        type: 'plan-limit-reached',
        parameters: { tier: 'demo', what: 'documents', limit: 5, used: 5, nextTier: 'basic', nextTierLimit: 100 },
      },
    });
    expect(await use(id)).toEqual({ documents: 5, storageBytes: 50 });
  });

  it('admits the last byte of the storage and not one more', async () => {
    const { id } = await testOrganization(database, { tier: 'demo' });
    const storage = Math.round(0.1 * 1024 ** 3);
    await add(id, storage - 7);
    await expect(add(id, 8)).rejects.toMatchObject({
      type: 'plan-limit-reached',
      parameters: { limit: storage, what: 'bytes' },
    });
    await add(id, 7);
    expect(await use(id)).toEqual({ documents: 2, storageBytes: storage });
  });

  it('takes what an administrator put in place of the plan’s figure', async () => {
    const { id } = await testOrganization(database, { tier: 'demo' });
    await database.owner`insert into plan_overrides (organization_id, documents) values (${id}, 1)`;
    await add(id, 10);
    await expect(add(id, 10)).rejects.toMatchObject({ type: 'plan-limit-reached', parameters: { limit: 1 } });
  });

  it('takes no room when its transaction fails', async () => {
    const { id } = await testOrganization(database);
    const work = database.tenant.tenant(id, async (tx) => {
      await reserveDocument(tx, id, { bytes: 10 });
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await use(id)).toEqual({ documents: 0, storageBytes: 0 });
  });
});

describe('releaseDocument', () => {
  it('gives the bytes back, and never more than were held', async () => {
    const { id } = await testOrganization(database);
    await add(id, 10);
    await database.tenant.tenant(id, (tx) => releaseDocument(tx, id, 4));
    expect((await use(id)).storageBytes).toBe(6);
    await database.tenant.tenant(id, (tx) => releaseDocument(tx, id, 100));
    expect((await use(id)).storageBytes).toBe(0);
  });
});
