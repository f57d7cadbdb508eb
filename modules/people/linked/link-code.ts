import { and, eq, lt } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { linkCodes } from '../../../db/schema/people/link-codes.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { digest, newSecret } from '../identity/index.ts';

const LIFE_MINUTES = 10;

export interface LinkCode {
  /** 43 of `A-Za-z0-9_-`. */
  code: string;
  expiresAt: Date;
}

/** A code that links the caller's account to whom sends it to the bot; one made earlier for that bot works no more. */
export async function makeLinkCode(
  tx: Transaction,
  { organizationId, userId }: Caller,
  botId: string,
): Promise<LinkCode> {
  await tx.delete(linkCodes).where(and(eq(linkCodes.userId, userId), eq(linkCodes.botId, botId)));
  const code = newSecret();
  const expiresAt = new Date(Date.now() + LIFE_MINUTES * 60_000);
  await tx.insert(linkCodes).values({ codeHash: digest(code), organizationId, userId, botId, expiresAt });
  return { code, expiresAt };
}

/** Uses up a code. @returns whose account it links; undefined when it is unknown, of another bot, used or expired */
export async function useLinkCode(tx: Transaction, code: string, botId: string): Promise<string | undefined> {
  const [used] = await tx
    .delete(linkCodes)
    .where(and(eq(linkCodes.codeHash, digest(code)), eq(linkCodes.botId, botId)))
    .returning();
  return used && used.expiresAt > new Date() ? used.userId : undefined;
}

/** Removes codes that have expired. @returns how many rows went */
export async function forgetLinkCodes(tx: Transaction, now: Date): Promise<number> {
  const gone = await tx.delete(linkCodes).where(lt(linkCodes.expiresAt, now)).returning({ hash: linkCodes.codeHash });
  return gone.length;
}
