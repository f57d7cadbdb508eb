import { receiver } from '../../modules/bots/updates/provide-receiver.ts';
import type { Provided } from '../../platform/runtime/boot.ts';
import { createRouter, keepOutOfCaches } from '../../platform/runtime/http/router.ts';
import { receiveUpdate } from './routes/receive-update.ts';

export const provide = { receiver };

export function createApp(deps: Provided<typeof provide>) {
  const router = createRouter();
  router.use(keepOutOfCaches('private, no-store'));
  // Telegram says by a secret of the bot who it is.
  receiveUpdate(router, deps);
  return router;
}
