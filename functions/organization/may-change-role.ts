import type { UserRole } from '../../db/schema/people/users.ts';
import { outranks } from '../../modules/people/roles.ts';

interface Member {
  id: string;
  role: UserRole;
}

/**
 * Whether `actor` may give `target` a role, or remove them from the organization when `role` is null.
 *
 * Administrators and owners change people who do not stand above them, and give no role above their own. Everybody may
 * leave. An organization keeps at least one owner, no matter who asks.
 * @param owners how many the organization has at this moment
 */
export function mayChangeRole(
  actor: Member,
  target: Member,
  role: UserRole | null,
  owners: number,
): 'yes' | 'not-found' | 'last-owner' {
  const leaves = role === null && actor.id === target.id;
  const manages = !outranks('admin', actor.role) && !outranks(target.role, actor.role);
  const raises = role !== null && outranks(role, actor.role);
  if (raises || !(leaves || manages)) return 'not-found';
  if (target.role === 'owner' && role !== 'owner' && owners <= 1) return 'last-owner';
  return 'yes';
}
