import { createServer, type IncomingMessage, type RequestListener, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FunctionManifest } from '../kernel/manifest.ts';
import { Problem, pickLanguage } from '../kernel/problem.ts';
import { bodyTimeout, overloaded } from '../kernel/problems.ts';
import { type ArrivalOptions, createArrivals, hasBody } from './arriving-body.ts';
import { answerControl, type Control, isControl, WARM_UP } from './control.ts';
import type { Endpoint } from './endpoint.ts';
import { endReplaced } from './http/ending.ts';
import { createReport, type Report, type Work } from './report.ts';
import { requestIdFrom } from './request-id.ts';
import { type WriteProblem, writeDocument } from './write-problem.ts';

/** Who turns connections into WebSockets. */
export interface Sockets {
  /** @param answered is told the status, 200 when the connection became a WebSocket */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, answered: (status: number) => void): void;
  /** Asks the peers of all open WebSockets to connect again. */
  dismiss(): void;
}

export interface ListenerOptions {
  /** Requests, streams and WebSockets in flight before more are refused. A request counts from when its body is there. */
  concurrency: number;
  /** How bodies come; small ones of one client unless told. */
  arrivals?: Omit<ArrivalOptions, 'concurrency'>;
  /** What the process counts; one of requests unless told. */
  report?: Report;
  /** Without it, a request for a WebSocket is a request like any other. */
  sockets?: Sockets;
  /** The function's own form of problems, if it has one. */
  writeProblem?: WriteProblem;
}

export interface Listener {
  /**
   * Answers on, but asks each connection to close after its answer. Event streams and WebSockets are ended after `drain`
   * seconds, so that their clients connect to the next process; requests have `timeout` seconds. Resolves when all
   * connections are gone, or the time for them is over.
   *
   * New connections no longer come: at a socket, since the path that the edge dials already names another instance; at a port, since a
   * process is told to end some seconds after its balancers were told to leave it. The edge lets go of idle connections after a
   * second, so these are left to it: a POST may be on its way on any of them. Balancers keep them for minutes, and are cut off.
   */
  drain(limits: Pick<FunctionManifest, 'timeout' | 'drain'>): Promise<void>;
  /** Cuts what is left. */
  close(): Promise<void>;
}

const DRAIN_POLL_MS = 25;

/** Longer than load balancers keep idle connections. */
const BALANCER_IDLE_MS = 620_000;

/** The edge dials again afterwards, and so finds out about processes that were added, and about another share of a canary. */
const LONGEST_CONNECTION_MS = 1_000;

/** Seconds for the other side to let go of what was ended; the edge keeps idle connections for one. */
const CLOSE_GRACE_SECONDS = 2;

/**
 * Serves one process on its unix socket, or on its ports.
 *
 * Idle connections stay open longer than the edge, or a balancer, keeps them: neither repeats a POST that it sent into a
 * connection which was just being closed. The edge's own limit is 1 s, see platform/edge/routes.ts.
 */
export async function listen(
  endpoint: Endpoint,
  handler: RequestListener,
  control: Control,
  options: ListenerOptions,
): Promise<Listener> {
  const { concurrency, report = createReport(), sockets, writeProblem = writeDocument } = options;
  const arrivals = createArrivals({ ...(options.arrivals ?? { body: 65_536, clientOf: () => '' }), concurrency });
  const eventStreams = new Set<ServerResponse>();
  const upgraded = new Set<Duplex>();
  let draining = false;

  const begunAt = new WeakMap<Socket, number>();
  const isOnSocket = 'socket' in endpoint;
  const isOld = (socket: Socket) =>
    isOnSocket && performance.now() - (begunAt.get(socket) ?? 0) > LONGEST_CONNECTION_MS;
  const answered = controlAt(endpoint, { ...control, state: report.current }, handler);
  const { asksControl, tellControl, openControl, closeControl } = answered;

  const isFull = () => report.inFlight() - arrivals.watched() >= concurrency;

  const answer = answerWith(writeProblem);
  const begin = (request: IncomingMessage, response: WatchedResponse): boolean => {
    if (draining || isOld(request.socket)) closeAfter(request, response);
    if (isFull()) return refuse(request, response, report, answer);
    const work = report.begin();
    response.onHead = (status, isEventStream) => {
      work.answer(outcomeOf(status));
      if (isEventStream) eventStreams.add(response);
    };
    response.once('close', () => {
      eventStreams.delete(response);
      work.end();
    });
    handler(request, response);
    return true;
  };

  const receive = async (request: IncomingMessage, response: WatchedResponse) => {
    const outcome = await arrivals.wait(request);
    if (outcome === 'too-many') refuse(request, response, report, answer);
    else if (outcome === 'late') answer(request, response, new Problem(bodyTimeout));
    else if (outcome !== 'left' && begin(request, response)) arrivals.watch(request, response);
  };

  const server = createServer(
    {
      keepAliveTimeout: isOnSocket ? 75_000 : BALANCER_IDLE_MS,
      ...{ ServerResponse: WatchedResponse, headersTimeout: 80_000 },
      // Bodies have limits of their own, below; Node's would end a large upload after five minutes.
      requestTimeout: 0,
      // What is not upgraded goes the way of all requests, and is refused there when there are too many.
      shouldUpgradeCallback: (request) =>
        sockets !== undefined && isForWebSocket(request) && !asksControl(request.url) && !isFull(),
    },
    (request, response) => {
      if (asksControl(request.url)) tellControl(request, response);
      else if (hasBody(request)) void receive(request, response);
      else begin(request, response);
    },
  );
  server.on('connection', (socket) => begunAt.set(socket, performance.now()));
  server.on('upgrade', (request, socket, head) => {
    const work = report.begin();
    upgraded.add(socket);
    socket.once('close', () => {
      upgraded.delete(socket);
      work.end();
    });
    sockets?.accept(request, socket, head, (status) => work.answer(outcomeOf(status)));
  });
  await bind(server, isOnSocket ? { path: endpoint.socket } : { port: endpoint.port });
  await openControl();
  report.listening();

  return {
    async drain({ timeout, drain }) {
      draining = true;
      const started = performance.now();
      const seconds = () => (performance.now() - started) / 1000;
      const limit = Math.max(timeout, drain) + CLOSE_GRACE_SECONDS;
      do {
        // At least once, for the connections that were made before the switch and are still to be taken.
        await sleep(DRAIN_POLL_MS);
        if (!isOnSocket) server.closeIdleConnections();
        if (seconds() < drain) continue;
        for (const response of eventStreams) endReplaced(response);
        sockets?.dismiss();
      } while (seconds() < limit && (await connections(server)) > 0);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        closeControl();
        // The server knows nothing any more of those that it handed over.
        for (const socket of upgraded) socket.destroy();
      }),
  };
}

