import type { Context, MiddlewareHandler } from 'hono';
import { createLocalBucket, type LocalBucket } from '../../../platform/capabilities/rates/index.ts';
import { clientKey } from '../../../platform/kernel/client-address.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { invalidRequest, rateLimited } from '../../../platform/kernel/problems.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import type { RouterEnv } from '../../../platform/runtime/http/router-env.ts';
import { webSocket } from '../../../platform/runtime/http/web-socket.ts';
import { createDesk, type DeskDeps } from '../socket/create-desk.ts';
import { PROTOCOL, type SocketLimits, socketLimits } from '../socket/limits.ts';
import type { Peer } from '../socket/outbox.ts';
import { createSeats } from '../socket/seats.ts';
import { Session } from '../socket/session.ts';

/** Sockets of one address that have not said yet who they are: at once, and a second. */
const STRANGERS = 200;
const STRANGERS_PER_SECOND = 20;

/** The WebSocket of `docs/images.md`, which an OpenAPI description has no words for. */
export function openSocket(router: Router, deps: DeskDeps, limits: SocketLimits = socketLimits): void {
  const seats = createSeats(limits.socketsOfPerson);
  const strangers = createLocalBucket(STRANGERS_PER_SECOND, STRANGERS);
  const upgrade = webSocket((c) => {
    const { language, requestId, log } = c.var;
    const onAdmitted = once(() => strangers.putBack(clientKey(c.var.address)));
    const desk = createDesk(deps, { seats, language, onAdmitted });
    let session: Session | undefined;
    return {
      onOpen(_, socket) {
        const raw = socket.raw as RawSocket;
        const opened = new Session(peerOf(raw), { desk, language, requestId, log, limits });
        raw.on('pong', () => opened.alive());
        session = opened;
      },
      onMessage({ data }) {
        if (typeof data === 'string') session?.receive(data);
        else session?.receiveBytes();
      },
      onClose: () => session?.end(),
    };
  });
  router.get('/api/images/socket', requireProtocol, limitStrangers(strangers), upgrade);
}

/** The server takes the first protocol that is offered. @throws Problem invalid-request */
const requireProtocol: MiddlewareHandler<RouterEnv> = async (c, next) => {
  const isUpgrade = c.req.header('upgrade')?.toLowerCase() === 'websocket';
  const [offered] = (c.req.header('sec-websocket-protocol') ?? '').split(',');
  if (!isUpgrade || offered?.trim() !== PROTOCOL) {
    const message = `must ask for a WebSocket with the protocol "${PROTOCOL}"`;
    throw new Problem(invalidRequest, { errors: [{ path: 'header.sec-websocket-protocol', message }] });
  }
  await next();
};

/** @throws Problem rate-limited */
const limitStrangers =
  (strangers: LocalBucket): MiddlewareHandler<RouterEnv> =>
  async (c: Context<RouterEnv>, next) => {
    const { allowed, resetAt } = strangers.take(clientKey(c.var.address));
    if (!allowed) {
      const seconds = Math.max(1, Math.ceil((resetAt - Date.now()) / 1000));
      throw new Problem(rateLimited, {
        parameters: { seconds, policy: 'auth', resetAt: new Date(resetAt).toISOString() },
        headers: { 'retry-after': String(seconds) },
      });
    }
    await next();
  };

/** The part of the library's socket that is used here. */
interface RawSocket {
  send(text: string, done: (error?: Error) => void): void;
  ping(): void;
  close(code: number, reason: string): void;
  terminate(): void;
  on(event: 'pong', listener: () => void): void;
}

const peerOf = (raw: RawSocket): Peer => ({
  // What cannot be sent was for a reader that has left, and its end is heard.
  send: (text) => new Promise((sent) => raw.send(text, () => sent())),
  ping: () => raw.ping(),
  close: (code, reason) => raw.close(code, reason),
  cut: () => raw.terminate(),
});

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}
