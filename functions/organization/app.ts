import { tokens } from '../../modules/people/identity/provide-tokens.ts';
import type { Provided } from '../../platform/runtime/boot.ts';
import { createProtectedRouter } from '../../platform/runtime/http/router.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { idempotency } from '../../platform/runtime/providers/idempotency.ts';
import { notifications } from '../../platform/runtime/providers/notifications.ts';
import { queue } from '../../platform/runtime/providers/queue.ts';
import { storage } from '../../platform/runtime/providers/storage.ts';
import { changeOwnIdentity } from './routes/change-identity.ts';
import { changeKey } from './routes/change-key.ts';
import { changeRole } from './routes/change-role.ts';
import { createKey } from './routes/create-key.ts';
import { eraseOrganization } from './routes/erase-organization.ts';
import { exportActs } from './routes/export-acts.ts';
import { exportOrganization } from './routes/export-organization.ts';
import { getOrganization } from './routes/get-organization.ts';
import { inviteMember } from './routes/invite-member.ts';
import { listActs } from './routes/list-acts.ts';
import { listIdentities } from './routes/list-identities.ts';
import { listInvitations } from './routes/list-invitations.ts';
import { listKeys } from './routes/list-keys.ts';
import { listMembers } from './routes/list-members.ts';
import { removeMember } from './routes/remove-member.ts';
import { renameOrganization } from './routes/rename-organization.ts';
import { revokeKey } from './routes/revoke-key.ts';
import { rotateKey } from './routes/rotate-key.ts';
import { unlinkOwnIdentity } from './routes/unlink-identity.ts';
import { withdrawInvitation } from './routes/withdraw-invitation.ts';

export const provide = { tokens, database, idempotency, notifications, queue, storage };

/** An organization, who belongs to it, and what may act for them. For people: API keys open nothing here. */
export function createApp(deps: Provided<typeof provide>) {
  const router = createProtectedRouter(deps.tokens);
  getOrganization(router, deps);
  renameOrganization(router, deps);
  exportOrganization(router, deps);
  eraseOrganization(router, deps);
  listMembers(router, deps);
  changeRole(router, deps);
  removeMember(router, deps);
  inviteMember(router, deps);
  listInvitations(router, deps);
  withdrawInvitation(router, deps);
  listIdentities(router, deps);
  changeOwnIdentity(router, deps);
  unlinkOwnIdentity(router, deps);
  listActs(router, deps);
  exportActs(router, deps);
  createKey(router, deps);
  listKeys(router, deps);
  changeKey(router, deps);
  rotateKey(router, deps);
  revokeKey(router, deps);
  return router;
}
