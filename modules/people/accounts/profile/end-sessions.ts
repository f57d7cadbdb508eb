import type { Database, Transaction } from '../../../../db/client.ts';
import { Problem } from '../../../../platform/kernel/problem.ts';
import { notFound } from '../../../../platform/kernel/problems.ts';
import type { Caller } from '../../../../platform/runtime/http/caller.ts';
import { revokeTokens } from '../../identity/index.ts';
import { recordAct } from '../../record-act.ts';
import { holdPerson } from '../person.ts';
import { revokeFamilyOf } from '../sign-in/refresh-family.ts';
import { listSessions } from './list-sessions.ts';

/** Ends one session of the caller with its access tokens. @throws Problem not-found when it is not theirs or has ended */
export const endSession = (database: Database, caller: Caller, sessionId: string): Promise<void> =>
  database.transaction(async (tx) => {
    await holdPerson(tx, caller.userId, true);
    if (!(await end(tx, caller, sessionId))) throw new Problem(notFound);
  });

/** Ends all sessions of the caller but the one that asks. @returns how many */
export const endOtherSessions = (database: Database, caller: Caller): Promise<number> =>
  database.transaction(async (tx) => {
    await holdPerson(tx, caller.userId, true);
    const others = (await listSessions(tx, caller)).filter(({ current }) => !current);
    for (const { id } of others) await end(tx, caller, id);
    return others.length;
  });

async function end(tx: Transaction, caller: Caller, sessionId: string): Promise<boolean> {
  if (!(await revokeFamilyOf(tx, caller.userId, sessionId))) return false;
  await revokeTokens(tx, sessionId);
  const { organizationId, userId: actorId } = caller;
  await recordAct(tx, { organizationId, actorId, action: 'end-session', target: sessionId });
  return true;
}
