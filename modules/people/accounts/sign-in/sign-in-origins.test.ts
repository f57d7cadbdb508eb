import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../../../platform/testing/database.ts';
import { mailedToken, problemOf, testAccounts } from '../../../testing/accounts.ts';

const database = await testDatabase();
const { accounts, registered, close } = await testAccounts(database);
afterAll(async () => {
  await close();
  await database.close();
});
const password = 'correct horse';
const unknown = () => `${crypto.randomUUID()}@example.org`;
let networks = 0;
/** A client of its own for each test. */
const network = () => `10.0.${networks++}.1`;
const attempt = (
  email: string,
  client: string,
  { guess = 'wrong horse', device = undefined as string | undefined } = {},
) => problemOf(accounts.signIn(email, guess, { client, device }));
const right = (email: string, client: string, device?: string) => attempt(email, client, { guess: password, device });
const each = async (count: number, work: (index: number) => Promise<unknown>) => {
  const outcomes = [];
  for (let index = 0; index < count; index++) outcomes.push(await work(index));
  return outcomes;
};
const tried = (outcomes: readonly unknown[]) => outcomes.filter((outcome) => outcome === 'invalid-credentials').length;

describe('wrong passwords of somebody else', () => {
  it('do not make the owner wait, who signs in from elsewhere', async () => {
    const { email } = await registered();
    const [attacker, home] = [network(), network()];
    expect((await each(6, () => attempt(email, attacker))).at(-1)).toBe('too-many-sign-ins');
    expect(await right(email, home)).toBe('none');
    // The owner's success is no fresh start for the others.
    expect(await attempt(email, attacker)).toBe('too-many-sign-ins');
  });

  it('do not make a known device wait, though they come from many places or its own network', async () => {
    const { email, session } = await registered();
    const home = network();
    await each(6, () => attempt(email, home));
    await each(60, () => attempt(email, network()));
    expect(await right(email, home)).toBe('too-many-sign-ins');
    expect(await right(email, network())).toBe('too-many-sign-ins');
    expect(await right(email, home, session.deviceToken)).toBe('none');
  });

  it('are few for one account, from however many clients', async () => {
    for (const email of [(await registered()).email, unknown()]) {
      expect(tried(await each(70, () => attempt(email, network())))).toBe(50);
    }
  });

  it('are few for one client, on however many accounts, also at once and with an account of its own', async () => {
    const [one, other, mine] = [network(), network(), await registered()];
    expect(tried(await each(40, () => attempt(unknown(), one)))).toBe(30);
    expect(await attempt(unknown(), network())).toBe('invalid-credentials');
    const outcomes = await Promise.all(
      Array.from({ length: 90 }, (_, index) =>
        index % 3 === 0 ? right(mine.email, other) : attempt(unknown(), other),
      ),
    );
    expect(tried(outcomes)).toBeLessThanOrEqual(30);
  });

  it('of a client are forgotten with time, one a minute', async () => {
    const client = network();
    await each(31, () => attempt(unknown(), client));
    await database.owner`
      update sign_in_failures set last_at = last_at - interval '3 minutes', locked_until = null where account_hash is null`;
    expect(tried(await each(5, () => attempt(unknown(), client)))).toBe(3);
  });

  it('of an office do not add up with right ones', async () => {
    const [client, people] = [network(), await Promise.all(Array.from({ length: 3 }, () => registered()))];
    await each(40, (index) => right(people[index % 3]?.email ?? '', client));
    expect(tried(await each(30, () => attempt(unknown(), client)))).toBe(30);
  });
});

describe('a known device', () => {
  it('has a count of its own', async () => {
    const { email, session } = await registered();
    const guess = () => attempt(email, network(), { device: session.deviceToken });
    expect(tried(await Promise.all(Array.from({ length: 12 }, guess)))).toBe(5);
    expect(await right(email, network())).toBe('none');
  });

  it('is known for its account only, and by what it was given only', async () => {
    const [mine, theirs] = [await registered(), await registered()];
    const [expiresAt, nonce, mac] = theirs.session.deviceToken.split('.');
    const forged = [
      mine.session.deviceToken,
      '',
      'x',
      '..',
      `${Number(expiresAt) + 1}.${nonce}.${mac}`,
      `${expiresAt}.${nonce}x.${mac}`,
      `${expiresAt}.${nonce}.${mac}.x`,
      `${expiresAt}.${nonce}.${mac?.slice(1)}`,
    ];
    const client = network();
    await each(6, () => attempt(theirs.email, client));
    for (const device of forged) expect(await right(theirs.email, client, device)).toBe('too-many-sign-ins');
    expect(await right(theirs.email, client, theirs.session.deviceToken)).toBe('none');
  });

  it('is not known any more after a new password', async () => {
    const { email, session } = await registered();
    await accounts.forgotPassword(email);
    await accounts.resetPassword(await mailedToken(database, 'reset-password', email), 'another horse');
    const client = network();
    await each(6, () => attempt(email, client));
    const again = { guess: 'another horse', device: session.deviceToken };
    expect(await attempt(email, client, again)).toBe('too-many-sign-ins');
  });

  it('changes the password though others guess it', async () => {
    const { email, session, caller } = await registered();
    await each(60, () => attempt(email, network()));
    const change = (device?: string) =>
      problemOf(
        accounts.changePassword(
          caller.userId,
          { current: password, password: 'another horse' },
          { client: network(), device },
        ),
      );
    expect(await change()).toBe('too-many-sign-ins');
    expect(await change(session.deviceToken)).toBe('none');
  });
});

describe('a new password', () => {
  it('lets everybody in who was kept out', async () => {
    const { email } = await registered();
    const clients = Array.from({ length: 12 }, network);
    for (const client of clients) await each(5, () => attempt(email, client));
    await accounts.forgotPassword(email);
    await accounts.resetPassword(await mailedToken(database, 'reset-password', email), 'another horse');
    expect(await attempt(email, clients[0] ?? '', { guess: 'another horse' })).toBe('none');
  });

  it.each([
    'password',
    'Password',
    '12345678',
    ' password ',
    '        ',
    'йцукенгш',
    'ЙЦУКЕНГШ',
    'ｐａｓｓｗｏｒｄ',
    'iloveyou',
  ])('is not "%s", which is tried first', async (common) => {
    const { email, caller } = await registered();
    expect(
      await problemOf(
        accounts.register({ email: unknown(), password: common, organization: 'Notary', language: 'ru' }),
      ),
    ).toBe('common-password');
    const change = accounts.changePassword(caller.userId, { current: password, password: common });
    expect(await problemOf(change)).toBe('common-password');
    await accounts.forgotPassword(email);
    const token = await mailedToken(database, 'reset-password', email);
    expect(await problemOf(accounts.resetPassword(token, common))).toBe('common-password');
    // The link is not used up by it.
    expect(await problemOf(accounts.resetPassword(token, 'another horse'))).toBe('none');
  });
});
