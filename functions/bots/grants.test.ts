import { afterAll, describe, expect, it } from 'vitest';
import { openWallet } from '../../modules/commerce/wallets/index.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import * as module from './app.ts';
import manifest from './function.ts';

const database = await testDatabase();
const app = await testApp(database, { name: 'bots', manifest, module });
afterAll(async () => {
  await app.close();
  await database.close();
});

async function person() {
  const organization = await testOrganization(database);
  const { id } = organization;
  const [botId, userId] = [crypto.randomUUID(), crypto.randomUUID()];
  await database.owner`
    insert into bots
      (id, organization_id, telegram_id, username, name, token_sealed, secret_sealed, secret_hash, skills, time_zone, delivery)
    values (${botId}, ${id}, ${botId}, 'a_bot', 'A bot', 'v1.', 'v1.', 'hash', '{tarot}', 'UTC', 'webhook')`;
  const walletId = await database.tenant.tenant(id, (tx) =>
    openWallet(tx, { organizationId: id, kind: 'bot-user', reference: userId, timeZone: 'UTC', free: {} }),
  );
  await database.owner`
    insert into bot_users (id, organization_id, bot_id, telegram_id, chat_id, language, wallet_id, referral_code)
    values (${userId}, ${id}, ${botId}, '7', '7', 'ru', ${walletId}, ${userId})`;
  return { organization, botId, userId, path: `POST /api/bots/${botId}/users/${userId}/grants` as const };
}
const grant = { unit: 'reading', amount: 5, reason: 'An outage', reference: 'ticket 17' };

describe('POST /api/bots/{id}/users/{userId}/grants', () => {
  it('gives units once for a reference and once for a key, and writes it to the audit log', async () => {
    const { organization, userId, path } = await person();
    const admin = await organization.addMember('admin');
    const ask = (json: object, key: string) => app.json(path, { as: admin, json, headers: { 'idempotency-key': key } });
    const first = await ask(grant, 'one');
    expect([first.status, first.body]).toEqual([200, { given: true, bought: 5 }]);
    expect((await ask(grant, 'one')).body).toEqual({ given: true, bought: 5 });
    expect((await ask({ ...grant, amount: 6 }, 'one')).status).toBe(422);
    expect((await ask(grant, 'two')).body).toEqual({ given: false, bought: 5 });
    expect((await ask({ ...grant, reference: 'ticket 18' }, 'three')).body).toEqual({ given: true, bought: 10 });
    const acts = await database.owner`
      select actor_id, action, target, details from audit_log where organization_id = ${organization.id} order by created_at`;
    expect(acts).toHaveLength(2);
    expect(acts[0]).toEqual({ actor_id: admin.userId, action: 'grant-units', target: userId, details: grant });
  });

  it('is for administrators and owners, about people of their own bots', async () => {
    const [mine, theirs] = [await person(), await person()];
    const member = await mine.organization.addMember('member');
    const status = async (path: typeof mine.path, as: typeof member, json: object = grant) =>
      (await app.json(path, { as, json })).status;
    expect(await status(mine.path, member)).toBe(404);
    expect(await status(theirs.path, mine.organization.owner)).toBe(404);
    const mixed = `POST /api/bots/${theirs.botId}/users/${mine.userId}/grants` as const;
    expect(await status(mixed, mine.organization.owner)).toBe(404);
    for (const bad of [
      { amount: 0 },
      { unit: 'question' },
      { reason: ' ' },
      { reference: '' },
      { expiresAt: 'soon' },
    ]) {
      expect(await status(mine.path, mine.organization.owner, { ...grant, ...bad })).toBe(400);
    }
  });
});
