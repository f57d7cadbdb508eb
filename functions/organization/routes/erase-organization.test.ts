import { afterAll, describe, expect, it } from 'vitest';
import { testOrganization } from '../../../modules/testing/organization.ts';
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
const jobsOf = async (id: string) => {
  const rows = await database.owner`
    select data from pgboss.job where name = 'maintenance' and data ->> 'organizationId' = ${id}`;
  return rows.map(({ data }) => data);
};

describe('DELETE /api/organization', () => {
  it('locks everybody out at once and leaves the rest to a job', async () => {
    const mine = await testOrganization(database, { name: 'Мы' });
    const member = await mine.addMember('member');
    const response = await app.request('DELETE /api/organization', { as: mine.owner, json: { name: 'Мы' } });
    expect(response.status).toBe(202);
    expect(await jobsOf(mine.id)).toEqual([{ kind: 'erase-organization', organizationId: mine.id }]);
    for (const as of [mine.owner, member]) {
      await expect
        .poll(async () => (await app.request('GET /api/organization', { as })).status, { timeout: 5_000 })
        .toBe(401);
    }
    const [act] = await database.owner`select actor, action from audit_log where organization_id = ${mine.id}`;
    expect(act).toEqual({ actor: mine.owner.email, action: 'erase-organization' });
  });

  it('waits for the bots to be removed, whose subscribers Telegram would charge on', async () => {
    const mine = await testOrganization(database, { name: 'Bots' });
    await database.owner`
      insert into bots
        (organization_id, telegram_id, username, name, token_sealed, secret_sealed, secret_hash, skills, time_zone, delivery)
      values (${mine.id}, '77', 'cards_bot', 'Cards', '', '', ${mine.id}, '{tarot}', 'UTC', 'polling')`;
    const erase = () => app.json('DELETE /api/organization', { as: mine.owner, json: { name: 'Bots' } });
    const refused = await erase();
    expect([refused.status, refused.body.type]).toEqual([409, 'urn:pandect:problem:bots-remain']);
    expect(refused.body.detail).toContain('@cards_bot');
    expect(await jobsOf(mine.id)).toEqual([]);
    await database.owner`delete from bots where organization_id = ${mine.id}`;
    expect((await app.request('DELETE /api/organization', { as: mine.owner, json: { name: 'Bots' } })).status).toBe(
      202,
    );
  });

  it('needs an owner and the very name', async () => {
    const mine = await testOrganization(database, { name: 'Mine' });
    const { status, body } = await app.json('DELETE /api/organization', { as: mine.owner, json: { name: 'mine' } });
    expect([status, body.errors.map(({ path }: { path: string }) => path)]).toEqual([400, ['body.name']]);
    expect((await app.request('DELETE /api/organization', { as: mine.owner })).status).toBe(400);
    for (const role of ['admin', 'member', 'viewer'] as const) {
      const as = await mine.addMember(role);
      expect((await app.request('DELETE /api/organization', { as, json: { name: 'Mine' } })).status).toBe(404);
    }
    expect(await jobsOf(mine.id)).toEqual([]);
  });
});
