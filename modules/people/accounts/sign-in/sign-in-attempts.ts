import { eq, inArray, lt, or, sql } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import { signInFailures } from '../../../../db/schema/people/sign-in-failures.ts';
import { Problem } from '../../../../platform/kernel/problem.ts';
import { digest } from '../../identity/index.ts';
import { tooManySignIns } from '../../problems.ts';
import { CLIENT_FORGETS_SECONDS, freeAttempts, waitAfter } from './sign-in-wait.ts';

/*
 * Wrong passwords are counted whether an account has the address or not, so that the wait tells nothing: for an address
 * from one client, for the address from all clients, and for a client whatever the address. So one client cannot lock
 * anybody out, many clients cannot guess one password for long, and one client cannot try a password on many accounts. A
 * known device has a count of its own instead, which others cannot spend.
 *
 * An attempt counts as a failure before its password is looked at and is taken back when it was right: guesses sent at
 * once are as many as guesses sent one after the other.
 */

const DAY_MS = 24 * 3600 * 1000;

/** The client of a request that no proxy passed on. */
export const DIRECT = 'local';

/** Where an attempt comes from. */
export interface SignInOrigin {
  /** What requests of one client are counted under: an address or a network. */
  client: string;
  /** The token that this device got at its last sign-in. */
  device?: string | undefined;
}

interface Count {
  key: string;
  kind: keyof typeof freeAttempts;
  accountHash: string | null;
}

/** An attempt that was counted, to be taken back when its password was right. */
export interface Attempt {
  counts: readonly Count[];
  /** Until when this attempt made its client wait. */
  clientLockedUntil: Date | null;
}

const accountHashOf = (email: string) => digest(email.toLowerCase());

/** In the order of their keys, in which all transactions lock them. */
function countsOf(email: string, client: string, device: string | undefined): Count[] {
  const accountHash = accountHashOf(email);
  if (device !== undefined) return [{ key: device, kind: 'pair', accountHash }];
  const counts: Count[] = [
    { key: accountHash, kind: 'account', accountHash },
    { key: digest(`${accountHash} ${client}`), kind: 'pair', accountHash },
  ];
  // What no proxy passed on comes from the host itself.
  if (client !== DIRECT) counts.push({ key: digest(`client ${client}`), kind: 'client', accountHash: null });
  return counts.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

/**
 * Must be committed before the password is looked at.
 * @param device what a known device is counted under
 * @throws Problem too-many-sign-ins
 */
export async function countAttempt(
  tx: Transaction,
  email: string,
  { client, device }: { client: string; device?: string | undefined },
  now = new Date(),
): Promise<Attempt> {
  const counts = countsOf(email, client, device);
  await tx
    .insert(signInFailures)
    .values(counts.map(({ key, accountHash }) => ({ key, accountHash, failures: 0, lastAt: now })))
    .onConflictDoNothing();
  const keys = counts.map(({ key }) => key);
  const rows = await tx
    .select()
    .from(signInFailures)
    .where(inArray(signInFailures.key, keys))
    .orderBy(sql`${signInFailures.key} collate "C"`)
    .for('update');
  if (rows.length < counts.length) throw tooMany(1); // swept away this moment
  const left = Math.max(...rows.map(({ lockedUntil }) => (lockedUntil?.getTime() ?? 0) - now.getTime()));
  if (left > 0) throw tooMany(Math.ceil(left / 1000));
  let clientLockedUntil: Date | null = null;
  for (const { key, kind } of counts) {
    const row = rows.find((candidate) => candidate.key === key) as (typeof rows)[number];
    const forgotten = kind === 'client' ? forgottenSince(row, now) : 0;
    const failures = row.failures - forgotten + 1;
    const wait = waitAfter(failures, freeAttempts[kind]);
    const lockedUntil = wait > 0 ? new Date(now.getTime() + wait * 1000) : null;
    // A client's count begins to forget where it stopped, or with its first failure.
    const lastAt =
      kind === 'client' && failures > 1
        ? new Date(row.lastAt.getTime() + forgotten * CLIENT_FORGETS_SECONDS * 1000)
        : now;
    if (kind === 'client') clientLockedUntil = lockedUntil;
    await tx.update(signInFailures).set({ failures, lockedUntil, lastAt }).where(eq(signInFailures.key, key));
  }
  return { counts, clientLockedUntil };
}

const forgottenSince = ({ failures, lastAt }: { failures: number; lastAt: Date }, now: Date): number =>
  Math.min(failures, Math.max(0, Math.floor((now.getTime() - lastAt.getTime()) / 1000 / CLIENT_FORGETS_SECONDS)));

const tooMany = (seconds: number) =>
  new Problem(tooManySignIns, { parameters: { seconds }, headers: { 'retry-after': String(seconds) } });

/** Writes an attempt down once more, which changes nothing. */
export async function touchAttempt(tx: Transaction, { counts: [count] }: Attempt): Promise<void> {
  if (count)
    await tx
      .update(signInFailures)
      .set({ failures: sql`${signInFailures.failures}` })
      .where(eq(signInFailures.key, count.key));
}

/**
 * The person showed who they are: their counts begin from nothing, those of other clients excepted. Of the client's count
 * only this attempt goes, so that an account of one's own is no way to try more passwords on others.
 */
export async function takeBackAttempt(tx: Transaction, { counts, clientLockedUntil }: Attempt): Promise<void> {
  for (const { key, kind } of counts) {
    if (kind !== 'client') await tx.delete(signInFailures).where(eq(signInFailures.key, key));
    else {
      await tx
        .update(signInFailures)
        .set({
          failures: sql`greatest(${signInFailures.failures} - 1, 0)`,
          lockedUntil: sql`case when ${signInFailures.lockedUntil} = ${clientLockedUntil?.toISOString() ?? null}::timestamptz then null else ${signInFailures.lockedUntil} end`,
        })
        .where(eq(signInFailures.key, key));
    }
  }
}

/** Forgets all that was tried for an address, from wherever: its password is another one now. */
export async function forgetAttempts(tx: Transaction, email: string): Promise<void> {
  const accountHash = accountHashOf(email);
  await tx
    .delete(signInFailures)
    .where(or(eq(signInFailures.key, accountHash), eq(signInFailures.accountHash, accountHash)));
}

/** Removes what was last tried a day ago. @returns how many rows went */
export async function forgetOldAttempts(tx: Transaction, now: Date): Promise<number> {
  const gone = await tx
    .delete(signInFailures)
    .where(lt(signInFailures.lastAt, new Date(now.getTime() - DAY_MS)))
    .returning();
  return gone.length;
}
