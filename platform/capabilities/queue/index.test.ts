import { afterAll, describe, expect, it } from 'vitest';
import { testOrganization } from '../../../modules/testing/organization.ts';
import { testDatabase } from '../../testing/database.ts';
import { createQueue } from './index.ts';

const database = await testDatabase();
const queue = createQueue(database.url('tenant'));
afterAll(async () => {
  await queue.close();
  await database.close();
});
const { id } = await testOrganization(database);
const jobs = async () => {
  const rows =
    await database.owner`select data, state, group_id from pgboss.job where name = 'ingest' order by created_on`;
  return rows.map((row) => ({ ...row }));
};

describe('send', () => {
  it('makes a job exactly when the transaction commits', async () => {
    let during: unknown[] = [];
    await database.tenant.tenant(id, async (tx) => {
      await queue.send(tx, 'ingest', { documentId: 'kept' }, { group: id });
      during = await jobs();
    });
    expect(during).toEqual([]);
    expect(await jobs()).toEqual([{ data: { documentId: 'kept' }, state: 'created', group_id: id }]);
  });

  it('makes no job when the transaction fails', async () => {
    const before = await jobs();
    const failing = database.tenant.tenant(id, async (tx) => {
      await queue.send(tx, 'ingest', { documentId: 'lost' });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await jobs()).toEqual(before);
  });

  it('rejects a queue that no worker has', async () => {
    const unknown = database.tenant.tenant(id, (tx) => queue.send(tx, 'nowhere', {}));
    await expect(unknown).rejects.toThrow('nowhere');
  });

  it('recovers from a first send that found no queue', async () => {
    const fresh = createQueue(database.url('tenant'));
    const send = () => database.tenant.tenant(id, (tx) => fresh.send(tx, 'ingest', { documentId: 'recovered' }));
    const before = (await jobs()).length;
    await database.owner`alter schema pgboss rename to away`;
    await expect(send()).rejects.toThrow('not installed');
    await database.owner`alter schema away rename to pgboss`;
    await send();
    expect(await jobs()).toHaveLength(before + 1);
    await fresh.close();
  });

  it('works from several requests at once with the first send', async () => {
    const fresh = createQueue(database.url('tenant'));
    const before = (await jobs()).length;
    await Promise.all(
      Array.from({ length: 5 }, () =>
        database.tenant.tenant(id, (tx) => fresh.send(tx, 'ingest', { documentId: 'many' })),
      ),
    );
    expect(await jobs()).toHaveLength(before + 5);
    await fresh.close();
  });
});
