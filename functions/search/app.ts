import { retrieval } from '../../modules/legal/search/provide-retrieval.ts';
import { tokens } from '../../modules/people/identity/provide-tokens.ts';
import type { Provided } from '../../platform/runtime/boot.ts';
import { createProtectedRouter } from '../../platform/runtime/http/router.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { searchPassages } from './routes/search-passages.ts';

export const provide = { tokens, database, retrieval };

export function createApp(deps: Provided<typeof provide>) {
  const router = createProtectedRouter(deps.tokens, { scope: 'search' });
  searchPassages(router, deps);
  return router;
}
