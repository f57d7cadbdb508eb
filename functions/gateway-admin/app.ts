import { webhookSeal } from '../../modules/models/callbacks/provide-callbacks.ts';
import { providerKeys } from '../../modules/models/configuration/provide-provider-keys.ts';
import { tokens } from '../../modules/people/identity/provide-tokens.ts';
import type { Provided } from '../../platform/runtime/boot.ts';
import { createProtectedRouter } from '../../platform/runtime/http/router.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { getBudget } from './routes/get-budget.ts';
import { listBudgets } from './routes/list-budgets.ts';
import { listCalls } from './routes/list-calls.ts';
import { listPromptLogs } from './routes/list-prompt-logs.ts';
import { listProviderKeys } from './routes/list-provider-keys.ts';
import { promptLog } from './routes/prompt-log.ts';
import { putBudget } from './routes/put-budget.ts';
import { removeBudget } from './routes/remove-budget.ts';
import { removeProviderKey } from './routes/remove-provider-key.ts';
import { setProviderKey } from './routes/set-provider-key.ts';
import { webhookSecret } from './routes/webhook-secret.ts';

export const provide = { tokens, database, providerKeys, seal: webhookSeal };

/** How an organization's calls of models are made, and what they may cost. For people: API keys open nothing here. */
export function createApp(deps: Provided<typeof provide>) {
  const router = createProtectedRouter(deps.tokens);
  listProviderKeys(router, deps);
  setProviderKey(router, deps);
  removeProviderKey(router, deps);
  listBudgets(router, deps);
  getBudget(router, deps);
  putBudget(router, deps);
  removeBudget(router, deps);
  webhookSecret(router, deps);
  listCalls(router, deps);
  promptLog(router, deps);
  listPromptLogs(router, deps);
  return router;
}
