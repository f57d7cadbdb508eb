import { z } from '@hono/zod-openapi';
import { eq } from 'drizzle-orm';
import type { Context } from 'hono';
import type { Database } from '../../db/client.ts';
import { users } from '../../db/schema/people/users.ts';
import { assertAdministrator } from '../../modules/people/administration/administrators-only.ts';
import { freshSignInNeeded } from '../../modules/people/problems.ts';
import { recordAct } from '../../modules/people/record-act.ts';
import { type Idempotency, idempotentRequest } from '../../platform/capabilities/idempotency/index.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import {
  changeRefused,
  idempotencyConflict,
  idempotencyMismatch,
  invalidRequest,
  notFound,
  unauthenticated,
  wrongHost,
} from '../../platform/kernel/problems.ts';
import { bodyProblems } from '../../platform/runtime/http/operation.ts';
import type { RouterEnv } from '../../platform/runtime/http/router-env.ts';
import type { Supervisor } from './supervisor.ts';

export interface ConsoleDeps {
  database: Database;
  idempotency: Idempotency;
  supervisor: Supervisor;
}

/** Every change says which request it is, so that a lost answer is asked for again and nothing is done twice. */
export const requiredKey = z.object({ 'idempotency-key': z.string().min(1).max(200) });

export const readProblems = [invalidRequest, unauthenticated, notFound, wrongHost];
export const changeProblems = [
  ...bodyProblems,
  ...[unauthenticated, freshSignInNeeded, notFound, changeRefused, idempotencyConflict, idempotencyMismatch, wrongHost],
];

interface Asked {
  /** Verb and noun, of the audit log. */
  action: string;
  /** What it is done to: a unit, a queue, a rule. */
  target: string | null;
  details: Record<string, unknown>;
  /** All that was asked for, where `details` are only a part of it: a key of another request is refused. */
  whole?: unknown;
}

/**
 * Does what an operator asked for, once for its key. It stands in the audit log of the operator's organization before it is begun, and
 * once more with the reason when it was refused. @throws Problem what the work throws
 */
export async function perform<T>(
  c: Context<RouterEnv>,
  { database, idempotency }: Pick<ConsoleDeps, 'database' | 'idempotency'>,
  { action, target, details, whole = details }: Asked,
  work: () => Promise<T>,
): Promise<T> {
  const { organizationId, userId: actorId } = c.var.caller;
  const note = (more: object) =>
    database.transaction((tx) =>
      recordAct(tx, { organizationId, actorId, action, target, details: { ...details, ...more } }),
    );
  const request = idempotentRequest(c.req.header('idempotency-key'), action, target, whole);
  return idempotency.once<T>(c.var.caller, request, async (keep) => {
    await note({});
    try {
      // Waiting for the key took time, in which the rights may have gone.
      await assertAdministrator(database, c);
      const done = await work();
      await database.transaction((tx) => keep(tx, done));
      return done;
    } catch (error) {
      if (error instanceof Problem) await note({ refused: error.parameters.reason ?? error.type });
      throw error;
    }
  });
}

/** The address of who asks, as histories name them. */
export async function emailOf(database: Database, userId: string): Promise<string> {
  const [row] = await database.transaction((tx) =>
    tx.select({ email: users.email }).from(users).where(eq(users.id, userId)),
  );
  return row?.email ?? 'operator';
}
