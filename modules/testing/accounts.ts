import { inject } from 'vitest';
import { createNotifications } from '../../platform/capabilities/outbox/index.ts';
import { createQueue } from '../../platform/capabilities/queue/index.ts';
import { readPrivateKey, readPublicKey } from '../../platform/capabilities/signing-keys/key-pair.ts';
import type { Caller } from '../../platform/runtime/http/caller.ts';
import type { TestDatabase } from '../../platform/testing/database.ts';
import { type Accounts, createAccounts, type Session } from '../people/accounts/index.ts';
import { createTokenIssuer, createTokenVerifier } from '../people/identity/index.ts';

export interface TestAccount {
  email: string;
  password: string;
  session: Session;
  caller: Caller;
}

export interface TestAccounts {
  accounts: Accounts;
  /** Who an access token was issued to, revoked or not. */
  callerOf(session: Session): Promise<Caller>;
  /** Registers somebody with an organization of their own. */
  registered(account?: { organization?: string; password?: string }): Promise<TestAccount>;
  close(): Promise<void>;
}

/** Accounts as the function that signs people in has them. */
export async function testAccounts(database: TestDatabase): Promise<TestAccounts> {
  const { keys } = inject('services');
  const publicKey = await readPublicKey(keys.publicPath);
  const tokens = await createTokenIssuer(await readPrivateKey(keys.privatePath), publicKey, 60);
  const verifier = createTokenVerifier(publicKey);
  const queue = createQueue(database.url('identity'));
  const notifications = createNotifications(queue);
  const accounts = createAccounts({ database: database.identity, tokens, notifications, refreshDays: 7 });
  const callerOf = ({ accessToken }: Session) => verifier.verify(accessToken);
  return {
    accounts,
    callerOf,
    async registered({ organization = 'Notary', password = 'correct horse' } = {}) {
      const email = `${crypto.randomUUID()}@example.org`;
      const session = await accounts.register({ email, password, organization, language: 'ru' });
      return { email, password, session, caller: await callerOf(session) };
    },
    close: () => queue.close(),
  };
}

/** The token of the last e-mail of a kind to an address, which only its reader knows. */
export async function mailedToken({ owner: sql }: Pick<TestDatabase, 'owner'>, kind: string, email: string) {
  const [row] = await sql<{ token: string }[]>`
    select parameters ->> 'token' as token from notifications
    where kind = ${kind} and lower(email) = lower(${email}) order by created_at desc limit 1`;
  if (!row) throw new Error(`Read e-mail "${kind}": none to "${email}"`);
  return row.token;
}

/** What a refused operation is refused with; `none` when it is not. */
export const problemOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'none',
    (error: { type?: string }) => error.type ?? error,
  );
