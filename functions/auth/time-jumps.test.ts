import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import * as organization from '../organization/app.ts';
import organizationManifest from '../organization/function.ts';
import * as module from './app.ts';
import manifest from './function.ts';

const database = await testDatabase();
const auth = await testApp(database, { name: 'auth', manifest, module });
const other = await testApp(database, { name: 'organization', manifest: organizationManifest, module: organization });
afterAll(async () => {
  await auth.close();
  await other.close();
  await database.close();
});
afterEach(() => vi.useRealTimers());

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

it.each([
  ['an hour on', HOUR_MS, { access: 401, refresh: 200 }],
  ['an hour back', -HOUR_MS, { access: 200, refresh: 200 }],
  ['a year on', YEAR_MS, { access: 401, refresh: 401 }],
  ['a year back', -YEAR_MS, { access: 200, refresh: 200 }],
])(
  'a host whose clock jumps %s ends sessions that have expired by then and no others',
  async (name, jump, expected) => {
    const account = { email: `${name.replaceAll(' ', '-')}@example.org`, password: 'correct horse', organization: 'N' };
    const { body } = await auth.json('POST /api/auth/register', { json: account });
    const ask = async (token: string) => (await other.json('GET /api/organization', { as: { token } })).status;
    expect(await ask(body.accessToken)).toBe(200);

    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + jump });
    const { refreshToken } = body;
    const refreshed = await auth.json('POST /api/auth/refresh', { json: { refreshToken } });
    expect({ access: await ask(body.accessToken), refresh: refreshed.status }).toEqual(expected);
    const { email, password } = account;
    const login = () => auth.json('POST /api/auth/login', { json: { email, password } });
    expect(await ask((await login()).body.accessToken)).toBe(200);

    vi.useRealTimers();
    expect(await ask((await login()).body.accessToken)).toBe(200);
  },
);
