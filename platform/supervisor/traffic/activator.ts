import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Log } from '../../kernel/log.ts';
import { giveTo } from '../../services/service-user.ts';
import { forward, type Visit } from './forward.ts';
import { type RefusalName, refuse } from './refusal.ts';

export interface ActivatorLimits {
  /** Requests that wait at the same time. */
  held: number;
  /** Memory that those may take, see `weigh`. */
  bytes: number;
  /** How long one of them waits. */
  seconds: number;
}

export const activatorLimits: ActivatorLimits = { held: 100, bytes: 8 * 1024 ** 2, seconds: 15 };

export interface ActivatorOptions {
  /** Where it listens, `wakePath`; what lies there from earlier is replaced. */
  path: string;
  /** Who may connect beside its owner. */
  user: { uid: number; gid: number } | undefined;
  limits?: Partial<ActivatorLimits>;
  /** Starts an instance, or finds the one that has started meanwhile. Called once for all that wait. */
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

interface Held extends Visit {
  since: number;
  weight: number;
  timer: NodeJS.Timeout;
}

const RETRY_SECONDS: Record<RefusalName, number> = { overloaded: 1, unavailable: 2 };

/**
 * Works on whole requests, not on connections: the answer asks the edge to close the connection, so that its next
 * request is dialled anew and reaches the instance directly.
 */
export function createActivator({ path, user, wake, onForward, log, ...options }: ActivatorOptions): Activator {
  const limits = { ...activatorLimits, ...options.limits };
  const waiting = new Set<Held>();
  const connections = new Set<Socket>();
  let bytes = 0;
  let waking = false;
  let refusing: string | undefined;

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
    // Nobody reads this connection yet, so that it would not be noticed when the client ends it.
    socket.once('end', () => response.headersSent || socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.read(0);
    hold({ request, response, upgrade: { socket, head } });
  });
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });

  const hold = (visit: Visit) => {
    const weight = weigh(visit.request);
    if (refusing !== undefined) return answer(visit, 'unavailable');
    if (waiting.size >= limits.held || bytes + weight > limits.bytes) return answer(visit, 'overloaded');
    const timer = setTimeout(() => {
      log.warn({ seconds: limits.seconds }, 'Hold request: not woken in time');
      if (release(held)) answer(held, 'unavailable');
    }, limits.seconds * 1000);
    const held: Held = { ...visit, weight, timer, since: performance.now() };
    waiting.add(held);
    bytes += weight;
    visit.response.once('close', () => release(held));
    if (!waking) void wakeForAll();
  };

  /** False when it waits no longer. */
  const release = (held: Held): boolean => {
    if (!waiting.delete(held)) return false;
    clearTimeout(held.timer);
    bytes -= held.weight;
    return true;
  };

  const wakeForAll = async () => {
    waking = true;
    try {
      const { socket } = await wake();
      for (const held of waiting) {
        release(held);
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
      waking = false;
    }
  };

  const refuseWaiting = () => {
    for (const held of waiting) {
      release(held);
      answer(held, 'unavailable');
    }
  };

  return {
    async listen() {
      await rm(path, { force: true });
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(path, 1024, resolve);
      });
      await giveTo(user, path);
    },
    held: () => waiting.size,
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

const answer = ({ request, response }: Visit, name: RefusalName) =>
  refuse(request, response, name, RETRY_SECONDS[name]);

/** Node reads one buffer of a connection that nobody takes from when that holds more than the high-water mark. */
const READ_AHEAD = 64 * 1024;

/**
 * What a request takes of our memory while it waits: its headers and the part of its body that is read ahead. The rest
 * stays with the client however large it is, so that a large upload can wait like any other request. (That such a client
 * left is only seen when its body is read on.)
 */
function weigh({ rawHeaders, url = '', headers }: IncomingMessage): number {
  const declared = headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : READ_AHEAD;
  return rawHeaders.reduce((sum, text) => sum + text.length, url.length) + Math.min(declared, READ_AHEAD);
}
