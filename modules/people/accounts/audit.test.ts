import { afterAll, expect, it } from 'vitest';
import { testDatabase } from '../../../platform/testing/database.ts';
import { mailedToken, problemOf, testAccounts } from '../../testing/accounts.ts';

const database = await testDatabase();
const { accounts, registered, close } = await testAccounts(database);
afterAll(async () => {
  await close();
  await database.close();
});
const password = 'correct horse';

it('writes down who signed in, failed to, signed out and confirmed an address', async () => {
  const { email, caller } = await registered();
  await accounts.confirmEmail(await mailedToken(database, 'confirm-email', email));
  await problemOf(accounts.signIn(email, 'wrong horse'));
  await problemOf(accounts.signIn('nobody@example.org', 'wrong horse'));
  const { refreshToken } = await accounts.signIn(email, password);
  await problemOf(accounts.changePassword(caller.userId, { current: 'wrong horse', password: 'another horse' }));
  for (let times = 0; times < 2; times++) await accounts.signOut(refreshToken);
  const rows = await database.owner`
    select actor, actor_id as id, action, target, details from audit_log
    where organization_id = ${caller.organizationId} order by created_at`;
  const mine = { actor: email, id: caller.userId };
  const failed = { actor: 'unknown', id: null, action: 'fail-sign-in', target: caller.userId };
  expect([...rows]).toEqual([
    { ...mine, action: 'confirm-email', target: email, details: { sessions: 1, keys: 0 } },
    { ...failed, details: { at: 'sign-in' } },
    { ...mine, action: 'sign-in', target: null, details: {} },
    { ...failed, details: { at: 'change-password' } },
    { ...mine, action: 'sign-out', target: null, details: {} },
  ]);
});
