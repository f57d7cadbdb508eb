import { afterAll, expect, it } from 'vitest';
import { createAdministrator } from '../../modules/people/administration/administrators.ts';
import { testApp } from '../../platform/testing/app.ts';
import { type TestDatabase, testDatabase } from '../../platform/testing/database.ts';
import * as module from './app.ts';
import manifest from './function.ts';

const opened: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const each of opened.toReversed()) await each.close();
});
async function emptyPlatform() {
  const database = await testDatabase();
  opened.push(database);
  return { database, start: () => process(database) };
}
async function process(database: TestDatabase) {
  const app = await testApp(database, { name: 'auth', manifest, module });
  opened.push(app);
  const open = async () => (await app.json('GET /api/setup')).body;
  const create = (json: object = owner()) => app.json('POST /api/setup', { json });
  return { app, open, create };
}
const owner = () => ({ email: `${crypto.randomUUID()}@example.org`, password: 'correct horse', organization: 'First' });
const closed = [409, 'urn:pandect:problem:setup-closed'];

it('is open on an empty platform, makes one owner, and is closed for ever after', async () => {
  const { database, start } = await emptyPlatform();
  const { app, open, create } = await start();
  expect(await open()).toEqual({ open: true });
  expect((await create({ ...owner(), password: 'password' })).status).toBe(400);
  expect(await open()).toEqual({ open: true });
  const { status, body } = await create();
  expect([status, body]).toEqual([
    201,
    { accessToken: expect.any(String), refreshToken: expect.any(String), expiresIn: 1800 },
  ]);
  const me = (await app.json('GET /api/me', { as: { token: body.accessToken } })).body;
  expect(me).toMatchObject({
    role: 'owner',
    administrator: false,
    emailConfirmed: false,
    organization: { name: 'First' },
  });
  const again = await create();
  expect([again.status, again.body.type]).toEqual(closed);
  await database.owner`delete from organizations`;
  expect(await open()).toEqual({ open: false });
  expect(await (await start()).open()).toEqual({ open: false });
  expect((await create()).status).toBe(409);
});

it('gives one of many at once the platform, in two processes', async () => {
  const { database, start } = await emptyPlatform();
  const [one, other] = await Promise.all([start(), start()]);
  const attempts = await Promise.all([one.create(), other.create(), one.create(), other.create()]);
  expect(attempts.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409]);
  const [row] = await database.owner`select count(*)::int as organizations from organizations`;
  expect(row).toEqual({ organizations: 1 });
});

it('closes with a registration, and with the first administrator', async () => {
  const registered = await emptyPlatform();
  const { app, open, create } = await registered.start();
  await app.json('POST /api/auth/register', { json: owner() });
  expect(await open()).toEqual({ open: false });
  expect((await create()).status).toBe(409);
  const administered = await emptyPlatform();
  await createAdministrator(administered.database.platform, { email: 'olga@example.org' });
  expect(await (await administered.start()).open()).toEqual({ open: false });
});

it.each([{}, { ...owner(), role: 'owner' }, { ...owner(), email: 'no address' }])('refuses %j', async (json) => {
  const { start } = await emptyPlatform();
  expect((await (await start()).create(json)).status).toBe(400);
});
