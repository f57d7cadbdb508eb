import { sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { allUnits } from '../../../db/units.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { invalidRequest } from '../../../platform/kernel/problems.ts';

export interface WalletSettings {
  organizationId: string;
  kind: 'bot-user';
  /** Names it among those of its kind: the id of the user. */
  reference: string;
  /** IANA name; days begin at midnight there. */
  timeZone: string;
  /** Units a day that cost nothing. What bots sell and is not named here has to be bought. */
  free: Readonly<Record<string, number | undefined>>;
}

/**
 * The wallet of a bot's user, made when there is none; limits of one that exists become these. It moves to another time zone once in 24
 * hours at most, and keeps its own until then. In a transaction of the organization.
 * @returns its id
 * @throws Problem invalid-request for a time zone that does not exist
 */
export async function openWallet(tx: Transaction, settings: WalletSettings): Promise<string> {
  const { organizationId, kind, reference, timeZone, free } = settings;
  requireTimeZone(timeZone);
  const sold = allUnits().flatMap(([unit, { botPacks }]) => (botPacks ? [[unit, 0] as const] : []));
  const given = Object.entries(free).filter((entry): entry is [string, number] => entry[1] !== undefined);
  const limits = JSON.stringify(Object.fromEntries([...sold, ...given]));
  const [row] = await tx.execute<{ id: string }>(
    sql`select open_wallet(${organizationId}, ${kind}, ${reference}, ${timeZone}, ${limits}::jsonb) as id`,
  );
  return row?.id as string;
}

/**
 * Offsets and abbreviations such as `+03:00` are refused, since the database reads their signs the other way round.
 * @throws Problem invalid-request
 */
export function requireTimeZone(timeZone: string): void {
  try {
    if (!/^[A-Za-z][\w+-]*(\/[\w+-]+)*$/.test(timeZone)) throw new RangeError('Not a name');
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw new Problem(invalidRequest, { errors: [{ path: 'body.timeZone', message: 'not an IANA time zone' }] });
  }
}
