import { upgradeWebSocket } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import type { WSContext, WSEvents } from 'hono/ws';
import type { RouterEnv } from './router-env.ts';

/** "Internal Error" of RFC 6455. */
const INTERNAL_ERROR = 1011;

type Events = WSEvents<unknown>;

/**
 * A route that becomes a WebSocket: `router.get('/api/notes/live', webSocket((c) => ({ onMessage(event, ws) { … } })))`.
 * Handlers may be asynchronous; one that fails is logged and ends its own WebSocket, and nothing else.
 */
export const webSocket = (
  createEvents: (c: Context<RouterEnv>) => Events | Promise<Events>,
): MiddlewareHandler<RouterEnv> =>
  upgradeWebSocket(async (c) => {
    const { onOpen, onMessage, onClose, onError } = await createEvents(c);
    const guard =
      <E extends Event>(handle: ((event: E, ws: WSContext<unknown>) => unknown) | undefined) =>
      async (event: E, ws: WSContext<unknown>) => {
        try {
          await handle?.(event, ws);
        } catch (error) {
          c.var.log.error({ error, on: event.type }, 'WebSocket failed');
          ws.close(INTERNAL_ERROR);
        }
      };
    return { onOpen: guard(onOpen), onMessage: guard(onMessage), onClose: guard(onClose), onError: guard(onError) };
  });
