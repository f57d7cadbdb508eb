import type { UserRole } from '../../db/schema/people/users.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import { notFound } from '../../platform/kernel/problems.ts';
import type { Caller } from '../../platform/runtime/http/caller.ts';

const order: UserRole[] = ['viewer', 'member', 'admin', 'owner'];

/** Whether one role stands above another. */
export const outranks = (role: UserRole, other: UserRole): boolean => order.indexOf(role) > order.indexOf(other);

/** An operation that a role does not permit looks as if it did not exist. @throws Problem not-found */
export function requireRole(caller: Caller, least: UserRole): void {
  if (outranks(least, caller.role)) throw new Problem(notFound);
}
