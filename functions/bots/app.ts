import { receiver } from '../../modules/bots/updates/provide-receiver.ts';
import { tokens } from '../../modules/people/identity/provide-tokens.ts';
import type { Provided } from '../../platform/runtime/boot.ts';
import { createProtectedRouter, createRouter, keepOutOfCaches } from '../../platform/runtime/http/router.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { idempotency } from '../../platform/runtime/providers/idempotency.ts';
import { grantUnits } from './routes/grant-units.ts';
import { receiveUpdate } from './routes/receive-update.ts';

export const provide = { receiver, tokens, database, idempotency };

export function createApp(deps: Provided<typeof provide>) {
  const router = createRouter();
  router.use(keepOutOfCaches('private, no-store'));
  // Telegram says by a secret of the bot who it is.
  receiveUpdate(router, deps);
  const members = createProtectedRouter(deps.tokens);
  grantUnits(members, deps);
  router.route('/', members);
  return router;
}
