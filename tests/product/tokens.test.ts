import { createHmac, generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { importPKCS8, type JWTPayload, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { addressOf, type Operation, readApi } from '../support/http/api-description.ts';
import { type Account, createAccount, send } from '../support/http/client.ts';
import { expectClientError, expectProblem } from '../support/http/problems.ts';
import { addPerson } from '../support/people.ts';
import { sharedPlatform } from '../support/shared-platform.ts';

const platform = await sharedPlatform();
const { url } = platform;
const { operations } = await readApi(url);
const secured = operations.filter(({ security }) => security);

let account: Account;
beforeAll(async () => {
  account = await createAccount(platform, { tier: 'demo' });
});

describe('tokens', () => {
  const tokens: [string, () => Promise<string>][] = [
    ['none', async () => ''],
    ['text', async () => 'text'],
    ['a signature that is gone', async () => account.session.accessToken.replace(/[^.]*$/, '')],
    ['another payload under the old signature', async () => swapPayload({ role: 'owner', org: crypto.randomUUID() })],
    ['alg none', async () => unsigned({ alg: 'none' })],
    ['the public key as a shared secret', async () => confusedAlgorithm()],
    ['another key', async () => signed({}, await otherKey())],
    ['a time that is over', async () => signed({ exp: seconds() - 10 })],
    ['no time of its end', async () => signed({ exp: undefined })],
    ['a time that has not come', async () => signed({ nbf: seconds() + 600 })],
    ['another audience', async () => signed({ aud: 'somebody-else' })],
    ['another issuer', async () => signed({ iss: 'somebody-else' })],
    ['no organization', async () => signed({ org: undefined })],
    ['a role that is none', async () => signed({ role: 'root' })],
    ['a password that was changed since', async () => endedByNewPassword()],
    ['a key that was never made', async () => `pandect_${'A'.repeat(22)}_${'A'.repeat(43)}`],
    ['half a key', async () => 'pandect_'],
    ['10 KB', async () => 'x'.repeat(10_000)],
  ];

  it('are accepted when they are made as here and nothing is wrong with them', async () => {
    expect((await as(await signed({}))).status).toBe(200);
  });

  it.each(tokens)('are refused with %s', async (_, make) => {
    const token = await make();
    for (const path of new Set(secured.map((operation) => operation.path))) {
      const operation = secured.find((candidate) => candidate.path === path) as Operation;
      const headers = { authorization: `Bearer ${token}` };
      const response = await send(url, addressOf(operation, crypto.randomUUID()), { headers });
      if (path.startsWith('/v1/')) await expectClientError(response, 401);
      else await expectProblem(response, 401);
    }
  });

  it.each(['Basic abc', 'bearer', 'Bearer', 'Token abc', 'Bearer  '])(
    'are not taken from the header %j',
    async (authorization) => {
      await expectProblem(send(url, 'GET /api/documents', { headers: { authorization } }), 401);
    },
  );

  it('are not taken from the address', async () => {
    await expectProblem(send(url, `GET /api/documents?access_token=${account.session.accessToken}`), 400, 401);
  });

  it('end within a second or so when their person is removed, everywhere at once', async () => {
    const owner = await createAccount(platform);
    const { userId, token } = await addPerson(platform, owner, 'member');
    const paths = ['/api/documents', '/api/organization', '/api/usage', '/api/conversations'] as const;
    const statuses = () =>
      Promise.all(
        paths.map(
          async (path) => (await send(url, `GET ${path}`, { headers: { authorization: `Bearer ${token}` } })).status,
        ),
      );
    expect(await statuses()).toEqual(paths.map(() => 200));
    expect((await owner.send(`DELETE /api/organization/members/${userId}`)).status).toBe(204);
    await expect.poll(statuses, { timeout: 5_000 }).toEqual(paths.map(() => 401));
  });

  // That a token which is used later ends the whole session is tested with a clock, see modules/people/accounts/sign-in/refresh.test.ts
  it('for renewal work again for half a minute, as their answer may have been lost, and no other token renews', async () => {
    const other = await createAccount(platform, { tier: 'demo' });
    const renew = (refreshToken: string) => send(url, 'POST /api/auth/refresh', { json: { refreshToken } });
    for (const _ of ['first', 'again']) expect((await renew(other.session.refreshToken)).status).toBe(200);
    await expectProblem(renew(other.session.accessToken), 400, 401);
    await expectProblem(renew(`${other.session.refreshToken.slice(0, -2)}AA`), 401);
  });

  async function endedByNewPassword(): Promise<string> {
    const { password: current, session } = await createAccount(platform, { tier: 'demo' });
    const headers = { authorization: `Bearer ${session.accessToken}` };
    const json = { current, password: 'another password' };
    expect((await send(url, 'POST /api/auth/change-password', { json, headers })).status).toBe(200);
    // Every process hears of it within a second.
    await setTimeout(1_100);
    return session.accessToken;
  }
  const seconds = () => Math.floor(Date.now() / 1000);
  const as = (token: string) => send(url, 'GET /api/documents', { headers: { authorization: `Bearer ${token}` } });
  const part = (index: number) =>
    JSON.parse(Buffer.from(account.session.accessToken.split('.')[index] as string, 'base64url').toString());
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const ownKey = () => readFile(join(platform.home, 'keys', 'jwt-private.pem'), 'utf8');
  const otherKey = async () =>
    generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    }).privateKey;

  async function signed(changes: Record<string, unknown>, key?: string): Promise<string> {
    const payload = JSON.parse(JSON.stringify({ ...part(1), ...changes })) as JWTPayload;
    return new SignJWT(payload).setProtectedHeader(part(0)).sign(await importPKCS8(key ?? (await ownKey()), 'RS256'));
  }
  function swapPayload(changes: object): string {
    const [header, , signature] = account.session.accessToken.split('.');
    return [header, encode({ ...part(1), ...changes }), signature].join('.');
  }
  const unsigned = (header: object) => [encode({ ...part(0), ...header }), encode(part(1)), ''].join('.');
  async function confusedAlgorithm(): Promise<string> {
    const secret = await readFile(join(platform.home, 'keys', 'jwt-public.pem'), 'utf8');
    const content = [encode({ ...part(0), alg: 'HS256' }), encode(part(1))].join('.');
    return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
  }
});
