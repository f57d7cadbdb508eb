import { rm } from 'node:fs/promises';
import { createServer, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Log } from '../../kernel/log.ts';
import { giveTo } from '../../services/service-user.ts';
import { forward, type Visit } from './forward.ts';
import { type RefusalName, refuse } from './refuse-request.ts';
import { type ActivatorLimits, activatorLimits, WaitingRequests } from './waiting-requests.ts';

export interface ActivatorOptions {
  /** Where it listens, `wakePath`; what lies there from earlier is replaced. */
  path: string;
  /** Who may connect, besides its owner. */
  user: { uid: number; gid: number } | undefined;
  limits?: Partial<ActivatorLimits>;
  /** Starts an instance, or finds the one that has started in the meantime. Called once for all that wait. */
  wake(): Promise<{ socket: string }>;
  /** A request was handed over after so many milliseconds. */
  onForward?(queuedMs: number): void;
  log: Log;
}

/** Stands in for a function of which no instance is alive: holds requests, has one started and hands them over. */
export interface Activator {
  listen(): Promise<void>;
  /** Requests that wait. */
  held(): number;
  /** Refuses all requests at once, those that wait too, until it is called with `undefined`. @param reason for the log */
  refuse(reason: string | undefined): void;
  /** Refuses what waits; what was handed over may finish, for so many seconds at most. */
  close(seconds?: number): Promise<void>;
}

const RETRY_SECONDS: Record<RefusalName, number> = { overloaded: 1, unavailable: 2 };

/**
 * Works on whole requests, not on connections: the answer asks the edge to close the connection, so that its next
 * request is dialled again and reaches the instance directly.
 */
export function createActivator({ path, user, wake, onForward, log, ...options }: ActivatorOptions): Activator {
  const limits = { ...activatorLimits, ...options.limits };
  const waiting = new WaitingRequests(limits, (late) => {
    log.warn({ seconds: limits.seconds }, 'Hold request: not woken in time');
    answer(late, 'unavailable');
  });
  let isWaking = false;
  let refusing: string | undefined;

  const hold = (visit: Visit) => {
    if (refusing !== undefined) return answer(visit, 'unavailable');
    if (!waiting.add(visit)) return answer(visit, 'overloaded');
    if (!isWaking) void wakeForAll();
  };

  const wakeForAll = async () => {
    isWaking = true;
    try {
      const { socket } = await wake();
      for (const held of waiting.takeAll()) {
        onForward?.(performance.now() - held.since);
        forward(held, socket, (error) => {
          log.error({ error }, 'Forward held request: the instance broke off');
          answer(held, 'unavailable');
        });
      }
    } catch (error) {
      log.error({ error }, 'Wake function: failed');
      refuseWaiting();
    } finally {
      isWaking = false;
    }
  };

  const refuseWaiting = () => {
    for (const held of waiting.takeAll()) answer(held, 'unavailable');
  };

  const { server, connections } = createHoldingServer(hold);
  return {
    async listen() {
      await rm(path, { force: true });
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(path, 1024, resolve);
      });
      await giveTo(user, path);
    },
    held: () => waiting.count,
    refuse(reason) {
      if (reason !== undefined && reason !== refusing) log.warn({ reason }, 'Refusing requests');
      refusing = reason;
      if (reason !== undefined) refuseWaiting();
    },
    async close(seconds = 30) {
      refusing = 'closing';
      refuseWaiting();
      const late = setTimeout(() => {
        for (const socket of connections) socket.destroy();
      }, seconds * 1000);
      await new Promise<void>((resolve) => server.close(() => resolve()));
      clearTimeout(late);
    },
  };
}

/** A server that gives every request away, upgrades too. @returns with its open connections */
function createHoldingServer(hold: (visit: Visit) => void): { server: Server; connections: ReadonlySet<Socket> } {
  const connections = new Set<Socket>();
  // The edge limits how long a body may take to come; here it must be allowed to wait.
  const server = createServer({ requestTimeout: 0, highWaterMark: 16_384 }, (request, response) =>
    hold({ request, response }),
  );
  // Only the instance can say whether it wants the body.
  server.on('checkContinue', (request, response) => hold({ request, response }));
  server.on('upgrade', (request, socket, head) => {
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket as Socket);
    response.once('finish', () => socket.end());
    // This connection is not read yet, so that it would not be noticed when the client ends it.
    socket.once('end', () => response.headersSent || socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.read(0);
    hold({ request, response, upgrade: { socket, head } });
  });
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  return { server, connections };
}

const answer = ({ request, response }: Visit, name: RefusalName) =>
  refuse(request, response, name, RETRY_SECONDS[name]);
