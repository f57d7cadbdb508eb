import { bots } from '../../modules/bots/records/provide-bots.ts';
import { receiver } from '../../modules/bots/updates/provide-receiver.ts';
import { tokens } from '../../modules/people/identity/provide-tokens.ts';
import type { Provided } from '../../platform/runtime/boot.ts';
import { authenticate } from '../../platform/runtime/http/authenticate.ts';
import { limitCaller } from '../../platform/runtime/http/limit-caller.ts';
import { limitRefused } from '../../platform/runtime/http/limit-refused.ts';
import { createRouter, keepOutOfCaches } from '../../platform/runtime/http/router.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { idempotency } from '../../platform/runtime/providers/idempotency.ts';
import { refusedCredentials } from '../../platform/runtime/providers/refused-credentials.ts';
import { createBot } from './routes/create-bot.ts';
import { grantUnits } from './routes/grant-units.ts';
import { listBotUsers } from './routes/list-bot-users.ts';
import { makeCode } from './routes/make-link-code.ts';
import { manageBots } from './routes/manage-bots.ts';
import { receiveUpdate } from './routes/receive-update.ts';

export const provide = { receiver, bots, tokens, database, idempotency, refusedCredentials };

export function createApp(deps: Provided<typeof provide>) {
  const router = createRouter();
  router.use(keepOutOfCaches('private, no-store'));
  // Telegram says by a secret of the bot who it is.
  receiveUpdate(router, deps);
  router.use(limitRefused(authenticate(deps.tokens), deps.refusedCredentials));
  router.use(limitCaller);
  createBot(router, deps);
  manageBots(router, deps);
  listBotUsers(router, deps);
  grantUnits(router, deps);
  makeCode(router, deps);
  return router;
}
