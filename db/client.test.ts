import { sql } from 'drizzle-orm';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { testDatabase } from '../platform/testing/database.ts';
import { testOrganization } from '../platform/testing/organization.ts';
import { createDatabase } from './client.ts';
import { organizations } from './schema/organizations.ts';

const database = await testDatabase();
afterAll(() => database.close());

describe('createDatabase', () => {
  it('undoes all of a transaction whose work fails', async () => {
    const { id } = await testOrganization(database, { name: 'Before' });
    const work = database.tenant.tenant(id, async (tx) => {
      await tx.update(organizations).set({ name: 'After' });
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    const [row] = await database.owner`select name from organizations where id = ${id}`;
    expect(row).toEqual({ name: 'Before' });
  });

  it('hears what is announced when its transaction commits, and nothing of one that fails', async () => {
    const heard: string[] = [];
    const listening = await database.tenant.listen('test_channel', (payload) => heard.push(payload));
    const announce = (payload: string, fail: boolean) =>
      database.tenant.transaction(async (tx) => {
        await tx.execute(sql`select pg_notify('test_channel', ${payload})`);
        if (fail) throw new Error('no');
      });
    await announce('lost', true).catch(() => {});
    await announce('kept', false);
    await expect.poll(() => heard).toEqual(['kept']);
    await listening.close();
  });

  it('opens no more connections than it may', async () => {
    const limited = createDatabase({ url: database.url('tenant'), connections: 2, applicationName: 'limited' });
    const count = () =>
      database.owner`select count(*)::int as n from pg_stat_activity where application_name = 'limited'`;
    await Promise.all(Array.from({ length: 12 }, () => limited.check()));
    expect([...(await count())]).toEqual([{ n: 2 }]);
    await limited.close();
    await expect.poll(async () => [...(await count())]).toEqual([{ n: 0 }]);
  });

  it('rejects its check when the server is away', async () => {
    const url = new URL(inject('services').templateUrl);
    url.searchParams.set('host', '/nowhere');
    const away = createDatabase({ url: url.href });
    await expect(away.check()).rejects.toThrow();
    await away.close();
  });
});
