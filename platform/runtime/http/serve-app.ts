import { type IncomingMessage, type RequestListener, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  createAdaptorServer,
  getRequestListener,
  type HttpBindings,
  type WebSocketServerLike,
} from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Hono } from 'hono';
import type { FunctionManifest } from '../../kernel/manifest.ts';
import type { Sockets } from '../listener.ts';
import type { RouterEnv } from './router-env.ts';

/** "Service Restart" of the registry of WebSocket close codes: the client should connect again. */
const RESTART = 1012;

type App = Pick<Hono<RouterEnv>, 'fetch'>;

/**
 * A composed function as what the listener calls. A handler may write its answer to `c.env.outgoing` itself; the response that it
 * returns then only tells the layers around it how it went.
 */
export const serveApp = (
  app: App,
  manifest: Pick<FunctionManifest, 'body' | 'message'>,
): { handler: RequestListener; sockets: Sockets } => ({
  handler: getRequestListener(async (request, env) => {
    const response = await app.fetch(request, env);
    return env.outgoing.headersSent ? RESPONSE_ALREADY_SENT : response;
  }),
  sockets: serveSockets(app, manifest),
});

/**
 * Gives requests for WebSockets to the app, whose routes take them by `upgradeWebSocket`. All middleware runs before,
 * and the manifest's timeout ends with the handshake.
 *
 * The library costs 13 MB, so it is loaded when the first such request comes.
 */
function serveSockets(app: App, { body, message = body }: Pick<FunctionManifest, 'body' | 'message'>): Sockets {
  const waiting = new WeakMap<IncomingMessage, (status: number) => void>();
  let dismiss = () => {};

  const fetch = async (request: Request, env: HttpBindings): Promise<Response> => {
    const response = await app.fetch(request, env);
    waiting.get(env.incoming)?.(response.status);
    // The library's own refusals have no body; with none it finishes the handshake, if a route asked for that.
    if (response.body !== null) await send(response, env.incoming.socket);
    return response;
  };
  const load = async () => {
    const { WebSocketServer } = await import('ws');
    // The library takes 0 for no limit.
    const server = new WebSocketServer({ noServer: true, maxPayload: Math.max(message, 1) });
    dismiss = () => {
      for (const socket of server.clients) socket.close(RESTART, 'Service restart');
    };
    // It never listens: the listener hands over what it has taken.
    return createAdaptorServer({
      fetch: (request, env) => fetch(request, env as HttpBindings),
      websocket: { server: server as WebSocketServerLike },
    });
  };

  let adaptor: ReturnType<typeof load> | undefined;
  return {
    accept(request, socket, head, answered) {
      waiting.set(request, answered);
      adaptor ??= load();
      adaptor.then(
        (server) => server.emit('upgrade', request, socket, head),
        (error: Error) => socket.destroy(error),
      );
    },
    dismiss: () => dismiss(),
  };
}

/** An answer that is no handshake, to its end, on a connection that no server looks after any more. */
async function send({ status, headers, body }: Response, socket: Duplex): Promise<void> {
  const own = [...headers].filter(([name]) => name !== 'transfer-encoding' && name !== 'connection');
  const lines = [...own, ['connection', 'close']].map((field) => field.join(': '));
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('\r\n')}\r\n\r\n`);
  await pipeline(body ?? [], socket);
  socket.destroy();
}
