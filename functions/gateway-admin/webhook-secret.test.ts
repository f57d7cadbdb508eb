import { afterAll, expect, it } from 'vitest';
import { testOrganization } from '../../modules/testing/organization.ts';
import { testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import * as module from './app.ts';
import manifest from './function.ts';

const database = await testDatabase();
const app = await testApp(database, { name: 'gateway-admin', manifest, module });
afterAll(async () => {
  await app.close();
  await database.close();
});

it('the secret of callbacks is shown once, and rotated with a day in which both are valid', async () => {
  const mine = await testOrganization(database);
  const path = '/api/gateway/webhook-secret' as const;
  const look = async () => (await app.json(`GET ${path}`, { as: mine.owner })).body;
  const reveal = async () => (await app.json(`POST ${path}`, { as: mine.owner })).body;
  expect(await look()).toEqual({ createdAt: null, isShown: false, previousUntil: null });
  const first = await reveal();
  expect(first).toMatchObject({ secret: expect.stringMatching(/^whsec_[\w+/]{43}=$/), previousUntil: null });
  const state = await look();
  expect(state).toEqual({ createdAt: first.createdAt, isShown: true, previousUntil: null });
  const second = await reveal();
  expect(second.secret).not.toBe(first.secret);
  expect(Date.parse(second.previousUntil)).toBeGreaterThan(Date.now() + 23 * 3_600_000);
  const acts = await database.owner`select action from audit_log where organization_id = ${mine.id}`;
  expect(acts.map(({ action }) => action)).toEqual(['reveal-webhook-secret', 'reveal-webhook-secret']);
  for (const as of [await mine.addMember('member'), await mine.addMember('viewer')])
    expect((await app.request(`POST ${path}`, { as })).status).toBe(404);
});
