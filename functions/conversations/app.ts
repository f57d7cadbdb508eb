import { writeConversation } from '../../modules/legal/writing/conversation/write-conversation.ts';
import { tokens } from '../../modules/people/identity/provide-tokens.ts';
import type { Provided } from '../../platform/runtime/boot.ts';
import { createProtectedRouter } from '../../platform/runtime/http/router.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { deleteConversation } from './routes/delete-conversation.ts';
import { exportConversation } from './routes/export-conversation.ts';
import { getConversation } from './routes/get-conversation.ts';
import { listConversations } from './routes/list-conversations.ts';
import { listMessages } from './routes/list-messages.ts';
import { renameConversation } from './routes/rename-conversation.ts';
import { shareConversation } from './routes/share-conversation.ts';

export const provide = { tokens, database, writeConversation };

/** What a person asked before. Conversations belong to one person; colleagues see those that are shared. */
export function createApp(deps: Provided<typeof provide>) {
  const router = createProtectedRouter(deps.tokens, { scope: 'conversations' });
  listConversations(router, deps);
  getConversation(router, deps);
  listMessages(router, deps);
  exportConversation(router, deps);
  renameConversation(router, deps);
  shareConversation(router, deps);
  deleteConversation(router, deps);
  return router;
}
