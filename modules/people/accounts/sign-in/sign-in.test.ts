import { afterAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../../../platform/kernel/problem.ts';
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
const guess = (email: string) => problemOf(accounts.signIn(email, 'wrong horse'));
const guesses = async (email: string, count: number) => {
  const outcomes = [];
  for (let times = 0; times < count; times++) outcomes.push(await guess(email));
  return outcomes;
};
const wrong = (count: number) => Array.from({ length: count }, () => 'invalid-credentials');
/** As if so much time had passed. */
const wait = (seconds: number) => database.owner`
  update sign_in_failures set locked_until = locked_until - make_interval(secs => ${seconds})`;

describe('wrong passwords', () => {
  it('make an address wait after five in a row, whether an account has it or not', async () => {
    for (const email of [(await registered()).email, unknown()]) {
      expect(await guesses(email, 6)).toEqual([...wrong(5), 'too-many-sign-ins']);
      const error = (await accounts.signIn(email, password).catch((thrown: unknown) => thrown)) as Problem;
      expect([error.type, error.parameters, error.headers]).toEqual([
        'too-many-sign-ins',
        { seconds: 15 },
        { 'retry-after': '15' },
      ]);
    }
  });

  it('make it wait longer with each further one, in any spelling of the address', async () => {
    const email = unknown();
    await guesses(email, 5);
    await wait(15);
    expect(await guess(email.toUpperCase())).toBe('invalid-credentials');
    const error = (await accounts.signIn(email, password).catch((thrown: unknown) => thrown)) as Problem;
    expect(error.parameters.seconds).toBe(30);
  });

  it('are as many when they are tried at once', async () => {
    const email = unknown();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => guess(email)));
    expect(outcomes.filter((outcome) => outcome === 'invalid-credentials')).toHaveLength(5);
  });

  it('are forgotten with the right one', async () => {
    const { email } = await registered();
    await guesses(email, 4);
    expect(await problemOf(accounts.signIn(email, password))).toBe('none');
    expect(await guesses(email, 5)).toEqual(wrong(5));
  });

  it('do not keep out who chose a new one by e-mail', async () => {
    const { email } = await registered();
    await guesses(email, 6);
    await accounts.forgotPassword(email);
    await accounts.resetPassword(await mailedToken(database, 'reset-password', email), 'another horse');
    expect(await problemOf(accounts.signIn(email, 'another horse'))).toBe('none');
  });

  it('are kept without the address', async () => {
    const email = unknown();
    await guess(email);
    const rows = await database.owner`select * from sign_in_failures`;
    expect(JSON.stringify([...rows])).not.toContain(email);
  });
});
