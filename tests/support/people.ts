import { type Account, type Session, send } from './http/client.ts';
import { mailedToken } from './mailbox.ts';
import { pandect } from './platform.ts';
import type { SharedPlatform } from './shared-platform.ts';

/** Somebody of an organization, by what they send along. */
export interface Someone {
  email: string;
  userId: string;
  token: string;
}

const claim = (token: string, name: string): string =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())[name];

export const someone = ({ email, session }: Pick<Account, 'email' | 'session'>): Someone => ({
  email,
  userId: claim(session.accessToken, 'sub'),
  token: session.accessToken,
});

export const organizationOf = ({ token }: Someone): string => claim(token, 'org');

const confirmations = new WeakMap<Account, Promise<void>>();

/** Confirms an account's address, which invitations and keys need, and signs it in again: the session from before ends. */
export function confirmAddress(platform: SharedPlatform, account: Account): Promise<void> {
  const known = confirmations.get(account);
  if (known) return known;
  const confirmed = confirm(platform, account);
  confirmations.set(account, confirmed);
  return confirmed;
}

async function confirm(platform: SharedPlatform, account: Account): Promise<void> {
  const { email } = account;
  const json = { token: await mailedToken(platform, email, 'confirm-email') };
  const confirmed = await send(platform.url, 'POST /api/auth/confirm-email', { json });
  if (confirmed.status !== 200) throw new Error(`Confirm address: ${confirmed.status} ${await confirmed.text()}`);
  await signInAgain(platform, account);
}

async function signInAgain(platform: SharedPlatform, { email, password, session }: Account): Promise<void> {
  const signedIn = await send(platform.url, 'POST /api/auth/login', { json: { email, password } });
  if (signedIn.status !== 200) throw new Error(`Sign in: ${signedIn.status} ${await signedIn.text()}`);
  Object.assign(session, await signedIn.json());
}

/** Gives an account the platform's administration, and signs it in with it. */
export async function makeAdministrator(platform: SharedPlatform, account: Account): Promise<void> {
  await confirmAddress(platform, account);
  const { status, stderr } = await pandect(platform, 'admin', 'create', account.email, '--yes');
  if (status !== 0) throw new Error(`Make administrator: ${stderr}`);
  await signInAgain(platform, account);
}

/** Invites somebody, who accepts with the password that comes back. */
export async function addPerson(
  platform: SharedPlatform,
  owner: Account,
  role: string,
): Promise<Someone & { password: string }> {
  const email = `${role}-${crypto.randomUUID()}@example.org`;
  await confirmAddress(platform, owner);
  await owner.get('POST /api/organization/invitations', { json: { email, role, language: 'en' } });
  const token = await mailedToken(platform, email, 'invitation');
  const password = `password ${crypto.randomUUID()}`;
  const accepted = await send(platform.url, 'POST /api/auth/accept-invitation', { json: { token, email, password } });
  if (accepted.status !== 201) throw new Error(`Accept invitation: ${accepted.status} ${await accepted.text()}`);
  return { ...someone({ email, session: (await accepted.json()) as Session }), password };
}
