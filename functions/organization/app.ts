import type { Provided } from '../../platform/runtime/boot.ts';
import { createProtectedRouter } from '../../platform/runtime/http/router.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { tokens } from '../../platform/runtime/providers/tokens.ts';
import { getOrganization } from './routes/get-organization.ts';
import { listMembers } from './routes/list-members.ts';
import { renameOrganization } from './routes/rename-organization.ts';

export const provide = { tokens, database };

export function createApp(deps: Provided<typeof provide>) {
  const router = createProtectedRouter(deps.tokens);
  getOrganization(router, deps);
  renameOrganization(router, deps);
  listMembers(router, deps);
  return router;
}