/** What the starter of the process asks comes among the requests of its socket, or of its one port, or at a port of its own. */
function controlAt(endpoint: Endpoint, control: Parameters<typeof answerControl>[0], handler: RequestListener) {
  const tellControl: RequestListener = (request, response) => {
    if (request.url === WARM_UP) handler(request, response);
    else void answerControl(control, request.url, response);
  };
  if ('socket' in endpoint || endpoint.control === endpoint.port) {
    return { tellControl, asksControl: isControl, openControl: () => Promise.resolve(), closeControl: () => {} };
  }
  const server = createServer(tellControl);
  return {
    tellControl,
    asksControl: () => false,
    openControl: () => bind(server, { port: endpoint.control }),
    closeControl() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** @throws when another process has the place */
const bind = (server: Server, place: { path: string } | { port: number }) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ ...place, backlog: 1024 }, resolve);
  });

const connections = (server: Server) =>
  new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count ?? 0)));

/**
 * Asks for the connection to be closed after the answer. While a body is still on its way it must stay open: closing it
 * then breaks the edge's writing, and the client would not see the answer.
 */
function closeAfter(request: IncomingMessage, response: ServerResponse): void {
  const close = () => {
    response.shouldKeepAlive = false;
  };
  if (hasBody(request)) request.once('end', close);
  else close();
}

const isForWebSocket = ({ method, headers }: IncomingMessage): boolean =>
  (method === 'GET' || method === 'HEAD') && headers.upgrade?.toLowerCase() === 'websocket';

const outcomeOf = (status: number): Parameters<Work['answer']>[0] => (status >= 500 ? 'failed' : 'ok');

/** Tells when its head is being sent, no matter who writes it. */
class WatchedResponse extends ServerResponse {
  onHead?: (status: number, isEventStream: boolean) => void;

  override writeHead(status: number, ...rest: unknown[]): this {
    this.onHead?.(status, isEventStream(rest.at(-1)));
    return super.writeHead(status, ...(rest as []));
  }
}

const isEventStream = (headers: unknown): boolean => {
  const { 'content-type': type, 'Content-Type': other = type } = Object(headers) as Record<string, unknown>;
  return String(other).startsWith('text/event-stream');
};

type AnswerProblem = (request: IncomingMessage, response: ServerResponse, problem: Problem) => void;

function refuse(request: IncomingMessage, response: ServerResponse, report: Report, answer: AnswerProblem): false {
  report.refuse();
  const headers = { 'retry-after': '1' };
  answer(request, response, new Problem(overloaded, { parameters: { seconds: 1 }, headers }));
  return false;
}

/** Tells of problems of requests that reach no function. */
const answerWith =
  (writeProblem: WriteProblem): AnswerProblem =>
  ({ url = '/', headers: sent }, response, problem) => {
    const requestId = requestIdFrom(sent['x-request-id'] as string | undefined);
    const [path = '/'] = url.split('?', 1);
    const language = pickLanguage(sent['accept-language']);
    const { status, headers, body } = writeProblem(problem, { path, language, requestId });
    response.writeHead(status, { 'x-request-id': requestId, ...headers }).end(body);
  };
